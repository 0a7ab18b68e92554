"""What a watch is told of each face in a frame, read from an answer of Rekognition's DetectFaces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_DEGREES = 180.0
"""Of a pose, to either side; what lies beyond is no pose (Rekognition's API reference, Pose)."""

_BEYOND = 1e9
"""No number of Rekognition's is as large."""


@dataclass(frozen=True)
class Pose:
    """Where a face is turned, in degrees; a pitch that falls looks further down."""

    yaw: float
    pitch: float


@dataclass(frozen=True)
class Judgement:
    """A yes or no of Rekognition's, and how sure it is of it: 0..100."""

    value: bool
    confidence: float

    def yes(self, confidence: float) -> bool:
        """Whether it is a yes of at least that confidence."""
        return self.value and self.confidence >= confidence

    def no(self, confidence: float) -> bool:
        """Whether it is a no of at least that confidence."""
        return not self.value and self.confidence >= confidence


@dataclass(frozen=True)
class AudienceFace:
    """One face, for as long as its frame is measured: nothing of it is kept. What was not told is None."""

    middle: tuple[float, float] | None
    """Of its box: fractions of the picture's width and height from its top left, 0..1."""
    size: tuple[float, float] | None = None
    """Width and height of its box, as fractions of the picture's."""
    pose: Pose | None = None
    eyes_open: Judgement | None = None
    smile: Judgement | None = None
    occluded: Judgement | None = None
    emotions: Mapping[str, float] = field(default_factory=dict)
    """Rekognition's names -> 0..100."""

    def wears(self, min_confidence: float) -> str | None:
        """The top emotion if it is at least that sure; of two that tie, the first by name."""
        top = min(self.emotions, key=lambda name: (-self.emotions[name], name), default=None)
        return top if top is not None and self.emotions[top] >= min_confidence else None


def read_audience(details: Iterable[Any]) -> tuple[AudienceFace, ...]:
    """Each of `FaceDetails`; whatever is missing, odd, or no finite number in it counts as not told."""
    return tuple(_read_face(_mapping(detail)) for detail in details)


def _read_face(detail: Mapping[str, Any]) -> AudienceFace:
    box = _mapping(detail.get("BoundingBox"))
    left, top, width, height = (_number(box.get(name)) for name in ("Left", "Top", "Width", "Height"))
    size = None if width is None or height is None else (width, height)
    middle = None if left is None or top is None or size is None else (left + size[0] / 2, top + size[1] / 2)
    return AudienceFace(
        # Boxes may reach beyond the picture.
        middle=middle and (_fraction(middle[0]), _fraction(middle[1])),
        size=size,
        pose=_pose(_mapping(detail.get("Pose"))),
        eyes_open=_judgement(_mapping(detail.get("EyesOpen"))),
        smile=_judgement(_mapping(detail.get("Smile"))),
        occluded=_judgement(_mapping(detail.get("FaceOccluded"))),
        emotions=_emotions(detail.get("Emotions")),
    )


def _pose(pose: Mapping[str, Any]) -> Pose | None:
    yaw, pitch = _number(pose.get("Yaw")), _number(pose.get("Pitch"))
    if yaw is None or pitch is None or max(abs(yaw), abs(pitch)) > MAX_DEGREES:
        return None
    return Pose(yaw, pitch)


def _judgement(judgement: Mapping[str, Any]) -> Judgement | None:
    value, confidence = judgement.get("Value"), _number(judgement.get("Confidence"))
    return None if not isinstance(value, bool) or confidence is None else Judgement(value, confidence)


def _emotions(emotions: object) -> dict[str, float]:
    rated = [_mapping(emotion) for emotion in emotions] if isinstance(emotions, list | tuple) else []
    read = {emotion.get("Type"): _number(emotion.get("Confidence")) for emotion in rated}
    return {name: sure for name, sure in read.items() if isinstance(name, str) and sure is not None}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -_BEYOND < value < _BEYOND else None


def _fraction(value: float) -> float:
    return min(max(value, 0.0), 1.0)
