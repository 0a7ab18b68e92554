"""The hall in front of a simulated camera."""

import itertools
from collections.abc import Callable, Collection
from pathlib import Path

from demo.camera.state import Photograph
from demo.hall.picture import SECTIONS, hall


class HallView:
    """Pictures of the hall, no two of them the same.

    `away` is asked for each: the sections that are turned away just now.
    """

    def __init__(self, away: Callable[[], Collection[str]]) -> None:
        self._away = away
        # Counting is atomic, so that no lock is needed.
        self._seeds = itertools.count(1)
        # People are made ready before the camera is on: a first picture that takes seconds is no camera's.
        for sections in ((), SECTIONS):
            hall(sections, 0)

    def next(self) -> Photograph:
        seed = next(self._seeds)
        return Photograph(f"hall-{seed:04}.jpg", hall(self._away(), seed))


def named_in(file: Path) -> frozenset[str]:
    """The lines of `file`; none if there is no file. Replace it, so that it is never read half written."""
    try:
        return frozenset(file.read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return frozenset()
