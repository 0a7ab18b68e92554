"""Measure 8: ten minutes of watching a hall, and presses while it is watched; with the local cloud."""

import json
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.account import client, queue_url, ready_worker
from benchmarks.figures import Chapter, Figure
from benchmarks.usage import cpu_seconds, memory_mb, program
from demo.program import Entry, Program

WATCH_SECONDS = 5
WATCHED_SECONDS = 600
SETTLED_SECONDS = 60
"""Until the sections are calibrated and everything has been imported."""
REST_SECONDS = 2.0


def watch(repeats: int) -> list[Chapter]:
    with _rig("--hall") as (camera, place, folder):
        frames, growth, cpu = _ten_minutes(folder, camera, place)
    with _rig() as (camera, place, folder):
        ratios = _presses(folder, camera, place, repeats * 6)
    figures = [
        Figure("frames missed in ten minutes, one every 5 s", [frames], "%", at_most=2.0),
        Figure("RSS after ten minutes / after one", [growth], at_most=1.05),
        Figure("CPU while watching, one core", [cpu], "%", at_most=10.0),
        Figure("press to first sound / snapshot + faces, in a watch", ratios, at_most=1.10),
    ]
    return [Chapter("8. A watch", figures)]


def _ten_minutes(folder: Path, camera: Program, place: Entry) -> tuple[float, float, float]:
    """Percent of frames missed, memory's growth, percent of a core."""
    with _watching(folder, camera, place) as worker:
        time.sleep(SETTLED_SECONDS)
        soon, cpu, began = memory_mb(worker)[0], cpu_seconds(worker), time.time()
        time.sleep(WATCHED_SECONDS)
        late, used, ended = memory_mb(worker)[0], cpu_seconds(worker) - cpu, time.time()
        frames = sum(int(bucket["frames"]["N"]) for bucket in _buckets(place, began, ended))
    # Whole buckets only.
    expected = (WATCHED_SECONDS // 10 - 1) * 10 / WATCH_SECONDS
    return 100 * max(0.0, 1 - frames / expected), late / soon, 100 * used / (ended - began)


def _presses(folder: Path, camera: Program, place: Entry, count: int) -> list[float]:
    """Each over its own snapshot and faces."""
    ratios = []
    with _watching(folder, camera, place) as worker:
        for number in range(count):
            time.sleep(REST_SECONDS + random.random() * WATCH_SECONDS)  # noqa: S311 - no secret
            mark, at = camera.mark, len(worker.entries)
            pressed_at = _send(place, "TakePicture")
            sound = camera.wait_for("SoundStarted", since=mark)[0]
            worker.wait_for("done", count=number + 2)
            steps = {entry["step"]: entry["ms"] for entry in worker.entries[at:] if entry["event"] == "step"}
            ratios.append((float(sound["at"]) - pressed_at) * 1000 / (steps["snapshot"] + steps["faces"]))
    return ratios


@contextmanager
def _rig(*options: str) -> Iterator[tuple[Program, Entry, Path]]:
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        with (
            program("benchmarks.camera", *options, environment={}, folder=folder) as camera,
            program("localcloud", environment={}, folder=folder) as cloud,
        ):
            camera.wait_for("ready")
            yield camera, cloud.wait_for_document("endpoint"), folder


@contextmanager
def _watching(folder: Path, camera: Program, place: Entry) -> Iterator[Program]:
    settings = {"WATCH": "on", "WATCH_SECONDS": str(WATCH_SECONDS)}
    with ready_worker(folder, camera, place, "snapshot", **settings) as worker:
        _send(place, json.dumps({"command": "StartWatching", "minutes": 60}))
        # The announcement is over with it.
        worker.wait_for("done")
        yield worker


def _send(place: Entry, body: str) -> float:
    """The moment before it is on the queue."""
    sqs, url = client(place, "sqs"), queue_url(place)
    at = time.time()
    sqs.send_message(QueueUrl=url, MessageBody=body)
    return at


def _buckets(place: Entry, began: float, ended: float) -> list[Mapping[str, Any]]:
    """Those that lie wholly between the two, in epoch seconds."""
    first, last = (time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at)) for at in (began, ended - 10))
    answer = client(place, "dynamodb").query(
        TableName=place["table"],
        KeyConditionExpression="camera = :camera AND capture_id BETWEEN :first AND :last",
        ExpressionAttributeValues={
            ":camera": {"S": "audience/camera"},
            ":first": {"S": first},
            ":last": {"S": last},
        },
    )
    found: list[Mapping[str, Any]] = answer["Items"]
    return found[-(WATCHED_SECONDS // 10 - 1) :]
