"""The shape in which Rekognition's DetectFaces tells of a face."""

import math
from collections.abc import Mapping
from typing import TypedDict

from .geometry import Box, Points
from .landmarks import MOUTH_LEFT, MOUTH_RIGHT, NOSE_TIP, Landmarks

EMOTIONS = ("HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR")


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


class Pose(TypedDict):
    """Roll in degrees, clockwise. Yaw and pitch are not worked out here."""

    Roll: float


class FaceDetail(TypedDict):
    """Confidences in 0..100, those of `Emotions` adding up to 100."""

    BoundingBox: BoundingBox
    Confidence: float
    Emotions: list[Emotion]
    Landmarks: list[Landmark]
    Pose: Pose


def face_detail(
    size: tuple[int, int], score: float, landmarks: Landmarks, expression: Mapping[str, float]
) -> FaceDetail:
    """`size` is the photograph's width and height, `expression` probabilities by emotion, 0 where one is missing."""
    return FaceDetail(
        BoundingBox=_bounding_box(landmarks.face, *size),
        Confidence=100 * score,
        Emotions=_emotions(expression),
        Landmarks=_landmarks(landmarks, *size),
        Pose=Pose(Roll=math.degrees(landmarks.roll)),
    )


def _bounding_box(face: Box, width: int, height: int) -> BoundingBox:
    seen = face.clipped(width, height)
    return BoundingBox(
        Left=seen.left / width, Top=seen.top / height, Width=seen.width / width, Height=seen.height / height
    )


def _emotions(expression: Mapping[str, float]) -> list[Emotion]:
    total = sum(expression.values())
    emotions = [Emotion(Type=name, Confidence=100 * expression.get(name, 0.0) / total) for name in EMOTIONS]
    return sorted(emotions, key=lambda emotion: -emotion["Confidence"])


def _landmarks(landmarks: Landmarks, width: int, height: int) -> list[Landmark]:
    named: dict[str, Points] = {
        "eyeLeft": landmarks.eye_left,
        "eyeRight": landmarks.eye_right,
        "mouthLeft": landmarks.points[MOUTH_LEFT],
        "mouthRight": landmarks.points[MOUTH_RIGHT],
        "nose": landmarks.points[NOSE_TIP],
    }
    return [Landmark(Type=name, X=float(x) / width, Y=float(y) / height) for name, (x, y) in named.items()]
