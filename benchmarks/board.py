"""Measure 9: the screens: at rest, with thirty viewers, with ten thousand captures; and a press beside them."""

import http.client
import random
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Self
from urllib.parse import quote, urlsplit

import boto3

from benchmarks.figures import Chapter, Figure
from benchmarks.private import KEYS
from benchmarks.rig import camera_table
from benchmarks.usage import cpu_seconds, memory_mb, program, seconds_to_stop
from demo.program import PATIENCE_SECONDS, Entry, Program

CAMERA = "camera"
VIEWERS = 30
SETTLE_SECONDS = 5
IDLE_SECONDS, WATCHED_SECONDS = 60, 60
CAPTURES, BUCKETS = 10_000, 8_640
"""The latter is a day of ten seconds each."""
BATCH = 25
"""DynamoDB's largest."""
LATER = 5
SECTIONS = ("back left", "back centre", "back right", "front left", "front centre", "front right")
MOODS = ("HAPPY", "CALM", "SAD", "SURPRISED")


def board(repeats: int) -> list[Chapter]:
    with _cloud() as (place, folder):
        rss, pss, idle_cpu = _at_rest(place, folder)
        delays = _record_to_page(place, folder, repeats * 8)
        viewers_cpu, viewers_rss = _viewers(place, folder)
        stops = [_stop(place, folder) for _ in range(repeats)]
    with _cloud() as (place, folder):
        _fill(place)
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
    return [Chapter("9. The screens", figures)]


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
    dynamodb, delays = _client(place, "dynamodb"), []
    with _board(place, folder) as (_, address), _Viewer(address) as viewer:
        for _ in range(count):
            time.sleep(random.random() * 2)  # noqa: S311 - no secret
            capture_id = f"{_iso(datetime.now(UTC))}#{random.randrange(10**9)}"  # noqa: S311 - the same
            dynamodb.put_item(TableName=place["table"], Item=_record(capture_id))
            written = time.monotonic()
            delays.append(viewer.wait_for(capture_id) - written)
    return delays


def _viewers(place: Entry, folder: Path) -> tuple[float, float]:
    """Percent of a core, while a record comes every two seconds and a bucket every ten; RSS in MB."""
    dynamodb = _client(place, "dynamodb")
    with _board(place, folder) as (process, address), _many(address):
        time.sleep(SETTLE_SECONDS)
        before, began = cpu_seconds(process), time.monotonic()
        for second in range(0, WATCHED_SECONDS, 2):
            now = datetime.now(UTC)
            dynamodb.put_item(TableName=place["table"], Item=_record(f"{_iso(now)}#{second}"))
            if not second % 10:
                dynamodb.put_item(TableName=place["table"], Item=_bucket(now))
            time.sleep(max(0.0, began + second + 2 - time.monotonic()))
        return 100 * (cpu_seconds(process) - before) / (time.monotonic() - began), memory_mb(process)[0]


def _stop(place: Entry, folder: Path) -> float:
    with _board(place, folder) as (process, address), _many(address):
        return seconds_to_stop(process)


def _pages(place: Entry, folder: Path) -> tuple[dict[str, float], dict[str, list[float]]]:
    """Milliseconds of the first answer of each page, and of the later ones."""
    newest = quote(_capture_id(0), safe="")
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
    sqs = _client(place, "sqs")
    url = sqs.get_queue_url(QueueName=place["queue"])["QueueUrl"]
    found: tuple[list[float], list[float]] = ([], [])
    with (
        program("benchmarks.camera", environment={}, folder=folder) as camera,
        _worker(place, folder, camera) as worker,
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
def _board(place: Entry, folder: Path) -> Iterator[tuple[Program, str]]:
    settings = {"BOARD_AUTH": "none", "BOARD_PORT": "0", "DATA_DIR": str(folder / "board")}
    with program("board", environment=_settings(place) | settings, folder=folder) as process:
        yield process, str(process.wait_for("the board is open")[0]["address"])


@contextmanager
def _worker(place: Entry, folder: Path, camera: Program) -> Iterator[Program]:
    camera.wait_for("ready")
    (folder / "cameras.toml").write_text(camera_table(CAMERA, camera, nod=True, lens="snapshot"), encoding="utf-8")
    settings = {"CAMERAS_FILE": str(folder / "cameras.toml"), "DATA_DIR": str(folder / "data"), "CAMERA_NAME": ""}
    with program("worker", environment=_settings(place) | settings, folder=folder) as worker:
        worker.wait_for("the camera answers")
        worker.wait_for("the voice is ready")
        yield worker
        worker.stop()


def _settings(place: Entry) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": str(place["endpoint"]),
        "AWS_REGION": str(place["region"]),
        **KEYS,
        "QUEUE_NAME": str(place["queue"]),
        "BUCKET_NAME": str(place["bucket"]),
        "TABLE_NAME": str(place["table"]),
        "CAMERA_NAME": CAMERA,
        "LOG_FORMAT": "json",
    }


