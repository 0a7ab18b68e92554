"""`python -m demo.camera`, as the demo starts it: a process of its own that others follow through its files."""

import json
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.auth import HTTPDigestAuth

from tests.camera_simulator.conftest import PASSWORD

COMMAND = [sys.executable, "-m", "demo.camera"]
AUDIO = b"\xd5\x2a" * 400


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    return tmp_path / "heard"


@pytest.fixture
def process(photos: Path, heard: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    with start(
        *("--photos", photos, "--username", "guard", "--password-file", secret),
        *("--heard", heard, "--snapshot-ms", 10),
    ) as process:
        yield process
        process.kill()


def visit(process: subprocess.Popen[str]) -> None:
    """Take a picture, move, and play a sound."""
    assert process.stdout
    announcement = process.stdout.readline().strip()
    assert announcement.startswith("camera listening on http://127.0.0.1:")
    cgi = announcement.removeprefix("camera listening on ") + "/cgi-bin/"
    with requests.Session() as session:
        session.auth = HTTPDigestAuth("guard", PASSWORD)
        assert session.get(cgi + "snapshot.cgi", timeout=5).ok
        assert session.get(cgi + "ptz.cgi?action=start&channel=0&code=Up&arg1=0&arg2=1&arg3=0", timeout=5).ok
        headers = {"Content-Type": "Audio/G.711A"}
        url = cgi + "audio.cgi?action=postAudio&httptype=singlepart&channel=1"
        assert session.post(url, AUDIO, headers=headers, timeout=5).ok


def events(heard: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (heard / "events.jsonl").read_text(encoding="utf-8").splitlines()]


def test_it_writes_down_what_happens(process: subprocess.Popen[str], heard: Path) -> None:
    visit(process)
    snapshot, move, started, sound = events(heard)
    assert (snapshot["event"], snapshot["photo"], snapshot["fault"]) == ("snapshot", "first.jpg", None)
    assert (move["event"], move["action"], move["code"], move["ok"]) == ("ptz", "start", "Up", True)
    assert started["event"] == "sound_started"
    assert (sound["event"], sound["file"], sound["complete"]) == ("sound", "sound-0001.wav", True)
    assert snapshot["asked_at"] <= snapshot["at"] <= move["at"] <= started["at"] == sound["first_sound_at"]
    assert sum(size for _, size in sound["arrivals"]) == sound["bytes"] == len(AUDIO)


def test_it_keeps_what_it_heard(process: subprocess.Popen[str], heard: Path) -> None:
    visit(process)
    with wave.open(str(heard / "sound-0001.wav")) as wav:
        assert wav.getnframes() == len(AUDIO)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_at_a_signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    visit(process)
    process.send_signal(number)
    assert process.wait(timeout=5) == 0
    assert process.stderr
    assert process.stderr.read() == ""


def test_the_password_may_come_from_the_environment(photos: Path, heard: Path) -> None:
    with start("--photos", photos, "--username", "guard", "--heard", heard, CAMERA_PASSWORD=PASSWORD) as process:
        visit(process)
        process.terminate()
        assert process.wait(timeout=5) == 0


def test_without_a_password_it_does_not_start(photos: Path, heard: Path) -> None:
    with start("--photos", photos, "--heard", heard, CAMERA_PASSWORD="") as process:
        assert process.wait(timeout=5) == 2
        assert process.stderr
        assert "--password-file" in process.stderr.read()


def test_without_photographs_it_does_not_start(heard: Path, tmp_path: Path) -> None:
    with start("--photos", tmp_path, "--heard", heard, CAMERA_PASSWORD=PASSWORD) as process:
        assert process.wait(timeout=5) == 2
        assert process.stderr
        assert "no *.jpg" in process.stderr.read()
