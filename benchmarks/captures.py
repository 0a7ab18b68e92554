"""A table full of what a week of presses and a day of watching leave."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.account import client
from demo.program import Entry
from worker.domain.timestamp import iso

CAMERA = "camera"
CAPTURES, BUCKETS = 10_000, 8_640
"""The latter is a day of ten seconds each."""
BATCH = 25
"""DynamoDB's largest."""
SECTIONS = ("back left", "back centre", "back right", "front left", "front centre", "front right")
MOODS = ("HAPPY", "CALM", "SAD", "SURPRISED")


def fill(place: Entry) -> None:
    """A week of presses, and a day that was watched."""
    end = datetime.now(UTC)
    watch = {
        **_key(f"watch/{CAMERA}", capture_id(0)),
        "status": {"S": "ended"},
        "started_at": {"S": iso(end - timedelta(days=1))},
        "ends_at": {"S": iso(end)},
        "ended_at": {"S": iso(end)},
        "end_reason": {"S": "time"},
        "grid": {"S": "3x2"},
        "sections": {"L": [{"S": name} for name in SECTIONS]},
        "calls": {"N": str(2 * BUCKETS)},
        "dollars": {"N": "17.28"},
    }
    records = [record(capture_id(number)) for number in range(CAPTURES)]
    buckets = [bucket(end - timedelta(seconds=10 * number)) for number in range(1, BUCKETS + 1)]
    _write(place, [watch, *records, *buckets])


def _write(place: Entry, items: Sequence[Any]) -> None:
    dynamodb = client(place, "dynamodb")
    for begin in range(0, len(items), BATCH):
        wanted = [{"PutRequest": {"Item": item}} for item in items[begin : begin + BATCH]]
        dynamodb.batch_write_item(RequestItems={place["table"]: wanted})


_BEGUN = datetime.now(UTC)


def capture_id(number: int) -> str:
    """Of a press so many minutes ago."""
    return f"{iso(_BEGUN - timedelta(minutes=number))}#{number:08}"


def record(capture_id: str) -> dict[str, Any]:
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


def bucket(at: datetime) -> dict[str, Any]:
    begin = datetime.fromtimestamp(at.timestamp() // 10 * 10, UTC)
    figures = {"faces": "8", "expected": "8", "facing": "0.8", "smiling": "0.2", "score": "71", "smoothed": "70.5"}
    section = {"level": {"S": "green"}} | {name: {"N": value} for name, value in figures.items()}
    return {
        **_key(f"audience/{CAMERA}", iso(begin)),
        "watch": {"S": capture_id(0)},
        "frames": {"N": "2"},
        "faces": {"N": "48"},
        "mood": {"M": {"CALM": {"N": "30"}, "HAPPY": {"N": "18"}}},
        "sections": {"M": {name: {"M": section} for name in SECTIONS}},
    }


def _key(camera: str, capture_id: str) -> dict[str, Any]:
    return {"camera": {"S": camera}, "capture_id": {"S": capture_id}}
