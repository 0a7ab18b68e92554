# ruff: noqa: INP001 - a script
"""Draws demo/billboard, three pictures and a short video: `python -m tools.billboard_pictures`."""

import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw

FOLDER = Path(__file__).parents[1] / "demo" / "billboard"
SIZE = (1280, 720)
VIDEO_SIZE, VIDEO_SECONDS, RATE = (640, 360), 6, 25
PARTY = ("#ffd23f", "#ff6b6b", "#4fc7b1", "#ffffff", "#7d5ba6", "#ff9f1c")

Colour = tuple[int, int, int]


def main() -> None:
    """Writes the files anew."""
    for name, picture in (("sea", sea()), ("hills", hills()), ("party", party())):
        picture.resize(SIZE, Image.Resampling.LANCZOS).save(FOLDER / f"{name}.jpg", quality=82, optimize=True)
    film(FOLDER / "dance.mp4")


def sea() -> Image.Image:
    """A low sun over waves."""
    picture, pen = sky((255, 214, 170), (104, 168, 190))
    width, height = picture.size
    pen.ellipse(box(width * 0.66, height * 0.44, height * 0.11), fill=(255, 244, 214))
    for row in range(6):
        level = height * (0.52 + 0.085 * row)
        line = [
            (x, level + math.sin(x / width * math.tau * (1.6 + row * 0.3) + row * 1.9) * height * 0.012)
            for x in range(0, width + 8, 8)
        ]
        pen.polygon([*line, (width, height), (0, height)], fill=mixed((78, 150, 170), (9, 52, 78), row / 5))
    return picture


def hills() -> Image.Image:
    """Ridges in the morning, the farther the paler."""
    picture, pen = sky((250, 236, 214), (176, 205, 214))
    width, height = picture.size
    for ridge in range(5):
        level = height * (0.42 + 0.12 * ridge)
        line = [
            (
                x,
                level
                + math.sin(x / width * (3.1 + ridge) + ridge * 2.3) * height * 0.07
                + math.sin(x / width * (8.7 - ridge) + ridge) * height * 0.025,
            )
            for x in range(0, width + 8, 8)
        ]
        pen.polygon([*line, (width, height), (0, height)], fill=mixed((166, 190, 186), (19, 66, 58), ridge / 4))
    return picture


def party() -> Image.Image:
    """Confetti."""
    chance = random.Random(15)  # noqa: S311 - a picture, no secret
    picture, _ = sky((214, 72, 110), (92, 44, 116))
    for _ in range(260):
        piece = Image.new("RGBA", (60, 28), chance.choice(PARTY)).rotate(chance.uniform(0, 360), expand=True)
        scale = chance.uniform(0.35, 1.3)
        piece = piece.resize((max(1, round(piece.width * scale)), max(1, round(piece.height * scale))))
        at = (chance.randrange(-30, picture.width), chance.randrange(-30, picture.height))
        picture.paste(piece, at, piece)
    return picture


def film(path: Path) -> None:
    """Six seconds of dots that dance."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream: Any = container.add_stream("libx264", rate=RATE, options={"crf": "27", "preset": "veryslow"})
        stream.width, stream.height, stream.pix_fmt = *VIDEO_SIZE, "yuv420p"
        for frame in frames():
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(frame), format="rgb24")))
        container.mux(stream.encode())


def frames() -> Iterator[Image.Image]:
    """The last one leads over to the first."""
    width, height = (2 * side for side in VIDEO_SIZE)
    for number in range(VIDEO_SECONDS * RATE):
        at = number / (VIDEO_SECONDS * RATE) * math.tau
        picture = Image.new("RGB", (width, height), (32, 26, 60))
        pen = ImageDraw.Draw(picture)
        for dot, colour in enumerate(PARTY * 2):
            x = width * (dot + 1) / (2 * len(PARTY) + 1)
            y = height * (0.5 - 0.3 * math.sin(at * 3 + dot * math.tau / 6))
            pen.ellipse(box(x, y, 26 + 10 * math.sin(at * 6 + dot)), fill=colour)
        yield picture.resize(VIDEO_SIZE, Image.Resampling.LANCZOS)


def sky(bottom: Colour, top: Colour) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Twice the size, so that edges are smooth in the end."""
    width, height = (2 * side for side in SIZE)
    picture = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(picture)
    for y in range(height):
        pen.line([(0, y), (width, y)], fill=mixed(top, bottom, min(1.0, y / height * 1.6)))
    return picture, pen


def box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """Of a circle."""
    return x - radius, y - radius, x + radius, y + radius


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """`share` of the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


if __name__ == "__main__":
    main()
