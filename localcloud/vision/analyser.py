from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .details import FaceDetail, face_detail
from .detector import MAX_OVERLAP, Detection, FaceDetector
from .expression import ExpressionClassifier
from .geometry import Box
from .landmarks import Landmarker, Landmarks
from .network import Network

MODELS = Path(__file__).resolve().parent.parent / "models"

COARSE_SIDES = (512, 224, 96)
"""The first finds faces from about 9 % of the longer side, the last those that fill the photograph."""
FINE_SIDE = 960
"""Finds faces from about 4.5 %, at twice the cost of the others together."""
NEAR = 0.09
"""A photograph with a face this wide, in longer sides, is not searched for smaller ones."""

# What is no face gives itself away by its landmarks: they collapse, or wander when looked at again.
MIN_AGREEMENT = 0.35
"""Intersection over union of a detection with its landmarks' face: below 0.3 on 41 of 45 detections that were no face,
below 0.35 on 1 of 320 that were."""
MAX_DRIFT = 0.1
"""In widths of the face: at most 0.08 on 193 detections of faces, 0.18 and more on a spacesuit taken for one."""


@dataclass(frozen=True)
class Face:
    score: float
    landmarks: Landmarks

    @property
    def box(self) -> Box:
        return self.landmarks.face


class FaceAnalyser:
    """Finds faces and their expressions. Thread-safe; each call runs on the thread that makes it."""

    def __init__(self, models: Path = MODELS) -> None:
        self._detector = FaceDetector(Network(models / "face_detector.onnx"))
        self._landmarker = Landmarker(Network(models / "face_landmarks.onnx"))
        self._expressions = ExpressionClassifier(Network(models / "face_expression.onnx"))

    def detect_faces(self, image: NDArray[np.uint8]) -> list[FaceDetail]:
        """`image` is RGB (height, width, 3), the way up a person would look at it. The largest face comes first."""
        photo = Image.fromarray(image)
        faces = sorted(self._find(photo), key=lambda face: face.box.area, reverse=True)
        expressions = self._expressions.classify(photo, [face.landmarks for face in faces])
        return [
            face_detail(photo.size, face.score, face.landmarks, expression)
            for face, expression in zip(faces, expressions, strict=True)
        ]

    def _find(self, photo: Image.Image) -> list[Face]:
        longer = max(photo.size)
        near = self._confirmed(photo, self._detector.detect(photo, COARSE_SIDES), [])
        if longer <= max(COARSE_SIDES) or any(face.box.width >= NEAR * longer for face in near):
            return near
        return self._confirmed(photo, self._detector.detect(photo, [min(FINE_SIDE, longer)]), near)

    def _confirmed(self, photo: Image.Image, found: Sequence[Detection], known: Sequence[Face]) -> list[Face]:
        """The known faces, and of the detections those that are of another face."""
        new = [detection for detection in found if _is_apart(detection.box, known)]
        faces = list(known)
        for detection, landmarks in zip(new, self._landmarker.locate(photo, [one.box for one in new]), strict=True):
            if _is_face(detection, landmarks) and _is_apart(landmarks.face, faces):
                faces.append(Face(detection.score, landmarks))
        return faces


def _is_face(detection: Detection, landmarks: Landmarks) -> bool:
    return landmarks.drift <= MAX_DRIFT and detection.box.iou(landmarks.face) >= MIN_AGREEMENT


def _is_apart(box: Box, faces: Sequence[Face]) -> bool:
    return all(box.overlap(face.box) <= MAX_OVERLAP for face in faces)
