"""A photo with its faces boxed and named."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

_INK, _PAPER = "#101010", "#ffd400"
_LINE, _LETTERS, _SMALLEST_LETTERS = 1 / 250, 1 / 36, 12
"""Shares of the photo's longer side, and pixels."""


class Rectangle(NamedTuple):
    """Pixels."""

    left: int
    top: int
    right: int
    bottom: int


def boxed(photo: bytes, faces: Sequence[Mapping[str, Any]]) -> Image.Image:
    """The photo with the `faces` of its record drawn in."""
    with Image.open(BytesIO(photo)) as original:
        picture = original.convert("RGB")
    pen = ImageDraw.Draw(picture)
    longer = max(picture.size)
    font = ImageFont.load_default(max(_SMALLEST_LETTERS, longer * _LETTERS))
    for face in faces:
        frame = to_pixels(face["box"], picture.size)
        pen.rectangle(frame, outline=_PAPER, width=max(2, round(longer * _LINE)))
    for face in faces:
        text = caption(face)
        extent = pen.textbbox((0, 0), text, font, anchor="lt")
        margin = round(extent[3] / 3)
        size = (round(extent[2]) + 2 * margin, round(extent[3]) + 2 * margin)
        plate = place_caption(to_pixels(face["box"], picture.size), size, picture.size)
        pen.rectangle(plate, fill=_PAPER)
        pen.text((plate.left + margin, plate.top + margin), text, _INK, font, anchor="lt")
    return picture


def caption(face: Mapping[str, Any]) -> str:
    return f"{face['emotion']} {face['confidence']:.0f} %" if "emotion" in face else "a face"


def to_pixels(box: Mapping[str, float], photo: tuple[int, int]) -> Rectangle:
    """`box` is in fractions of the photo, which is `photo` pixels wide and high."""
    width, height = photo
    return Rectangle(
        round(box["left"] * width),
        round(box["top"] * height),
        min(width - 1, round((box["left"] + box["width"]) * width)),
        min(height - 1, round((box["top"] + box["height"]) * height)),
    )


def place_caption(frame: Rectangle, size: tuple[int, int], photo: tuple[int, int]) -> Rectangle:
    """On top of the frame, or just inside where there is no room above; never beyond the photo's edges."""
    width, height = size
    left = max(0, min(frame.left, photo[0] - 1 - width))
    top = frame.top - height if frame.top >= height else frame.top
    return Rectangle(left, top, left + width, top + height)
