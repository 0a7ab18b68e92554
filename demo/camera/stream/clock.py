"""The clock in the picture: digits for people, and beside nothing else a row of black and white blocks for machines.

The blocks are 3 guards (white, black, white), 16 bits of milliseconds, the highest first, 4 of their check sum, and a
black one. Everything is a share of the picture's width, so that a picture is read as well when it was made smaller.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from demo.camera.stream.film import MODULO_SECONDS

BLACK, WHITE = 16, 235
_GUARD, _BITS, _CHECK = (1, 0, 1), 16, 4
_BLOCKS = len(_GUARD) + _BITS + _CHECK + 1
_ACROSS = 80  # blocks side by side would fill the picture's width
_LEAST_CONTRAST = 60


class NoClockError(ValueError):
    """There is no clock in the picture that can be read."""


@dataclass(frozen=True)
class Face:
    """Where the clock is in a picture of this size, in pixels: the lower left corner."""

    width: int
    height: int

    @property
    def block(self) -> float:
        return self.width / _ACROSS

    @property
    def extent(self) -> tuple[int, int]:
        """Width and height of all of it, both even."""
        return 2 * round(self.block * (_BLOCKS + 1) / 2), 2 * round(self.block * 2)

    def middle(self, number: int) -> tuple[float, float]:
        return self.block * (number + 1), self.height - self.block


def draw(face: Face, milliseconds: int) -> Image.Image:
    """Give the corner of the picture as its brightness, `face.extent` in size."""
    corner = Image.new("L", face.extent, BLACK)
    pen = ImageDraw.Draw(corner)
    top, half = face.height - face.extent[1], face.block / 2
    for number, bit in enumerate(_bits(milliseconds)):
        x, y = face.middle(number)
        pen.rectangle((x - half, y - top - half, x + half - 1, y - top + half - 1), fill=WHITE if bit else BLACK)
    pen.text((half, 0), f"{milliseconds / 1000:06.3f}", fill=WHITE, font=ImageFont.load_default(2 * face.block))
    return corner


def read(picture: Image.Image | bytes) -> float:
    """Give the seconds that the clock in a picture, or in a JPEG, shows: 0 to MODULO_SECONDS.

    Raises:
        NoClockError: it shows none.
    """
    image = (Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture).convert("L")
    face = Face(*image.size)
    levels = [_level(image, face, number) for number in range(_BLOCKS)]
    white, black = min(levels[0], levels[2]), max(levels[1], levels[-1])
    if white - black < _LEAST_CONTRAST:
        raise NoClockError("no clock in the picture")
    bits = tuple(int(level > (white + black) / 2) for level in levels)
    milliseconds = int("".join(map(str, bits[len(_GUARD) : len(_GUARD) + _BITS])), 2)
    if bits != _bits(milliseconds):
        raise NoClockError("the clock in the picture cannot be read")
    return milliseconds / 1000


def age(picture: Image.Image | bytes, now: float) -> float:
    """Give how many seconds before `now`, in epoch seconds, a picture was seen; less than MODULO_SECONDS.

    Raises:
        NoClockError: it shows no clock.
    """
    return (now - read(picture)) % MODULO_SECONDS


def _bits(milliseconds: int) -> tuple[int, ...]:
    check = (sum(milliseconds >> shift & 15 for shift in range(0, _BITS, 4)) ^ 0b1010) & 15
    return (*_GUARD, *map(int, f"{milliseconds:0{_BITS}b}{check:0{_CHECK}b}"), 0)


def _level(image: Image.Image, face: Face, number: int) -> float:
    (x, y), quarter = face.middle(number), face.block / 4
    around = image.resize((1, 1), Image.Resampling.BOX, (x - quarter, y - quarter, x + quarter, y + quarter))
    return float(around.tobytes()[0])
