"""Measure 10: the screens: at rest, with thirty viewers, with ten thousand captures; and a press beside them."""

import http.client
import random
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Self
from urllib.parse import quote, urlsplit

from benchmarks.account import client, queue_url, ready_worker, settings_of
from benchmarks.captures import CAMERA, CAPTURES, bucket, capture_id, fill, record
from benchmarks.figures import Chapter, Figure
from benchmarks.usage import cpu_seconds, memory_mb, program, seconds_to_stop
from demo.program import PATIENCE_SECONDS, Entry, Program
from worker.domain.timestamp import iso

VIEWERS = 30
SETTLE_SECONDS = 5
IDLE_SECONDS, WATCHED_SECONDS = 60, 60
LATER = 5


def board(repeats: int) -> list[Chapter]:
    with _cloud() as (place, folder):
        rss, pss, idle_cpu = _at_rest(place, folder)
        delays = _record_to_page(place, folder, repeats * 8)
        viewers_cpu, viewers_rss = _viewers(place, folder)
        stops = [_stop(place, folder) for _ in range(repeats)]
    with _cloud() as (place, folder):
        fill(place)
        first, later = _pages(place, folder)
    with _cloud() as (place, folder):
        alone, beside = _presses(place, folder, repeats * 4)
    figures = [
        Figure("at rest, RSS", [rss], "MB", at_most=80),
        Figure("at rest, PSS", [pss], "MB"),
        Figure(f"at rest: CPU over {IDLE_SECONDS} s, one core", [idle_cpu], "%", at_most=1.0),
        Figure("record to page", delays, "s", at_most=1.0),
        Figure("record to page, the slowest", [max(delays)], "s", at_most=1.5),
        Figure(f"CPU with {VIEWERS} viewers, one core", [viewers_cpu], "%", at_most=5.0),
        Figure(f"RSS with {VIEWERS} viewers", [viewers_rss], "MB"),
        Figure(f"SIGTERM with {VIEWERS} viewers", stops, "s", at_most=1.0),
        *(Figure(f"{CAPTURES:,} captures: {name}, first", [took], "ms", at_most=300) for name, took in first.items()),
        *(Figure(f"{CAPTURES:,} captures: {name}, later", took, "ms", at_most=300) for name, took in later.items()),
        Figure("press to first sound, nobody looks", alone, "ms"),
        Figure(f"press to first sound, {VIEWERS} viewers", beside, "ms"),
        Figure(
            "press to first sound, viewers / nobody",
            [with_viewers / without for with_viewers, without in zip(sorted(beside), sorted(alone), strict=True)],
            at_most=1.05,
        ),
    ]
    return [Chapter("10. The screens", figures)]


def _at_rest(place: Entry, folder: Path) -> tuple[float, float, float]:
    """RSS, PSS, percent of a core."""
    with _board(place, folder) as (process, _):
        time.sleep(SETTLE_SECONDS)
        before = cpu_seconds(process)
        time.sleep(IDLE_SECONDS)
        used = cpu_seconds(process) - before
        return *memory_mb(process), 100 * used / IDLE_SECONDS


def _record_to_page(place: Entry, folder: Path, count: int) -> list[float]:
    """From the moment a record is in the table until the page is told of it."""
    dynamodb, delays = client(place, "dynamodb"), []
    with _board(place, folder) as (_, address), _Viewer(address) as viewer:
        for _ in range(count):
            time.sleep(random.random() * 2)  # noqa: S311 - no secret
            capture_id = f"{iso(datetime.now(UTC))}#{random.randrange(10**9)}"  # noqa: S311 - the same
            dynamodb.put_item(TableName=place["table"], Item=record(capture_id))
            written = time.monotonic()
            delays.append(viewer.wait_for(capture_id) - written)
    return delays


def _viewers(place: Entry, folder: Path) -> tuple[float, float]:
    """Percent of a core, while a record comes every two seconds and a bucket every ten; RSS in MB."""
    dynamodb = client(place, "dynamodb")
    with _board(place, folder) as (process, address), _many(address):
        time.sleep(SETTLE_SECONDS)
        before, began = cpu_seconds(process), time.monotonic()
        for second in range(0, WATCHED_SECONDS, 2):
            now = datetime.now(UTC)
            dynamodb.put_item(TableName=place["table"], Item=record(f"{iso(now)}#{second}"))
            if not second % 10:
                dynamodb.put_item(TableName=place["table"], Item=bucket(now))
            time.sleep(max(0.0, began + second + 2 - time.monotonic()))
        return 100 * (cpu_seconds(process) - before) / (time.monotonic() - began), memory_mb(process)[0]


