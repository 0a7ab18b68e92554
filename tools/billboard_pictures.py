# ruff: noqa: INP001 - a script
"""Draws the pictures of the demo's billboard, which are this project's own: `python -m tools.billboard_pictures`."""

import math
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

FOLDER = Path(__file__).parents[1] / "demo" / "billboard"
SIZE = (1600, 900)
Colour = tuple[int, int, int]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, picture in {
        "sea.jpg": sea(),
        "hills.jpg": hills(),
        "confetti.jpg": confetti(),
        "rain.jpg": rain(),
    }.items():
        picture.save(FOLDER / name, quality=80, optimize=True, progressive=True)


def sky(above: Colour, below: Colour) -> Image.Image:
    column = Image.new("RGB", (1, SIZE[1]))
    for y in range(SIZE[1]):
        share = y / SIZE[1]
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(above, below, strict=True))
        column.putpixel((0, y), (red, green, blue))
    return column.resize(SIZE)


def waves(picture: Image.Image, colours: list[Colour], top: int, height: int, step: int) -> Image.Image:
    """A band of waves for each colour, one before the other."""
    draw = ImageDraw.Draw(picture)
    width, bottom = picture.size
    for number, colour in enumerate(colours):
        base, length = top + number * step, 260 + 90 * number
        crest = [(x, base + height * math.sin(x / length + number * 1.7)) for x in range(0, width + 8, 8)]
        draw.polygon([*crest, (width, bottom), (0, bottom)], fill=colour)
    return picture


def sea() -> Image.Image:
    picture = sky((250, 222, 190), (245, 180, 150))
    ImageDraw.Draw(picture).ellipse((1040, 170, 1240, 370), fill=(255, 244, 214))
    return waves(picture, [(94, 160, 170), (58, 130, 148), (34, 100, 124), (20, 72, 98)], 430, 22, 110)


def hills() -> Image.Image:
    picture = sky((196, 222, 232), (240, 238, 214))
    return waves(picture, [(168, 196, 170), (128, 170, 140), (88, 140, 112), (46, 104, 84)], 380, 70, 120)


def confetti() -> Image.Image:
    chance = random.Random(7)  # noqa: S311 - a picture that is the same each time
    picture = sky((255, 214, 82), (248, 128, 92))
    draw = ImageDraw.Draw(picture)
    colours = [(255, 255, 255), (0, 133, 111), (163, 0, 26), (60, 90, 200), (255, 240, 180)]
    for _ in range(260):
        x, y, size = chance.randrange(SIZE[0]), chance.randrange(SIZE[1]), chance.randrange(14, 44)
        turn = chance.random() * math.pi
        across, along = (
            (size * math.cos(turn), size * math.sin(turn)),
            (-size * math.sin(turn) / 2, size * math.cos(turn) / 2),
        )
        corners = [(0, 0), across, (across[0] + along[0], across[1] + along[1]), along]
        draw.polygon([(x + dx, y + dy) for dx, dy in corners], fill=chance.choice(colours))
    return picture


def rain() -> Image.Image:
    chance = random.Random(3)  # noqa: S311 - the same
    picture = sky((70, 86, 110), (120, 140, 156))
    draw = ImageDraw.Draw(picture)
    for _ in range(420):
        x, y, length = chance.randrange(SIZE[0]), chance.randrange(SIZE[1]), chance.randrange(30, 90)
        draw.line((x, y, x - length / 5, y + length), fill=(176, 196, 210), width=3)
    return waves(picture.filter(ImageFilter.GaussianBlur(1)), [(64, 84, 96), (46, 62, 74)], 700, 16, 90)


if __name__ == "__main__":
    main()
