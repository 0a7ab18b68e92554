"""A head turned after its photograph was taken: the picture lies on the relief of a head, and is seen from its side."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Point = tuple[float, float]

HALF_WIDTH, HALF_HEIGHT, DEPTH = 0.62, 0.95, 0.60
"""Of the half ellipsoid that a head is, with ears and some hair, in widths of the face from ear to ear."""
NOSE_LENGTH, NOSE_WIDTH, NOSE_HEIGHT = 0.20, 0.10, 0.16
"""Of the bump on it, whose tip stands out as on people: by some 0.6 of the distance between the eyes."""


@dataclass(frozen=True)
class Head:
    """The middle of the face is the middle of the picture, which has an alpha channel.

    Args:
        nose: its tip, to the right of the middle and below it, in widths of the face.
        width: of the face, in pixels.
        yaw: degrees by which the head looks to the right of the picture.
    """

    image: Image.Image
    nose: Point
    width: float
    yaw: float

    def mirrored(self) -> "Head":
        image = self.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return Head(image, (-self.nose[0], self.nose[1]), self.width, -self.yaw)

    def turned(self, yaw: float) -> Image.Image:
        """The head looking `yaw` degrees to the right of the picture.

        What the camera would not see any more is hidden; what it has not seen before is stretched from beside it, which
        looks like a head up to some 50 degrees.
        """
        if yaw < self.yaw:
            return self.mirrored().turned(-yaw).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        across, down = (_positions(length, self.width) for length in self.image.size)
        angle = math.radians(yaw - self.yaw)
        # The axis runs through half the head's depth, so that the head stays where it is.
        moved = across * math.cos(angle) + (_relief(across, down, self.nose) - DEPTH / 2) * math.sin(angle)
        # What is nearer hides what is beyond: the far cheek disappears behind the nose.
        return _sampled(self.image, np.maximum.accumulate(moved, axis=1) * self.width + self.image.width / 2)


def _positions(length: int, width: float) -> NDArray[np.float64]:
    """Of the pixels of a row or column, from its middle in widths of the face."""
    return np.asarray((np.arange(length) - length / 2) / width)


def _relief(across: NDArray[np.float64], down: NDArray[np.float64], nose: Point) -> NDArray[np.float64]:
    """How far each point stands out towards the camera, in widths of the face."""
    x, y = np.meshgrid(across, down)
    head = DEPTH * np.sqrt(np.clip(1 - (x / HALF_WIDTH) ** 2 - (y / HALF_HEIGHT) ** 2, 0, None))
    tip = NOSE_LENGTH * np.exp(-(((x - nose[0]) / NOSE_WIDTH) ** 2) - ((y - nose[1]) / NOSE_HEIGHT) ** 2)
    return np.asarray(head + tip)


def _sampled(image: Image.Image, moved: NDArray[np.float64]) -> Image.Image:
    """`moved` tells to which column of its row each pixel goes."""
    columns = np.arange(image.width)
    source = np.array([np.interp(columns, goes_to, columns) for goes_to in moved])
    before = source.astype(int)
    after = np.minimum(before + 1, image.width - 1)
    share = (source - before)[..., None]
    picture, rows = np.asarray(image, np.float64), np.arange(image.height)[:, None]
    mixed = picture[rows, before] * (1 - share) + picture[rows, after] * share
    return Image.fromarray(mixed.round().astype(np.uint8), image.mode)
