"""Where eyes, nose, mouth and jaw are: face-api's 68 landmarks, numbered as in the iBUG 300-W data set."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from .geometry import Box, Points, Square
from .network import Network
from .pose import Pose, pose

PIXELS = 112
MARGIN = 1.1
EYE_LEFT, EYE_RIGHT = slice(36, 42), slice(42, 48)
CHIN, NOSE_TIP, MOUTH_LEFT, MOUTH_RIGHT = 8, 30, 48, 54
FOREHEAD = 0.61
"""How far a face goes on above its eyes, in distances from eyes to chin, in the boxes Rekognition draws."""


@dataclass(frozen=True)
class Landmarks:
    """68 points in the photograph. Left and right are the picture's.

    `drift` is how far the second look moved the points of the first, in widths of the face: small on a face,
    large on what only resembles one.
    """

    points: Points
    drift: float = 0.0

    @property
    def eye_left(self) -> Points:
        return _middle(self.points[EYE_LEFT])

    @property
    def eye_right(self) -> Points:
        return _middle(self.points[EYE_RIGHT])

    @property
    def roll(self) -> float:
        """Radians by which the line through the eyes is turned clockwise from the level."""
        x, y = self.eye_right - self.eye_left
        return math.atan2(y, x)

    @property
    def nose(self) -> Points:
        return np.asarray(self.points[NOSE_TIP])

    @property
    def mouth_left(self) -> Points:
        return np.asarray(self.points[MOUTH_LEFT])

    @property
    def mouth_right(self) -> Points:
        return np.asarray(self.points[MOUTH_RIGHT])

    @property
    def pose(self) -> Pose:
        return pose(self.eye_left, self.eye_right, self.nose, self.mouth_left, self.mouth_right)

    @property
    def face(self) -> Box:
        """The face from ear to ear and from the forehead to the chin."""
        eyes = (self.eye_left + self.eye_right) / 2
        forehead = eyes + FOREHEAD * (eyes - self.points[CHIN])
        return Box.around(np.vstack([self.points, forehead]))


class Landmarker:
    def __init__(self, network: Network) -> None:
        self._network = network

    def locate(self, photo: Image.Image, faces: Sequence[Box]) -> list[Landmarks]:
        """Look twice: the second time at the face levelled and centred, which halves the error of a loose box."""
        if not faces:
            return []
        rough = self._look(photo, [Square(*face.centre, max(face.width, face.height)) for face in faces])
        fine = self._look(photo, [Square.around(face.points, margin=MARGIN, roll=face.roll) for face in rough])
        return [replace(second, drift=_drift(first, second)) for first, second in zip(rough, fine, strict=True)]

    def _look(self, photo: Image.Image, squares: Sequence[Square]) -> list[Landmarks]:
        batch = np.stack([np.asarray(square.cut(photo, PIXELS)) for square in squares])
        points = self._network(batch).astype(np.float64)
        return [Landmarks(square.to_photo(relative)) for square, relative in zip(squares, points, strict=True)]


def _drift(first: Landmarks, second: Landmarks) -> float:
    moved = np.hypot(*(first.points - second.points).T).mean()
    return float(moved / max(second.face.width, 1.0))


def _middle(points: Points) -> Points:
    return np.asarray(points.mean(axis=0))
