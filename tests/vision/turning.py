"""Heads turned after the photograph was taken, as if the picture lay around a cylinder."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .halls import Cutting

RADIUS = 0.65
"""Of the cylinder, in widths of the face: about a head's, ears included."""


def turned(person: Cutting, degrees: float) -> Cutting:
    """To the right of the picture. No nose stands out of a cylinder, so such a head seems to turn about half as far."""
    columns = _source(person.image.width, person.face.centre[0], RADIUS * person.face.width, degrees)
    before = np.floor(columns).astype(int)
    after = np.minimum(before + 1, person.image.width - 1)
    share = (columns - before)[:, None]
    picture = np.asarray(person.image, np.float64)
    mixed = picture[:, before] * (1 - share) + picture[:, after] * share
    return replace(person, image=Image.fromarray(mixed.round().astype(np.uint8)))


def _source(length: int, centre: float, radius: float, degrees: float) -> NDArray[np.float64]:
    """The column that each column shows: outside the cylinder its own."""
    offset = (np.arange(length) - centre) / radius
    angle = np.arcsin(offset.clip(-1, 1)) - np.radians(degrees)
    source = centre + radius * np.sin(angle.clip(-np.pi / 2, np.pi / 2))
    return np.where(np.abs(offset) < 1, source, np.arange(length)).clip(0, length - 1)