def _timed(address: str, path: str) -> float:
    """Milliseconds until the whole answer is there."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
    began = time.monotonic()
    connection.request("GET", f"/{path}")
    connection.getresponse().read()
    took = (time.monotonic() - began) * 1000
    connection.close()
    return took


def _fill(place: Entry) -> None:
    """A week of presses, and a day that was watched."""
    end = datetime.now(UTC)
    watch = {
        **_key(f"watch/{CAMERA}", _capture_id(0)),
        "status": {"S": "ended"},
        "started_at": {"S": _iso(end - timedelta(days=1))},
        "ends_at": {"S": _iso(end)},
        "ended_at": {"S": _iso(end)},
        "end_reason": {"S": "time"},
        "grid": {"S": "3x2"},
        "sections": {"L": [{"S": name} for name in SECTIONS]},
        "calls": {"N": str(2 * BUCKETS)},
        "dollars": {"N": "17.28"},
    }
    records = [_record(_capture_id(number)) for number in range(CAPTURES)]
    buckets = [_bucket(end - timedelta(seconds=10 * number)) for number in range(1, BUCKETS + 1)]
    _write(place, [watch, *records, *buckets])


def _write(place: Entry, items: Sequence[Any]) -> None:
    dynamodb = _client(place, "dynamodb")
    for begin in range(0, len(items), BATCH):
        wanted = [{"PutRequest": {"Item": item}} for item in items[begin : begin + BATCH]]
        dynamodb.batch_write_item(RequestItems={place["table"]: wanted})


_BEGUN = datetime.now(UTC)


def _capture_id(number: int) -> str:
    """Of a press so many minutes ago."""
    return f"{_iso(_BEGUN - timedelta(minutes=number))}#{number:08}"


def _record(capture_id: str) -> dict[str, Any]:
    """A press that has ended, with two faces."""
    mood = MOODS[hash(capture_id) % len(MOODS)]
    rated = {name: {"N": f"{97 if name == mood else 1}"} for name in MOODS}
    box = {name: {"N": "0.25"} for name in ("left", "top", "width", "height")}
    face = {"M": {"box": {"M": box}, "emotion": {"S": mood}, "confidence": {"N": "97"}, "emotions": {"M": rated}}}
    timings = {"queue": "40", "snapshot": "400", "faces": "300", "store": "120", "speech_start": "720", "total": "2600"}
    at = capture_id.partition("#")[0]
    return {
        **_key(CAMERA, capture_id),
        "status": {"S": "completed"},
        "pressed_at": {"S": at},
        "taken_at": {"S": at},
        "completed_at": {"S": at},
        "faces": {"L": [face, face]},
        "face_count": {"N": "2"},
        "top_emotion": {"S": mood},
        "top_confidence": {"N": "97"},
        "mood": {"M": {mood: {"N": "2"}}},
        "said": {"S": f"I see 2 people. The most common look is {mood.lower()}."},
        "speech": {"S": "spoken"},
        "timings_ms": {"M": {name: {"N": value} for name, value in timings.items()}},
    }


def _bucket(at: datetime) -> dict[str, Any]:
    begin = datetime.fromtimestamp(at.timestamp() // 10 * 10, UTC)
    figures = {"faces": "8", "expected": "8", "facing": "0.8", "smiling": "0.2", "score": "71", "smoothed": "70.5"}
    section = {"level": {"S": "green"}} | {name: {"N": value} for name, value in figures.items()}
    return {
        **_key(f"audience/{CAMERA}", _iso(begin)),
        "watch": {"S": _capture_id(0)},
        "frames": {"N": "2"},
        "faces": {"N": "48"},
        "mood": {"M": {"CALM": {"N": "30"}, "HAPPY": {"N": "18"}}},
        "sections": {"M": {name: {"M": section} for name in SECTIONS}},
    }


def _key(camera: str, capture_id: str) -> dict[str, Any]:
    return {"camera": {"S": camera}, "capture_id": {"S": capture_id}}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _client(place: Entry, service: str) -> Any:
    make: Any = boto3.client
    keys = {key.lower(): value for key, value in KEYS.items()}
    return make(service, endpoint_url=place["endpoint"], region_name=place["region"], **keys)
