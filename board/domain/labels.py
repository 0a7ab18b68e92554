"""Where the names of faces stand on a photo: each at its box, within the frame, and none across another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from board.domain.faces import Box, Face

LABEL_HEIGHT = 20.0
"""Pixels."""
_CHARACTER, _PADDING, _GAP = 6.9, 12.0, 3.0


@dataclass(frozen=True)
class Frame:
    """How small the photo may be shown, in pixels. On a larger one the labels take less of it, and fit all the more."""

    width: float
    height: float


@dataclass(frozen=True)
class Label:
    """`x` and `y` are a corner of the box in percent of the photo, `dx` and `dy` the way from there in pixels."""

    text: str
    x: float
    y: float
    dx: float
    dy: float
    width: float


@dataclass(frozen=True)
class Named:
    """A face's box; the label is None where there is no room for one."""

    box: Box
    label: Label | None


Area = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the smallest photo."""


def name_faces(faces: Iterable[Face], frame: Frame) -> list[Named]:
    """The first faces choose first: above the box, below it, else inside; with the percentage, else without.

    A label lies on another's face only where there is no other place.
    """
    seen = [(face, face.box) for face in faces if face.box]
    areas = [_area_of_box(box, frame) for _, box in seen]
    taken: list[Area] = []
    named = []
    for at, (face, box) in enumerate(seen):
        others = areas[:at] + areas[at + 1 :]
        free = [label for label in _candidates(face, box) if _fits(_area(label, frame), frame, taken)]
        beside = (label for label in free if _fits(_area(label, frame), frame, others))
        label = next(beside, free[0] if free else None)
        taken += [_area(label, frame)] if label else []
        named.append(Named(box, label))
    return named


def _candidates(face: Face, box: Box) -> Iterator[Label]:
    if face.top is None:
        return
    right, bottom = round(box.left + box.width, 2), round(box.top + box.height, 2)
    for words in (face.name, face.top.word):
        width = round(len(words) * _CHARACTER + _PADDING, 1)
        for y, dy in ((box.top, -LABEL_HEIGHT - _GAP), (bottom, _GAP), (box.top, _GAP), (bottom, -LABEL_HEIGHT - _GAP)):
            yield Label(words, box.left, y, 0, dy, width)
            yield Label(words, right, y, -width, dy, width)


def _area(label: Label, frame: Frame) -> Area:
    left, top = label.x / 100 * frame.width + label.dx, label.y / 100 * frame.height + label.dy
    return left, top, left + label.width, top + LABEL_HEIGHT


def _area_of_box(box: Box, frame: Frame) -> Area:
    left, top = box.left / 100 * frame.width, box.top / 100 * frame.height
    return left, top, left + box.width / 100 * frame.width, top + box.height / 100 * frame.height


def _fits(area: Area, frame: Frame, taken: Iterable[Area]) -> bool:
    left, top, right, bottom = area
    inside = left >= 0 and top >= 0 and right <= frame.width and bottom <= frame.height
    return inside and not any(
        left < other_right and other_left < right and top < other_bottom and other_top < bottom
        for other_left, other_top, other_right, other_bottom in taken
    )
