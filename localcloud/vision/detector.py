"""Where the faces are: face-api's tiny detector, a one-class YOLO, on the photograph at several sizes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .geometry import Box
from .network import Network

CELL = 32
"""Pixels of the network's input to a side of one of its output's cells."""
ANCHORS = np.array(
    [(1.603231, 2.094468), (6.041143, 7.080126), (2.882459, 3.518061), (4.266906, 5.178857), (9.041765, 10.66308)]
)
"""Width and height, in cells, of the five boxes that every cell starts from."""

MIN_SCORE = 0.5
MAX_OVERLAP = 0.5


@dataclass(frozen=True)
class Detection:
    box: Box
    score: float


class FaceDetector:
    def __init__(self, network: Network) -> None:
        self._network = network

    def detect(self, photo: Image.Image, sides: Sequence[int]) -> list[Detection]:
        """The faces, each once, the surest first; their boxes are rough.

        `sides` are the lengths, in falling order, that the longer side is brought to in turn. Each finds
        faces that are then about 35 to 100 pixels wide; larger ones less and less surely.
        """
        found: list[Detection] = []
        view = photo
        for side in sides:
            view = _resized(view, photo.size, side)
            cells = self._network(_padded(view)[None])[0]
            found += decode(cells, photo.width / view.width, photo.height / view.height)
        return distinct(found)


def _resized(view: Image.Image, photo_size: tuple[int, int], side: int) -> Image.Image:
    scale = side / max(photo_size)
    width, height = (max(round(length * scale), 1) for length in photo_size)
    return view.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=1.0)


def _padded(image: Image.Image) -> NDArray[np.uint8]:
    """Black to the right and below, up to whole cells."""
    canvas = np.zeros((-(-image.height // CELL) * CELL, -(-image.width // CELL) * CELL, 3), np.uint8)
    canvas[: image.height, : image.width] = np.asarray(image)
    return canvas


def decode(cells: NDArray[np.float32], x_scale: float, y_scale: float) -> list[Detection]:
    """What the network's output (rows, columns, 25) tells, in the photograph's pixels.

    No box is larger than the photograph.
    """
    rows, columns, _ = cells.shape
    raw = cells.reshape(rows, columns, len(ANCHORS), 5).astype(np.float64)
    scores = _sigmoid(raw[..., 4])
    row, column, anchor = np.nonzero(scores >= MIN_SCORE)
    chosen = raw[row, column, anchor]
    centres = (np.stack([column, row], 1) + _sigmoid(chosen[:, :2])) * CELL
    sizes = np.minimum(np.exp(chosen[:, 2:4]) * ANCHORS[anchor], max(rows, columns)) * CELL
    corners = np.hstack([centres - sizes / 2, centres + sizes / 2]) * (x_scale, y_scale, x_scale, y_scale)
    sure = scores[row, column, anchor]
    return [Detection(Box(*box), score) for box, score in zip(corners.tolist(), sure.tolist(), strict=True)]


def distinct(found: Iterable[Detection]) -> list[Detection]:
    """Keep of detections of the same face only the surest."""
    kept: list[Detection] = []
    for face in sorted(found, key=lambda face: face.score, reverse=True):
        if all(face.box.overlap(other.box) <= MAX_OVERLAP for other in kept):
            kept.append(face)
    return kept


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-x))
