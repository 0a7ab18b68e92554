"""The hall as its camera sees it: six sections, 3 x 2, the back rows on top and smaller."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from demo.hall.people import PEOPLE, Person, Side, portrait

SIZE = 1920, 1080
SECTIONS = ("back left", "back centre", "back right", "front left", "front centre", "front right")
"""By their place, in reading order, as a watch with WATCH_GRID=3x2 names them."""
COLUMNS = 3
SEATS = 4
"""Beside each other in a section, in each of its two rows. Fewer than five faces would not be measured; of eight that
are turned away the local cloud finds six or more."""

TO_THE_STAGE = 15
AWAY = 46
"""Degrees, to the one side and to the other. The stage is not where the camera is: a watch calibrates itself to it."""

FIDGET = 3
"""Pixels by which a head moves from one frame to the next, at most, in each direction."""
QUALITY = 88
STAGGER = 22
"""Pixels by which every second row sits further to the right."""

_CLOTHES = ("#31465f", "#5b3a44", "#3d5648", "#6a5a45", "#454550", "#2f5561", "#6b4a3a", "#4b4063")


@dataclass(frozen=True)
class Row:
    """Of seats through the whole hall: where its faces are, and how wide, in pixels."""

    middle: int
    face: int


ROWS = (Row(165, 56), Row(392, 62), Row(668, 72), Row(905, 78))
"""From the back to the front, two of each section."""


@dataclass(frozen=True)
class Seat:
    person: Person
    section: str
    middle: tuple[int, int]
    face: int
    away: Side
    clothes: str


def hall(away: Collection[str], seed: int) -> bytes:
    """A JPEG of 1920 x 1080; everybody in the sections named in `away` is turned away from the stage.

    `seed` decides how everybody sits just now: pictures of the same seed are the same.
    """
    chance = random.Random(seed)  # noqa: S311 (how people sit is no secret)
    picture = _walls().copy()
    for row, seats in enumerate(_seats()):
        for seat in seats:
            _sit(picture, seat, chance, turned_away=seat.section in away)
        picture.paste(_backs(row), (0, 0), _backs(row))
    file = BytesIO()
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


@cache
def _seats() -> tuple[tuple[Seat, ...], ...]:
    """For each row, from the left to the right."""
    return tuple(tuple(_row(number, row)) for number, row in enumerate(ROWS))


def _row(number: int, row: Row) -> Iterator[Seat]:
    width = SIZE[0] / (COLUMNS * SEATS)
    for place in range(COLUMNS * SEATS):
        column = place // SEATS
        # So that nobody sits beside, before or behind oneself.
        person = PEOPLE[(place + number * 2 + number // 2) % len(PEOPLE)]
        # Rows are staggered: who sits behind looks through between two heads.
        middle = round((place + 0.5) * width) + (STAGGER if number % 2 else -STAGGER), row.middle
        away = Side.RIGHT if column == COLUMNS - 1 else Side.LEFT
        clothes = _CLOTHES[(place * 3 + number * 5) % len(_CLOTHES)]
        yield Seat(person, SECTIONS[number // 2 * COLUMNS + column], middle, row.face, away, clothes)


def _sit(picture: Image.Image, seat: Seat, chance: random.Random, *, turned_away: bool) -> None:
    x, y = (middle + chance.randint(-FIDGET, FIDGET) for middle in seat.middle)
    degrees = seat.away * AWAY if turned_away else -seat.away * TO_THE_STAGE
    body = _body(seat.face, seat.clothes)
    picture.paste(body, (x - body.width // 2, y + round(0.55 * seat.face)), body)
    head = portrait(seat.person, seat.face, seat.away, degrees)
    picture.paste(head, (x - head.width // 2, y - head.height // 2), head)


@cache
def _body(face: int, colour: str) -> Image.Image:
    """Neck and shoulders."""
    body = Image.new("RGBA", (round(2.5 * face), round(2.6 * face)))
    pen = ImageDraw.Draw(body)
    pen.rounded_rectangle((0, 0.3 * face, body.width - 1, body.height * 2), 0.75 * face, colour)
    return body.filter(ImageFilter.GaussianBlur(0.03 * face))


@cache
def _walls() -> Image.Image:
    """Warm above, darker towards the floor."""
    shade = np.linspace(1, 0.45, SIZE[1])[:, None, None] * np.array([126, 108, 92])
    glow = 1 - 0.35 * np.abs(np.linspace(-1, 1, SIZE[0]))[None, :, None] ** 2
    return Image.fromarray((shade * glow).astype(np.uint8))


@cache
def _backs(row: int) -> Image.Image:
    """The backs of the seats in front of a row, before whom it sits in."""
    seats = Image.new("RGBA", SIZE)
    pen = ImageDraw.Draw(seats)
    face, top = ROWS[row].face, ROWS[row].middle + round(1.8 * ROWS[row].face)
    width = SIZE[0] / (COLUMNS * SEATS)
    for place in range(-1, COLUMNS * SEATS + 1):
        middle = (place + 0.5) * width + (STAGGER if row % 2 == 0 else -STAGGER)
        edges = (middle - 0.47 * width, top, middle + 0.47 * width, top + 6 * face)
        pen.rounded_rectangle(edges, 0.5 * face, "#4a1f24", "#2c1216", 3)
    return seats
