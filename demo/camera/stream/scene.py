"""What the lens sees: the photographs one after the other, the sensor's noise over them, the clock in a corner."""

from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageOps

from demo.camera.stream.clock import BLACK, WHITE, Face, draw
from demo.camera.stream.film import Film, Tint

Planes: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]"
"""YUV 4:2:0 as PyAV takes it: one row of bytes under the other, `height * 3 / 2` of them."""

_MARGIN = 24  # how far noise may go without leaving the range of bytes
_SHIFT = 64
_TINTS = {Tint.GREY: (128, 128, 128), Tint.GREEN: (0, 0, 0)}
_NEUTRAL = 128


class Scene:
    """Every picture of a film, the same in every process.

    Raises:
        ValueError: there is no photograph in the folder.
    """

    def __init__(self, photos: Path, film: Film) -> None:
        paths = sorted(photos.glob("*.jpg"))
        if not paths:
            raise ValueError(f"no *.jpg in {photos}")
        self._film = film
        self._face = Face(*film.size)
        self._views = [_tinted(film, film.tint)] if film.tint else [self._view(path) for path in paths]
        width, height = film.size
        random = np.random.default_rng(0)
        noise = random.normal(0, film.noise, (height + _SHIFT, width + _SHIFT))
        self._noise = np.clip(noise, -_MARGIN / 2, _MARGIN / 2).astype(np.int8).view(np.uint8)
        self._shifts = random.integers(0, _SHIFT, (film.pictures, 2))

    def picture(self, number: int) -> Planes:
        """Give the picture that is seen `number / fps` seconds into the loop."""
        film = self._film
        planes = self._views[number * len(self._views) // film.pictures].copy()
        if film.tint:
            return planes
        width, height = film.size
        down, right = self._shifts[number]
        # Bytes wrap around: what is added is a small number, also where it is a negative one.
        planes[:height] += self._noise[down : down + height, right : right + width]
        across, up = self._face.extent
        planes[height - up : height, :across] = np.asarray(draw(self._face, number * 1000 // film.fps))
        return planes

    def _view(self, path: Path) -> Planes:
        with Image.open(path) as photo:
            fitted = ImageOps.pad(photo.convert("RGB"), self._film.size)
        across, up = self._face.extent
        fitted.paste((0, 0, 0), (0, fitted.height - up, across, fitted.height))
        return _planes(fitted)


def _planes(picture: Image.Image) -> Planes:
    y, blue, red = picture.convert("YCbCr").split()
    quarter = (picture.width // 2, picture.height // 2)
    luma = np.asarray(y, np.float32) * ((WHITE - BLACK) / 255) + BLACK
    chroma = [np.asarray(plane.resize(quarter, Image.Resampling.BOX), np.float32) for plane in (blue, red)]
    limited = [(plane - _NEUTRAL) * (224 / 255) + _NEUTRAL for plane in chroma]
    flat = np.concatenate([np.clip(luma, _MARGIN, 255 - _MARGIN).ravel(), *(plane.ravel() for plane in limited)])
    return flat.astype(np.uint8).reshape(picture.height * 3 // 2, picture.width)


def _tinted(film: Film, tint: Tint) -> Planes:
    width, height = film.size
    y, blue, red = _TINTS[tint]
    flat = np.repeat(np.array([y, blue, red], np.uint8), [width * height, width * height // 4, width * height // 4])
    return flat.reshape(height * 3 // 2, width)
