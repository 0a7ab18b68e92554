"""What a person reads who starts the worker with wrong settings."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from worker.commands.cli import main

SECRET = "hunter2-secret"
ENOUGH = {
    "AWS_REGION": "eu-west-1",
    "BUCKET_NAME": "photos",
    "TABLE_NAME": "records",
    "CAMERA_HOST": "192.0.2.7",
    "CAMERA_PASSWORD": SECRET,
}

Lines = Callable[[Mapping[str, str]], list[str]]
Complaints = Callable[[Mapping[str, str]], dict[str, str]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Lines:
    """Starts the daemon with one mistake at least; what it says, a line each, and nothing of the secret."""
    monkeypatch.chdir(tmp_path)

    def start(environ: Mapping[str, str]) -> list[str]:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        assert main(["run"]) == 2
        said = capsys.readouterr().err
        assert SECRET not in said
        heading, *mistakes = said.splitlines()
        assert heading == "The settings cannot be used:"
        assert all(mistake.startswith("  ") for mistake in mistakes)
        return [mistake.strip() for mistake in mistakes]

    return start


@pytest.fixture
def complaints(lines: Lines) -> Complaints:
    """The same by setting, each of which has one line."""

    def start(environ: Mapping[str, str]) -> dict[str, str]:
        found = lines(environ)
        by_name = dict(line.split(": ", 1) for line in found)
        assert len(by_name) == len(found)
        return by_name

    return start
