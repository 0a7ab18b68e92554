"""The record of a press: which attributes say what. Plain Python values; the store turns them into DynamoDB's own."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from worker.domain.command import Command, TakePicture
from worker.domain.faces import Face, count_moods
from worker.domain.press import Press
from worker.domain.timestamp import iso

Attributes = Mapping[str, Any]

TIMINGS = ("queue", "snapshot", "faces", "store", "record", "speech_start", "total")
"""Steps whose milliseconds the record keeps."""

MESSAGE_LIFE = timedelta(days=28)
"""For how long after its press a message may still come: SQS keeps one for 14 days at most, on a queue and its
dead-letter queue together; moved back from there it is a new message, with 14 days of its own."""

STUB = frozenset({"camera", "capture_id", "status", "expires_at"})
"""All that a `forgotten` record says; without `attempt`, a worker that still holds the press has lost its lease."""


class Status(StrEnum):
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    EXPIRED = "expired"
    FAILED = "failed"
    FORGOTTEN = "forgotten"

    @property
    def terminal(self) -> bool:
        return self is not Status.IN_PROGRESS


class Speech(StrEnum):
    STARTED = "started"
    SPOKEN = "spoken"
    PROBABLY_SPOKEN = "probably_spoken"
    UNKNOWN = "unknown"
    OFF = "off"
    STALE = "stale"
    FAILED = "failed"


def pressed(press: Press, worker: str, retention: timedelta | None) -> Attributes:
    """What is known before anything was done; without `retention`, for ever."""
    told = {"source": press.source, "device": press.device, "click": press.click}
    return {
        "status": Status.IN_PROGRESS,
        "pressed_at": iso(press.pressed_at),
        "worker": worker,
        **({} if retention is None else {"expires_at": expiry(press, retention)}),
        **{name: value for name, value in told.items() if value is not None},
    }


def asked(command: Command) -> Attributes:
    """Nothing for TakePicture: its records are older than other commands."""
    return {} if isinstance(command, TakePicture) else {"command": command.name}


def is_stored(record: Attributes) -> bool:
    """Whether it says where the photo or the clip of its press is."""
    return "image_key" in record or "video_key" in record


def expiry(press: Press, kept_for: timedelta) -> int:
    """Epoch seconds, as DynamoDB's TTL wants them."""
    return int((press.pressed_at + kept_for).timestamp())


def seen(faces: tuple[Face, ...], min_confidence: float) -> Attributes:
    top = faces[0] if faces and faces[0].emotion else None
    return {
        "faces": [_face(face) for face in faces],
        "face_count": len(faces),
        "mood": count_moods(faces, min_confidence),
        **({"top_emotion": top.emotion, "top_confidence": top.confidence} if top else {}),
    }


def ended(status: Status, at: datetime, timings_ms: Mapping[str, int], error: str | None = None) -> Attributes:
    failure = {"error": error} if error else {}
    timings = {name: timings_ms[name] for name in TIMINGS if name in timings_ms}
    return {"status": status, "completed_at": iso(at), "timings_ms": timings, **failure}


def _face(face: Face) -> Attributes:
    box = {"left": face.box.left, "top": face.box.top, "width": face.box.width, "height": face.box.height}
    rated = {"emotion": face.emotion, "confidence": face.confidence} if face.emotion else {}
    attributes = {"attributes": dict(face.attributes)} if face.attributes else {}
    return {"box": box, **rated, "emotions": dict(face.emotions), **attributes}
