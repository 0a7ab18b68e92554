"""The record of a press: which attributes say what. Plain Python values; the store turns them into DynamoDB's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from worker.domain.faces import Face, count_moods
from worker.domain.press import Press
from worker.domain.timestamp import iso

Attributes = Mapping[str, Any]

TIMINGS = ("queue", "snapshot", "faces", "store", "record", "speech_start", "total")
"""Steps whose milliseconds the record keeps."""


class Status(StrEnum):
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    EXPIRED = "expired"
    FAILED = "failed"

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


@dataclass(frozen=True)
class Reading:
    """What the analyses saw; None is "not asked for, or not answered", an empty tuple "nothing there"."""

    faces: tuple[Face, ...]
    labels: tuple[Mapping[str, Any], ...] | None = None
    text: tuple[Mapping[str, Any], ...] | None = None


def pressed(press: Press, worker: str, retention: timedelta) -> Attributes:
    """What is known before anything was done."""
    told = {"source": press.source, "device": press.device, "click": press.click}
    return {
        "status": Status.IN_PROGRESS,
        "pressed_at": iso(press.pressed_at),
        "worker": worker,
        "expires_at": int((press.pressed_at + retention).timestamp()),
        **{name: value for name, value in told.items() if value is not None},
    }


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
