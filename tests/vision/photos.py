from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from localcloud.vision import FaceDetail
from localcloud.vision.geometry import Box

FOLDER = Path(__file__).resolve().parents[2] / "demo" / "photos"

# From ear to ear and from the middle of the forehead to the chin, noted by eye, in pixels, from left to right.
FACES_BY_EYE = {
    "astronaut.jpg": [Box(176, 60, 270, 178)],
    "group-of-three.jpg": [Box(490, 275, 662, 500), Box(890, 185, 1085, 420), Box(1240, 252, 1400, 480)],
    "group-of-four.jpg": [
        Box(205, 420, 390, 635),
        Box(560, 290, 712, 520),
        Box(970, 285, 1145, 485),
        Box(1230, 235, 1415, 460),
    ],
}


def photo(name: str) -> Image.Image:
    with Image.open(FOLDER / name) as image:
        return image.convert("RGB")


def pixels(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image, np.uint8)


def boxes(faces: Iterable[FaceDetail], image: Image.Image) -> list[Box]:
    """Where the faces are, in pixels."""
    return [
        Box(
            box["Left"] * image.width,
            box["Top"] * image.height,
            (box["Left"] + box["Width"]) * image.width,
            (box["Top"] + box["Height"]) * image.height,
        )
        for box in (face["BoundingBox"] for face in faces)
    ]
