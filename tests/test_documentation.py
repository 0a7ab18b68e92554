"""README, `.env.example` and code name the same settings, with the same defaults."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from worker.settings import CAMERA_NAME, CAMERA_VARIABLES, CAMERAS_FILE, CameraSettings, WorkerSettings

ROOT = Path(__file__).parent.parent
SETTINGS = {name.upper() for name in WorkerSettings.model_fields} | {
    *CAMERA_VARIABLES.values(),
    CAMERA_NAME,
    CAMERAS_FILE,
}


def in_readme() -> dict[str, str]:
    """Each setting's default as the table has it; empty where it says none in a code span."""
    table = (ROOT / "README.md").read_text().split("## Settings")[1].split("## The record")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    found: dict[str, str] = {}
    for names, defaults in rows:
        settings, values = re.findall(r"`([A-Z_]+)`", names), re.findall(r"`([^`]+)`", defaults)
        found |= {name: values[index] if index < len(values) else "" for index, name in enumerate(settings)}
    return {name: default for name, default in found.items() if not name.startswith("AWS_")}


def in_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    return {name: value for name, value in pairs if not name.startswith("AWS_")}


def in_code() -> dict[str, str]:
    camera = {CAMERA_VARIABLES[name]: field.default for name, field in CameraSettings.model_fields.items()}
    worker = {name.upper(): field.default for name, field in WorkerSettings.model_fields.items()}
    return {name: as_text(name, value) for name, value in {**camera, **worker}.items()}


def as_text(name: str, value: object) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, bool):
        return {True: "on", False: "off"}[value] if name == "SPEECH" else str(value).lower()
    return ",".join(value) if isinstance(value, frozenset) else f"{value:g}" if isinstance(value, float) else str(value)


def test_readme_names_exactly_the_settings_of_the_code() -> None:
    assert set(in_readme()) == SETTINGS


def test_example_names_exactly_the_settings_of_the_code() -> None:
    assert set(in_example()) == SETTINGS


@pytest.mark.parametrize("name", sorted(in_code()))
def test_readme_and_example_tell_the_default_of(name: str) -> None:
    assert (in_code()[name], in_code()[name]) == (in_readme()[name], in_example()[name])
