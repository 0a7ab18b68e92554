"""How bright and how sharp the picture of a face is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .geometry import Box

PIXELS = 96
"""A larger face is reduced to this width: blur that this hides does not hide the face."""
BLUR = 9
"""Pixels over which the picture is averaged to see how much detail that takes from it."""


@dataclass(frozen=True)
class Quality:
    """In 0..100. The scales are not Rekognition's, which are not published.

    `brightness` is the mean luma. `sharpness` is how much of the differences between neighbouring pixels an averaging
    takes away, which is little when the picture is blurred already (F. Crété-Roffet et al., "The Blur Effect", 2007).
    """

    brightness: float
    sharpness: float


def quality(photo: Image.Image, face: Box) -> Quality:
    seen = face.clipped(*photo.size)
    left, top = int(seen.left), int(seen.top)
    patch = photo.crop((left, top, max(round(seen.right), left + 1), max(round(seen.bottom), top + 1)))
    if patch.width > PIXELS:
        size = PIXELS, max(round(patch.height * PIXELS / patch.width), 1)
        patch = patch.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0)
    grey = np.asarray(patch.convert("L"), np.float32)
    return Quality(
        brightness=float(grey.mean()) / 2.55,
        sharpness=100 * min(_detail_lost(grey), _detail_lost(grey.T)),
    )


def _detail_lost(grey: NDArray[np.float32]) -> float:
    """By averaging along the columns, in parts of the differences there: 0..1."""
    if len(grey) <= BLUR:
        return 0.0
    sums = np.cumsum(grey, axis=0)
    averaged = (sums[BLUR:] - sums[:-BLUR]) / BLUR
    # The average of BLUR rows lies at the middle one.
    before = np.abs(np.diff(grey[1 + BLUR // 2 : 1 + BLUR // 2 + len(averaged)], axis=0))
    lost = np.maximum(before - np.abs(np.diff(averaged, axis=0)), 0)
    return float(lost.sum() / max(before.sum(), 1.0))
