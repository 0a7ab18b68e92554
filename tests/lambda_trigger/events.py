"""Real payloads, as files in tests/fixtures/events."""

import json
from pathlib import Path
from typing import Any

from lambda_trigger.settings import Settings

FIXTURES = Path(__file__).parent.parent / "fixtures" / "events"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))
TOKEN = "correct-horse"
SKILL = "amzn1.ask.skill.0000"


def event(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def settings(**environment: str) -> Settings:
    return Settings.from_environment(
        {"QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/1/take-picture"} | environment
    )