def _stop(place: Entry, folder: Path) -> float:
    with _board(place, folder) as (process, address), _many(address):
        return seconds_to_stop(process)


def _pages(place: Entry, folder: Path) -> tuple[dict[str, float], dict[str, list[float]]]:
    """Milliseconds of the first answer of each page, and of the later ones."""
    newest = quote(capture_id(0), safe="")
    pages = {
        "gallery": "",
        "gallery of a mood": "?mood=SAD",
        "capture": f"captures/{CAMERA}/{newest}",
        "monitor": f"monitor/{CAMERA}",
        "history": "history?days=7",
        "watch": f"history/watch/{CAMERA}/{newest}",
        "billboard": f"billboard/{CAMERA}",
        "api/captures": "api/captures?limit=100",
        "api/watch": f"api/watch/{CAMERA}",
    }
    with _board(place, folder) as (_, address):
        first = {name: _timed(address, path) for name, path in pages.items()}
        time.sleep(SETTLE_SECONDS)
        return first, {name: [_timed(address, path) for _ in range(LATER)] for name, path in pages.items()}


def _presses(place: Entry, folder: Path, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds to the first sound: with a board that nobody looks at, and with its viewers, in turns."""
    sqs, url = client(place, "sqs"), queue_url(place)
    found: tuple[list[float], list[float]] = ([], [])
    with (
        _camera(folder) as camera,
        ready_worker(folder, camera, place, "snapshot") as worker,
        _board(place, folder) as (_, address),
    ):
        _press(sqs, url, camera, worker)
        for number in range(2 * count):
            with ExitStack() as looking:
                if number % 2:
                    looking.enter_context(_many(address))
                    time.sleep(1)
                found[number % 2].append(_press(sqs, url, camera, worker))
    return found


def _press(sqs: Any, url: str, camera: Program, worker: Program) -> float:
    time.sleep(1 + random.random())  # noqa: S311 - no secret
    mark, at = camera.mark, worker.mark
    pressed_at = time.time()
    sqs.send_message(QueueUrl=url, MessageBody="TakePicture")
    sound = camera.wait_for("SoundStarted", since=mark)[0]
    worker.wait_for("done", since=at)
    return (float(sound["at"]) - pressed_at) * 1000


class _Viewer:
    """Follows all events of a board on a thread of its own; it ends with the board, or when it is closed."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
        self._told: list[tuple[float, str]] = []
        self._thread = Thread(target=self._listen, name="viewer")

    def __enter__(self) -> Self:
        self._connection.request("GET", "/api/events")
        # An answer that ends with its connection takes the socket along.
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # The board may have hung up already; who reads holds a lock that closing would wait for.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE_SECONDS)
        self._answer.close()
        self._connection.close()

    def wait_for(self, words: str) -> float:
        """The moment, by the monotonic clock, at which something with these `words` was told."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for at, line in list(self._told):
                if words in line:
                    return at
            time.sleep(0.005)
        raise TimeoutError(f"nobody was told of {words}")

    def _listen(self) -> None:
        try:
            while line := self._answer.readline():
                self._told.append((time.monotonic(), line.decode()))
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            """Closed."""


@contextmanager
def _many(address: str) -> Iterator[None]:
    with ExitStack() as viewers:
        for _ in range(VIEWERS):
            viewers.enter_context(_Viewer(address))
        yield


@contextmanager
def _cloud() -> Iterator[tuple[Entry, Path]]:
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        with program("localcloud", environment={}, folder=folder) as cloud:
            yield cloud.wait_for_document("endpoint"), folder


@contextmanager
def _camera(folder: Path) -> Iterator[Program]:
    with program("benchmarks.camera", environment={}, folder=folder) as camera:
        camera.wait_for("ready")
        yield camera


@contextmanager
def _board(place: Entry, folder: Path) -> Iterator[tuple[Program, str]]:
    settings = {"CAMERA_NAME": CAMERA, "BOARD_AUTH": "none", "BOARD_PORT": "0", "DATA_DIR": str(folder / "board")}
    with program("board", environment=settings_of(place) | settings, folder=folder) as process:
        yield process, str(process.wait_for("the board is open")[0]["address"])


def _timed(address: str, path: str) -> float:
    """Milliseconds until the whole answer is there."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
    began = time.monotonic()
    connection.request("GET", f"/{path}")
    connection.getresponse().read()
    took = (time.monotonic() - began) * 1000
    connection.close()
    return took
