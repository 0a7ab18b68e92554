"""Real payloads, as files in tests/fixtures/events."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from lambda_trigger.settings import Settings

FIXTURES = Path(__file__).parent.parent / "fixtures" / "events"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))
TOKEN = "correct-horse"
SKILL = "amzn1.ask.skill.0000"


def event(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def trace(began: datetime) -> str:
    """_X_AMZN_TRACE_ID of an invocation that nobody traces."""
    root = f"1-{int(began.timestamp()):08x}-bd862e3fe1be46a994272793"
    return f"Root={root};Parent=557abcec3ee5a047;Sampled=0;Lineage=1:0a1b2c3d:0"


def settings(**environment: str) -> Settings:
    return Settings.from_environment(
        {"QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/1/take-picture"} | environment
    )
