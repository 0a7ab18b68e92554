"""The people of the hall: faces of the demo's photographs, and where in them they are.

Two of the photographed look too far aside, or show too little of their hair, to be turned and still look like people.
"""

import math
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from demo.hall.turning import Head, Point

PHOTOS = Path(__file__).resolve().parent.parent / "photos"

REACH = 1.4
"""How far from the middle of the face a head is cut out, to each side, in widths of the face."""
SOFTNESS = 0.03
"""Of the outline, in widths of the face."""


class Side(IntEnum):
    """Of the picture."""

    LEFT = -1
    RIGHT = 1


@dataclass(frozen=True)
class Person:
    """A face in a photograph: pixels and degrees as `localcloud.vision` finds them, the outline drawn by eye.

    `outline` runs around hair and neck, in widths of the face from its middle, on the head held upright.
    """

    photo: str
    box: tuple[int, int, int, int]
    nose: Point
    roll: float
    yaw: float
    shows: Side
    """To which side this head can be turned far: what the photograph shows of it is enough."""
    outline: tuple[Point, ...]

    @property
    def middle(self) -> Point:
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]


# fmt: off
PEOPLE = (
    Person(
        "astronaut.jpg", (177, 55, 272, 178), (223, 128), 3, -1, Side.LEFT,
        ((-.78, -.5), (-.6, -.72), (-.4, -.9), (-.2, -1.02), (.05, -1.07), (.35, -.98), (.6, -.78), (.74, -.5),
         (.78, -.3), (.72, -.05), (.55, .15), (.42, .2), (.4, .4), (.36, .6), (.32, .95), (-.34, .95), (-.38, .6),
         (-.41, .4), (-.45, .2), (-.6, .1), (-.74, -.1)),
    ),
    Person(
        "group-of-three.jpg", (487, 272, 663, 499), (548, 407), 1, -15, Side.LEFT,
        ((-.6, -.75), (-.4, -.86), (-.1, -.94), (.2, -1), (.5, -.94), (.8, -.72), (1, -.42), (1.08, -.1), (1.03, .2),
         (.95, .5), (.82, .75), (.6, .85), (.35, 1), (-.1, 1.05), (-.4, .95), (-.66, .65), (-.76, .4), (-.74, .1),
         (-.68, -.1), (-.66, -.4)),
    ),
    Person(
        "group-of-three.jpg", (891, 183, 1089, 421), (943, 324), 12, -22, Side.LEFT,
        ((-.45, -.6), (-.35, -.82), (-.15, -.95), (.1, -1), (.35, -1), (.52, -.85), (.63, -.6), (.68, -.3), (.67, 0),
         (.58, .2), (.49, .4), (.5, .65), (.58, .8), (.3, 1.05), (-.1, 1), (-.26, .8), (-.2, .62), (-.3, .45),
         (-.42, .2), (-.47, 0), (-.46, -.3)),
    ),
    Person(
        "group-of-three.jpg", (1236, 250, 1407, 481), (1351, 390), -4, 18, Side.RIGHT,
        ((-.6, -.83), (-.35, -1.01), (0, -1.06), (.25, -.94), (.42, -.7), (.5, -.4), (.52, -.1), (.5, .15), (.4, .4),
         (.28, .6), (.2, .78), (.15, 1), (-.6, 1.05), (-.8, 1), (-.93, .8), (-.98, .3), (-.93, -.2), (-.82, -.5)),
    ),
    Person(
        "group-of-four.jpg", (201, 417, 389, 636), (328, 556), -7, 11, Side.RIGHT,
        ((-.35, -1.05), (0, -1.13), (.28, -1), (.48, -.75), (.62, -.45), (.72, -.1), (.82, .2), (.86, .5), (.93, .8),
         (.7, 1), (.3, 1.05), (-.3, 1.05), (-.6, .95), (-.92, .9), (-.96, .72), (-.83, .55), (-.8, .2), (-.79, -.2),
         (-.74, -.6), (-.6, -.88)),
    ),
    Person(
        "group-of-four.jpg", (972, 280, 1146, 483), (1064, 416), 1, 3, Side.RIGHT,
        ((-.3, -1.13), (0, -1.26), (.3, -1.18), (.58, -1), (.73, -.7), (.78, -.35), (.76, 0), (.77, .3), (.8, .5),
         (.82, .95), (-.5, .95), (-.73, .75), (-.76, .4), (-.75, 0), (-.77, -.4), (-.68, -.8), (-.53, -1)),
    ),
)
# fmt: on


@cache
def portrait(person: Person, width: int, away: Side, degrees: int) -> Image.Image:
    """The head alone, RGBA, the middle of the face in the middle of the picture, `width` pixels from ear to ear.

    It looks `degrees` to the right of the picture. `away` is the side to which heads are turned far at this place; a
    head that shows more of its other side is mirrored.
    """
    head = _cut_out(person, width)
    return (head if person.shows is away else head.mirrored()).turned(degrees)


@cache
def _cut_out(person: Person, width: int) -> Head:
    side, around = (round(2 * reach * width) for reach in (REACH, REACH * math.sqrt(2)))
    x, y = person.middle
    reach = REACH * math.sqrt(2) * person.width
    with Image.open(PHOTOS / person.photo) as photo:
        # Beyond the photo's edge it is black, and outside every outline.
        cut = photo.convert("RGB").crop((round(x - reach), round(y - reach), round(x + reach), round(y + reach)))
    level = cut.resize((around, around), Image.Resampling.LANCZOS).rotate(person.roll, Image.Resampling.BICUBIC)
    margin = (around - side) // 2
    image = level.crop((margin, margin, margin + side, margin + side))
    image.putalpha(_inside(person, width, side))
    return Head(image, _level_nose(person), width, person.yaw)


def _inside(person: Person, width: int, side: int) -> Image.Image:
    mask = Image.new("L", (side, side))
    outline = [(side / 2 + across * width, side / 2 + down * width) for across, down in person.outline]
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    return mask.filter(ImageFilter.GaussianBlur(SOFTNESS * width))


def _level_nose(person: Person) -> Point:
    angle = math.radians(person.roll)
    across, down = ((tip - middle) / person.width for tip, middle in zip(person.nose, person.middle, strict=True))
    return across * math.cos(angle) + down * math.sin(angle), down * math.cos(angle) - across * math.sin(angle)
