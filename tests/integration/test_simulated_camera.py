"""`python -m demo.camera`, as the demo starts it: a process of its own that others follow through its files."""

import json
import os
import re
import signal
import socket
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.auth import HTTPDigestAuth

from demo.program import Program
from tests.camera_simulator.conftest import PASSWORD, photos
from tests.support.host import CHECKOUT

__all__ = ["photos"]

AUDIO = b"\xd5\x2a" * 400


def camera(folder: Path, *arguments: object, **environment: str) -> Program:
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), **environment}
    return Program("demo.camera", *map(str, arguments), environment=surroundings, folder=folder)


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    return tmp_path / "heard"


@pytest.fixture
def program(photos: Path, heard: Path, tmp_path: Path) -> Iterator[Program]:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    with camera(
        tmp_path,
        *("--photos", photos, "--username", "guard", "--password-file", secret),
        *("--heard", heard, "--snapshot-ms", 10),
    ) as program:
        yield program


def visit(program: Program) -> None:
    """Take a picture, move, and play a sound."""
    announcement = program.wait_for_line("camera listening on http://127.0.0.1:").strip()
    cgi = announcement.removeprefix("camera listening on ") + "/cgi-bin/"
    with requests.Session() as session:
        session.auth = HTTPDigestAuth("guard", PASSWORD)
        assert session.get(cgi + "snapshot.cgi", timeout=60).ok
        assert session.get(cgi + "ptz.cgi?action=start&channel=0&code=Up&arg1=0&arg2=1&arg3=0", timeout=60).ok
        headers = {"Content-Type": "Audio/G.711A"}
        url = cgi + "audio.cgi?action=postAudio&httptype=singlepart&channel=1"
        assert session.post(url, AUDIO, headers=headers, timeout=60).ok


def events(heard: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (heard / "events.jsonl").read_text(encoding="utf-8").splitlines()]


def test_it_writes_down_what_happens(program: Program, heard: Path) -> None:
    visit(program)
    snapshot, move, started, sound = events(heard)
    assert (snapshot["event"], snapshot["photo"], snapshot["fault"]) == ("snapshot", "first.jpg", None)
    assert (move["event"], move["action"], move["code"], move["ok"]) == ("ptz", "start", "Up", True)
    assert started["event"] == "sound_started"
    assert (sound["event"], sound["file"], sound["complete"]) == ("sound", "sound-0001.wav", True)
    assert snapshot["asked_at"] <= snapshot["at"] <= move["at"] <= started["at"] == sound["first_sound_at"]
    assert sum(size for _, size in sound["arrivals"]) == sound["bytes"] == len(AUDIO)


def test_it_keeps_what_it_heard(program: Program, heard: Path) -> None:
    visit(program)
    with wave.open(str(heard / "sound-0001.wav")) as wav:
        assert wav.getnframes() == len(AUDIO)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_at_a_signal(program: Program, number: signal.Signals) -> None:
    visit(program)
    program.signal(number)
    assert program.wait() == 0
    assert len(program.output.splitlines()) == 1


def test_the_password_may_come_from_the_environment(photos: Path, heard: Path, tmp_path: Path) -> None:
    options = ("--photos", photos, "--username", "guard", "--heard", heard)
    with camera(tmp_path, *options, CAMERA_PASSWORD=PASSWORD) as program:
        visit(program)
        assert program.stop() == 0


def test_without_a_password_it_does_not_start(photos: Path, heard: Path, tmp_path: Path) -> None:
    with camera(tmp_path, "--photos", photos, "--heard", heard, CAMERA_PASSWORD="") as program:
        assert program.wait() == 2
    assert "--password-file" in program.output


def test_without_photographs_it_does_not_start(heard: Path, tmp_path: Path) -> None:
    with camera(tmp_path, "--photos", tmp_path, "--heard", heard, CAMERA_PASSWORD=PASSWORD) as program:
        assert program.wait() == 2
    assert "no *.jpg" in program.output


def test_with_a_film_it_names_the_address_of_its_stream_without_the_password(photos: Path, tmp_path: Path) -> None:
    film = ("--film", "--size", "320x180", "--fps", 30, "--bit-rate", 400_000, "--codec", "h265", "--b-frames", 1)
    arguments = ("--photos", photos, "--heard", tmp_path / "heard", *film)
    with camera(tmp_path, *arguments, CAMERA_PASSWORD=PASSWORD) as program:
        url = program.wait_for_line("camera streaming on rtsp://").strip().removeprefix("camera streaming on ")
        assert re.fullmatch(r"rtsp://127\.0\.0\.1:[0-9]+/cam/realmonitor\?channel=1&subtype=0", url)
        port = int(url.split(":")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(f"DESCRIBE {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
            assert line.recv(1024).startswith(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Digest ")
        program.wait_for_line("camera listening on http://127.0.0.1:")


def test_a_film_that_no_camera_can_make_is_an_error(photos: Path, tmp_path: Path) -> None:
    arguments = ("--photos", photos, "--heard", tmp_path / "heard", "--film", "--size", "321x180")
    with camera(tmp_path, *arguments, CAMERA_PASSWORD=PASSWORD) as program:
        assert program.wait() == 2
    assert "even, 160 to 4096 pixels" in program.output
