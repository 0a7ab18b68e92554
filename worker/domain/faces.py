"""Faces as the record keeps them, read from an answer of Rekognition's DetectFaces."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_OWN_FIELDS = {"BoundingBox", "Emotions", "Confidence"}


@dataclass(frozen=True)
class Box:
    """Fractions of the photo's width and height, 0..1."""

    left: float
    top: float
    width: float
    height: float

    @property
    def area(self) -> float:
        return self.width * self.height


@dataclass(frozen=True)
class Face:
    """One face; `emotions` maps Rekognition's names to 0..100, in falling order."""

    box: Box
    emotions: Mapping[str, float]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def emotion(self) -> str | None:
        return next(iter(self.emotions), None)

    @property
    def confidence(self) -> float | None:
        return next(iter(self.emotions.values()), None)

    def wears(self, min_confidence: float) -> str | None:
        """The top emotion if it is at least that sure."""
        return self.emotion if self.confidence is not None and self.confidence >= min_confidence else None


def read_faces(details: Iterable[Mapping[str, Any]], *, keep_attributes: bool) -> tuple[Face, ...]:
    """Faces from `FaceDetails`, largest first: Rekognition promises no order."""
    faces = (_read_face(detail, keep_attributes=keep_attributes) for detail in details)
    return tuple(sorted(faces, key=lambda face: face.box.area, reverse=True))


def count_moods(faces: Iterable[Face], min_confidence: float) -> dict[str, int]:
    """How many faces wear each emotion; the commonest first, the larger face's where they tie."""
    worn = (face.wears(min_confidence) for face in faces)
    return dict(Counter(emotion for emotion in worn if emotion is not None).most_common())


def _read_face(detail: Mapping[str, Any], *, keep_attributes: bool) -> Face:
    attributes = {name: value for name, value in detail.items() if name not in _OWN_FIELDS} if keep_attributes else {}
    return Face(_read_box(detail.get("BoundingBox", {})), _read_emotions(detail.get("Emotions", [])), attributes)


def _read_box(box: Mapping[str, Any]) -> Box:
    left, top, width, height = (_number(box.get(name)) or 0.0 for name in ("Left", "Top", "Width", "Height"))
    left, width = _within_photo(left, width)
    top, height = _within_photo(top, height)
    return Box(left, top, width, height)


def _within_photo(start: float, length: float) -> tuple[float, float]:
    """Rekognition's boxes may reach beyond the photo."""
    if start < 0:
        start, length = 0.0, length + start
    start = min(start, 1.0)
    return start, max(0.0, min(length, 1 - start)) if start + length > 1 else max(0.0, length)


def _read_emotions(emotions: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    rated = {str(emotion.get("Type", "UNKNOWN")): _number(emotion.get("Confidence")) for emotion in emotions}
    known = {name: confidence for name, confidence in rated.items() if confidence is not None}
    return dict(sorted(known.items(), key=lambda item: item[1], reverse=True))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
