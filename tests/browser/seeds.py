"""What lies in the table and the bucket before anybody looks: records as docs/record.md has them, and photos."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from tests.board.watched import a_watch, scored
from tests.support.account import Account, Item
from tests.support.site import PHOTOS
from worker.domain.timestamp import iso

_WRITTEN = TypeSerializer().serialize
BUCKET_SECONDS = 10

GERMAN_NAMES = (
    "Hinterste Zuschauertribünenreihe links",
    "Rollstuhlfahrerinnenstellplätze",
    "Kurzsichtigenvorzugssitzplätze Mitte",
    "Donaudampfschifffahrtsgesellschaftsloge",
    "Fensterseite",
    "Notausgangstürnachbarschaft hinten",
)
"""Of up to 40 characters, as WATCH_SECTIONS allows; the words themselves are as long as a line of some tiles."""
LONG_SENTENCE = "Ich sehe vier Personen. Der häufigste Gesichtsausdruck ist vermutlich Überraschung. " * 4
GROUP = [
    {"left": 0.60, "top": 0.23, "width": 0.14, "height": 0.24},
    {"left": 0.43, "top": 0.24, "width": 0.13, "height": 0.22},
    {"left": 0.27, "top": 0.30, "width": 0.12, "height": 0.21},
]
"""About where the faces of group-of-three.jpg are."""
SCORES = {"green": 72.0, "yellow": 50.0, "red": 25.0, "too_few": None}
"""What brings a section to a level."""
_LEAST = {"green": 60.0, "yellow": 40.0, "red": 0.0}


def put(account: Account, item: Item) -> Item:
    """Write it as the worker would; numbers are stored as DynamoDB has them."""
    plain = json.loads(json.dumps(item, default=float), parse_float=Decimal)
    account.dynamodb.put_item(
        TableName=account.resources.table, Item={name: _WRITTEN(value) for name, value in plain.items()}
    )
    return item


def capture(camera: str, pressed_at: datetime, press_id: str = "seeded", **attributes: Any) -> Item:
    """The record of a press that went well: three happy people, a photo, a sentence."""
    at = iso(pressed_at)
    moods = [("HAPPY", 98.6), ("HAPPY", 71.2), ("CALM", 55.0)]
    faces = [
        {"box": box, "emotion": emotion, "confidence": confidence, "emotions": {emotion: confidence}}
        for box, (emotion, confidence) in zip(GROUP, moods, strict=True)
    ]
    return {
        "camera": camera,
        "capture_id": f"{at}#{press_id}",
        "status": "completed",
        "pressed_at": at,
        "taken_at": at,
        "completed_at": iso(pressed_at + timedelta(seconds=4)),
        "source": "cli",
        "image_key": f"captures/{camera}/{press_id}.jpg",
        "faces": faces,
        "face_count": 3,
        "top_emotion": "HAPPY",
        "top_confidence": 98.6,
        "mood": {"HAPPY": 2, "CALM": 1},
        "said": "I see 3 people. The most common look is happy.",
        "speech": "spoken",
        "worker": "pi",
        "timings_ms": {"queue": 80, "snapshot": 402, "faces": 310, "store": 120, "speech_start": 900, "total": 3900},
    } | attributes


def put_capture(account: Account, item: Item, photo: str = "group-of-three.jpg") -> Item:
    """The photo, one of demo/photos, and then the record, as the worker does it."""
    stored = {"Bucket": account.resources.bucket, "Key": item["image_key"]}
    account.s3.put_object(**stored, Body=(PHOTOS / photo).read_bytes(), ContentType="image/jpeg")
    return put(account, item | {"image_bucket": stored["Bucket"]})


def watch(camera: str, started_at: datetime, columns: int, names: Iterable[str]) -> Item:
    """One that goes on for an hour."""
    names = list(names)
    at = iso(started_at)
    return dict(
        a_watch(
            camera=f"watch/{camera}",
            capture_id=f"{at}#watch",
            started_at=at,
            ends_at=iso(started_at + timedelta(hours=1)),
            grid=f"{columns}x{len(names) // columns}",
            sections=names,
            worker="pi",
        )
    )


def bucket(watch: Item, at: datetime, scores: Mapping[str, float | None], faces: float = 12.0) -> Item:
    """What this watch measured in the ten seconds in which `at` lies; a section without a score had too few faces."""
    begin = datetime.fromtimestamp(at.timestamp() // BUCKET_SECONDS * BUCKET_SECONDS, UTC)
    return {
        "camera": watch["camera"].replace("watch/", "audience/"),
        "capture_id": iso(begin),
        "watch": watch["capture_id"],
        "frames": 2,
        "faces": faces * len(scores),
        "mood": {"HAPPY": 7.0, "CALM": 4.5},
        "sections": {
            name: {"level": "too_few"} if score is None else _section(score, faces) for name, score in scores.items()
        },
    }


def _section(score: float, faces: float) -> Item:
    level = next(level for level, least in _LEAST.items() if score >= least)
    return dict(scored(level, score, faces))


def german(sections: int) -> list[str]:
    """Different names for so many sections."""
    numbered = (f"{GERMAN_NAMES[number % len(GERMAN_NAMES)][:37]} {number}" for number in range(sections))
    return list(numbered)
