"""Halls made up of the demo's faces, pasted at known places."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from localcloud.vision.geometry import Box

from .photos import FACES_BY_EYE, photo

SIZE = 1920, 1080
FOUND = 0.3
"""Intersection over union from which a face found counts as the face pasted there."""


@dataclass(frozen=True)
class Cutting:
    """A face with its surroundings, and where in it the face lies."""

    image: Image.Image
    face: Box

    def scaled(self, width: float) -> "Cutting":
        """The face `width` pixels wide."""
        scale = width / self.face.width
        size = max(round(self.image.width * scale), 1), max(round(self.image.height * scale), 1)
        box = Box(self.face.left * scale, self.face.top * scale, self.face.right * scale, self.face.bottom * scale)
        return Cutting(self.image.resize(size, Image.Resampling.LANCZOS), box)

    def mirrored(self) -> "Cutting":
        width, face = self.image.width, self.face
        image = self.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return Cutting(image, Box(width - face.right, face.top, width - face.left, face.bottom))


@dataclass(frozen=True)
class Hall:
    image: Image.Image
    faces: tuple[Box, ...]


def cuttings(margin: float) -> list[Cutting]:
    """Every face of the demo, `margin` widths of it around."""
    return [_cut(photo(name), face, margin) for name, faces in FACES_BY_EYE.items() for face in faces]


def _cut(image: Image.Image, face: Box, margin: float) -> Cutting:
    reach = margin * face.width
    around = Box(face.left - reach, face.top - reach, face.right + reach, face.bottom + reach)
    left, top = round(max(around.left, 0)), round(max(around.top, 0))
    right, bottom = round(min(around.right, image.width)), round(min(around.bottom, image.height))
    within = Box(face.left - left, face.top - top, face.right - left, face.bottom - top)
    return Cutting(image.crop((left, top, right, bottom)), within)


def plain(_: np.random.Generator) -> Image.Image:
    """A grey wall, darker above."""
    return Image.fromarray(np.tile(np.linspace(90, 150, SIZE[1]).astype(np.uint8)[:, None, None], (1, SIZE[0], 3)))


def seats(chance: np.random.Generator) -> Image.Image:
    """Rows of coloured seat backs, with the noise of a sensor."""
    image = Image.new("RGB", SIZE, (70, 60, 55))
    draw = ImageDraw.Draw(image)
    for top in range(0, SIZE[1], 70):
        for left in range(-60, SIZE[0], 80):
            red, green, blue = (int(part) for part in chance.integers(40, 140, 3))
            draw.rounded_rectangle((left, top, left + 68, top + 90), 14, (red, green, blue))
    noise = chance.normal(0, 5, (*SIZE[::-1], 3))
    return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))


BACKDROPS: dict[str, Callable[[np.random.Generator], Image.Image]] = {"plain": plain, "seats": seats}


def hall(width: int, count: int, backdrop: str, seed: int) -> Hall:
    """`count` faces, each `width` pixels wide; every second cutting is feathered, and by chance some are mirrored."""
    chance = np.random.default_rng(seed)
    image = BACKDROPS[backdrop](chance)
    rows = max(round((count * SIZE[1] / SIZE[0]) ** 0.5), 1)
    columns = -(-count // rows)
    seat = np.array([SIZE[0] / columns, SIZE[1] / rows])
    people = chance.permutation(len(_people()))
    faces = []
    for place in range(count):
        cutting = _people()[people[place % len(people)]].scaled(width)
        if chance.integers(2):
            cutting = cutting.mirrored()
        spare = np.maximum(seat - cutting.image.size, 0)
        left, top = (seat * divmod(place, columns)[::-1] + spare * chance.random(2)).astype(int).tolist()
        image.paste(cutting.image, (left, top), _feather(cutting.image.size) if place % 2 else None)
        face = cutting.face
        faces.append(Box(face.left + left, face.top + top, face.right + left, face.bottom + top))
    return Hall(image, tuple(faces))


@cache
def _people() -> tuple[Cutting, ...]:
    return tuple(cuttings(margin=0.3))


def _feather(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).ellipse((1, 1, size[0] - 2, size[1] - 2), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(size[0] / 40))


def found_and_false(found: Sequence[Box], faces: Sequence[Box]) -> tuple[int, int]:
    """How many of the faces were found, and how many of those found are of no face."""
    left = list(found)
    for face in faces:
        best = max(left, key=face.iou, default=None)
        if best is not None and face.iou(best) >= FOUND:
            left.remove(best)
    return len(found) - len(left), len(left)
