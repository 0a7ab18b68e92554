from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .details import Attribute, FaceDetail, default_detail, needs_expression, with_expression
from .detector import MAX_OVERLAP, Detection, FaceDetector
from .expression import ExpressionClassifier
from .geometry import Box
from .landmarks import Landmarker, Landmarks
from .network import Network
from .quality import quality

MODELS = Path(__file__).resolve().parent.parent / "models"

COARSE_SIDES = (512, 224, 96)
"""Together they find faces from about 9 % of the longer side up to those that fill the photograph."""
BETWEEN = 384
"""Finds the last 2 % of the faces of 9 to 13 %. A photograph that is not larger than the coarse sides is spared it."""
FINEST_SIDE = 1920
"""Finds faces from about 1.9 %: 36 pixels in a picture of 1920, as Rekognition finds them from 40."""
NEAR = 0.09
"""A photograph with a face this wide, in longer sides, is of a person or a group, and not searched for smaller ones."""
SURE = 0.75
"""The score from which a near face may end the search: the surest view of a cat that passed for a face had 0.73."""
CROWD = 6
"""So many near faces are the front row of more."""
MAX_FACES = 100
"""DetectFaces tells of the largest 100."""

# What is no face gives itself away by its landmarks: they collapse, or wander when looked at again.
MIN_AGREEMENT = 0.35
"""Intersection over union of a detection with its landmarks' face: below 0.3 on 41 of 45 detections that were no face,
below 0.35 on 1 of 320 that were."""
MAX_DRIFT = 0.1
"""In widths of the face, times the detection's score: the less sure the detector, the steadier its landmarks must be.
None of 406 faces was lost by the score; of 400 views of a cat 6 passed for a face, without it 21."""


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

    def detect_faces(
        self, image: NDArray[np.uint8], attributes: AbstractSet[Attribute] = frozenset({"ALL"})
    ) -> list[FaceDetail]:
        """`image` is RGB (height, width, 3), the way up a person would look at it. The largest face comes first.

        Attributes that are not asked for cost no time.
        """
        photo = Image.fromarray(image)
        faces = sorted(self._find(photo), key=lambda face: face.box.area, reverse=True)[:MAX_FACES]
        details = [default_detail(photo.size, face.score, face.landmarks, quality(photo, face.box)) for face in faces]
        if not needs_expression(attributes):
            return details
        expressions = self._expressions.classify(photo, [face.landmarks for face in faces])
        return [
            with_expression(detail, expression, attributes)
            for detail, expression in zip(details, expressions, strict=True)
        ]

    def _find(self, photo: Image.Image) -> list[Face]:
        longer = max(photo.size)
        faces = self._confirmed(photo, self._detector.detect(photo, coarse_sides(longer)), [])
        if len(faces) < CROWD and any(face.score >= SURE and face.box.width >= NEAR * longer for face in faces):
            return faces
        for side in fine_sides(longer):
            faces = self._confirmed(photo, self._detector.detect(photo, [side]), faces)
        return faces

    def _confirmed(self, photo: Image.Image, found: Sequence[Detection], known: Sequence[Face]) -> list[Face]:
        """The known faces, and of the detections those that are of another face."""
        new = [detection for detection in found if _is_apart(detection.box, known)]
        faces = list(known)
        for detection, landmarks in zip(new, self._landmarker.locate(photo, [one.box for one in new]), strict=True):
            if _is_face(detection, landmarks) and _is_apart(landmarks.face, faces):
                faces.append(Face(detection.score, landmarks))
        return faces


def coarse_sides(longer: int) -> Sequence[int]:
    return COARSE_SIDES if longer <= max(COARSE_SIDES) else sorted((*COARSE_SIDES, BETWEEN), reverse=True)


def fine_sides(longer: int) -> list[int]:
    """The sides beyond the coarse ones, each twice the one before.

    They rise, so that a large face is known before its parts are seen from near, where an eye may resemble a face.
    """
    sides: list[int] = []
    side = min(FINEST_SIDE, longer)
    while side > max(COARSE_SIDES):
        sides.insert(0, side)
        side //= 2
    return sides


def _is_face(detection: Detection, landmarks: Landmarks) -> bool:
    return landmarks.drift <= MAX_DRIFT * detection.score and detection.box.iou(landmarks.face) >= MIN_AGREEMENT


def _is_apart(box: Box, faces: Sequence[Face]) -> bool:
    return all(box.overlap(face.box) <= MAX_OVERLAP for face in faces)
