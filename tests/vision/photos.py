from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "demo" / "photos"


def photo(name: str) -> Image.Image:
    with Image.open(FOLDER / name) as image:
        return image.convert("RGB")


def pixels(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image, np.uint8)
