"""`python -m demo` as `make demo` runs it, in a session of its own so that nothing it starts escapes the tests."""

import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import IO

import av
import boto3
import pytest
import requests
from PIL import Image

from demo.__main__ import command
from demo.camera.stream.film import Film
from demo.cloud import aws_settings
from demo.heard import loudness
from demo.program import PATIENCE_SECONDS
from demo.rig import PHOTOS
from demo.triggers import TRIGGERS
from tests.support.local_cloud import local_cloud
from worker.domain.sections import read_grid

UNWELCOME = {"AWS_PROFILE": "nobody", "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:9", "CAMERAS_FILE": "/nowhere"}
"""Settings of one's own that must play no part."""

PRESSED_BY = {
    "1-Click button": ("1-click", "G030PM0123456789", "SINGLE"),
    "IoT Button": ("iot-button", "G030JF0123456789", "DOUBLE"),
    "webhook": ("webhook", None, None),
}
"""Source, device and click in the record."""


@pytest.fixture
def arguments() -> list[str]:
    return []


@pytest.fixture
def demo(arguments: list[str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "demo", "--output", str(tmp_path / "out"), *arguments],
        env=os.environ | UNWELCOME | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            for member in session(process):
                with suppress(ProcessLookupError):
                    os.kill(member, signal.SIGKILL)


def session(leader: subprocess.Popen[str]) -> list[int]:
    """The processes of its session that are alive."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, member_of = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if state != "Z" and int(member_of) == leader.pid:
            alive.append(int(stat.parent.name))
    return alive


def output_of(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def read_until(process: subprocess.Popen[str], words: str) -> str:
    for line in output_of(process):
        if words in line:
            return line
    raise AssertionError(f"it never said {words!r}")


@pytest.mark.parametrize("arguments", [[], ["--language", "de"]], ids=["English", "German"])
def test_every_press_is_told_and_kept_and_an_audience_watched(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    told = output_of(demo).read()
    assert demo.wait(PATIENCE_SECONDS) == 0, told
    assert session(demo) == []
    photos = sorted(photo.stem for photo in PHOTOS.glob("*.jpg"))
    assert len(photos) >= len(TRIGGERS) == len(PRESSED_BY)
    for number, (name, trigger) in enumerate(zip(photos, cycle(TRIGGERS), strict=False), start=1):
        kept = tmp_path / "out" / f"{number}-{name}"
        record = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
        assert (record["status"], record["speech"]) == ("completed", "spoken")
        assert f"{number:>5}    0.00 s  pressed    by {trigger}\n" in told
        assert tuple(map(record.get, ("source", "device", "click"))) == PRESSED_BY[trigger]
        assert f'completed, spoken  "{record["said"]}"' in told
        assert loudness(kept.with_suffix(".wav")) > 1000
        with Image.open(kept.with_suffix(".jpg")) as picture, Image.open(PHOTOS / f"{name}.jpg") as photo:
            assert picture.size == photo.size
    moment, clip = (tmp_path / "out" / name for name in ("5-the-stream", "6-clip"))
    with Image.open(moment.with_suffix(".jpg")) as picture:
        assert picture.size == Film().size
    assert json.loads(clip.with_suffix(".json").read_text(encoding="utf-8"))["video"] == "complete"
    with av.open(str(clip.with_suffix(".mp4"))) as container:
        assert sum(1 for _ in container.decode(video=0)) >= 2 * Film().fps
    assert "Everybody in front left turns away" in told
    assert "✖ Away" in told.partition("turns away")[2]
    shares = dict(re.findall(r"^  (\w+ \w+) +((?:\w+ \d+ %(?:, )?)+)$", told, re.MULTILINE))
    assert {name for name in read_grid("3x2").names if "red" in shares[name]} == {"front left"}
    assert all("green" in levels for levels in shares.values())
    assert "\x1b" not in told
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_its_screens_show_what_was_pressed(demo: subprocess.Popen[str]) -> None:
    line = read_until(demo, "See it in a browser")
    ended = read_until(demo, "completed, spoken")
    (board,) = re.findall(r"browser: (http://127\.0\.0\.1:\d+/)", line)
    [capture] = requests.get(f"{board}api/captures", timeout=PATIENCE_SECONDS).json()["captures"][-1:]
    assert f'"{capture["said"]}"' in ended
    photo = requests.get(board + capture["photo"], timeout=PATIENCE_SECONDS)
    with Image.open(BytesIO(photo.content)) as picture:
        assert picture.format == "JPEG"


@pytest.mark.parametrize("arguments", [["--language", "ja"]])
def test_a_language_without_a_voice_is_refused_before_it_begins(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    assert "no voice on this machine speaks ja" in output_of(demo).read()
    assert demo.wait(PATIENCE_SECONDS) == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("moment", ["camera is ready", "snapshot"])
def test_ctrl_c_leaves_nothing_behind(demo: subprocess.Popen[str], tmp_path: Path, moment: str) -> None:
    read_until(demo, moment)
    demo.send_signal(signal.SIGINT)
    assert output_of(demo).read().endswith("Stopped (Interrupt); nothing is left running.\n")
    assert demo.wait(PATIENCE_SECONDS) == 130
    assert session(demo) == []
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_a_process_that_ends_early_is_the_cause(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    read_until(demo, "camera is ready")
    (camera,) = [member for member in session(demo) if "--film" in command_line(member)]
    os.kill(camera, signal.SIGKILL)
    told = output_of(demo).read()
    assert demo.wait(PATIENCE_SECONDS) == 1
    assert "Not all right: the camera ended by SIGKILL" in told
    assert f"{tmp_path}/out/*.log" in told
    assert session(demo) == []


def test_killed_outright_it_takes_its_processes_along(demo: subprocess.Popen[str]) -> None:
    read_until(demo, "camera is ready")
    processes = [os.pidfd_open(member) for member in session(demo) if member != demo.pid]
    assert len(processes) >= 2
    demo.kill()
    for process in processes:
        assert select.select([process], [], [], PATIENCE_SECONDS)[0] == [process]
        os.close(process)


def test_the_command_to_press_again_works_anywhere(tmp_path: Path) -> None:
    with local_cloud(folder=tmp_path, region="eu-west-1") as program:
        _press_again(program.wait_for_document("endpoint"), tmp_path)


def _press_again(cloud: dict[str, str], folder: Path) -> None:
    pressed = subprocess.run(
        ["/bin/sh", "-c", command(aws_settings(cloud), cloud, "press")],
        cwd=folder,
        env=os.environ | {"AWS_PROFILE": "nobody", "HTTP_PROXY": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert pressed.stdout.startswith("queued "), pressed.stderr
    sqs = boto3.Session("any", "any", region_name=cloud["region"]).client("sqs", endpoint_url=cloud["endpoint"])
    queue = sqs.get_queue_url(QueueName=cloud["queue"])["QueueUrl"]
    assert [message["Body"] for message in sqs.receive_message(QueueUrl=queue)["Messages"]] == ["TakePicture"]
    sqs.close()


def command_line(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")
