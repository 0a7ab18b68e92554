"""Shapes in pixels of the photograph: x to the right, y down, the origin at the top left corner."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Points = NDArray[np.float64]
"""Shape (n, 2): x and y of each."""


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: Points) -> Self:
        return cls(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def shared_area(self, other: "Box") -> float:
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)

    def iou(self, other: "Box") -> float:
        """Intersection over union: 1 for the same box, 0 for boxes apart."""
        shared = self.shared_area(other)
        return shared / (self.area + other.area - shared)

    def overlap(self, other: "Box") -> float:
        """Shared area in areas of the smaller box: 1 when one contains the other."""
        return self.shared_area(other) / min(self.area, other.area)

    def clipped(self, width: float, height: float) -> "Box":
        """The part of the box that lies within 0..width and 0..height."""
        left, right = np.clip((self.left, self.right), 0, width).tolist()
        top, bottom = np.clip((self.top, self.bottom), 0, height).tolist()
        return Box(left, top, right, bottom)


@dataclass(frozen=True)
class Square:
    """A square that may be turned: by `roll` radians clockwise."""

    x: float
    y: float
    side: float
    roll: float = 0.0

    @classmethod
    def around(cls, points: Points, *, margin: float, lift: float = 0.0, roll: float = 0.0) -> "Square":
        """Centred on the points' extent once levelled, `margin` times as large, moved up by `lift` extents.

        Never smaller than a pixel: on what is no face the points may all but coincide.
        """
        turn = rotation(roll)
        box = Box.around(points @ turn)
        extent = max(box.width, box.height)
        x, y = (np.array(box.centre) - (0.0, lift * extent)) @ turn.T
        return cls(float(x), float(y), max(margin * extent, 1.0), roll)

    def cut(self, photo: Image.Image, pixels: int) -> Image.Image:
        """What lies within, levelled and `pixels` wide, black where the photograph ends."""
        if self.side <= pixels:
            return self._turned(photo, 0, 0, 1.0, pixels)
        # Reduced before it is turned: turning alone would skip pixels of a large face.
        reach = math.ceil(self.side / 2 * (abs(math.cos(self.roll)) + abs(math.sin(self.roll)))) + 1
        left, top = round(self.x) - reach, round(self.y) - reach
        size = max(round(2 * reach * pixels / self.side), 1)
        patch = photo.crop((left, top, left + 2 * reach, top + 2 * reach))
        patch = patch.resize((size, size), Image.Resampling.BILINEAR, reducing_gap=1.5)
        return self._turned(patch, left, top, size / (2 * reach), pixels)

    def _turned(self, view: Image.Image, left: int, top: int, scale: float, pixels: int) -> Image.Image:
        """The square out of a view of the photograph that begins at (left, top) and is `scale` times its size."""
        step = rotation(self.roll) * (self.side * scale / pixels)
        origin = np.array([self.x - left, self.y - top]) * scale - step @ np.full(2, pixels / 2)
        affine = (*step[0], origin[0], *step[1], origin[1])
        return view.transform((pixels, pixels), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)

    def to_photo(self, points: Points) -> Points:
        """Where points lie that are given in 0..1 of the levelled square."""
        return (points - 0.5) * self.side @ rotation(self.roll).T + (self.x, self.y)


def rotation(roll: float) -> NDArray[np.float64]:
    """Levels points (n, 2) as their right factor; its transpose turns them clockwise by `roll` radians."""
    cos, sin = math.cos(roll), math.sin(roll)
    return np.array([[cos, -sin], [sin, cos]])
