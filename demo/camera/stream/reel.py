"""A film as the encoder leaves it, and when each of its pictures is to be sent."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from demo.camera.stream import nal
from demo.camera.stream.film import MODULO_SECONDS, Codec, Film


@dataclass(frozen=True)
class Picture:
    """`nals` without parameter sets and without start codes; `seen` is the picture's number in the order of showing.

    `sent` is in the same unit: a picture that others are shown before waits for none of them.
    """

    nals: tuple[bytes, ...]
    is_key: bool
    seen: int
    sent: int


@dataclass(frozen=True)
class Due:
    """A picture and its time of day; `begin` numbers, from the epoch, the first picture of its loop."""

    begin: int
    picture: Picture
    fps: int

    @property
    def at(self) -> float:
        """When it is to be sent, in epoch seconds."""
        return (self.begin + self.picture.sent) / self.fps

    @property
    def seen(self) -> int:
        """When it was seen, in units of 1/fps since the epoch."""
        return self.begin + self.picture.seen


@dataclass(frozen=True)
class Reel:
    """`pictures` in the order of decoding, `MODULO_SECONDS` of them, the first a key frame."""

    film: Film
    parameter_sets: tuple[bytes, ...]
    pictures: tuple[Picture, ...]

    def due_from(self, now: float) -> Iterator[Due]:
        """Give the pictures that are due at `now` or later, without an end."""
        rounds = itertools.count(int(now // MODULO_SECONDS) * self.film.pictures, self.film.pictures)
        endless = (Due(begin, picture, self.film.fps) for begin in rounds for picture in self.pictures)
        return itertools.dropwhile(lambda due: due.at < now, endless)


def render(photos: Path, film: Film) -> Reel:
    """Encode a film of a folder's `*.jpg`; a second time, in the same process, it is at hand.

    Raises:
        ValueError: there is no photograph in the folder.
    """
    return _render(photos, film, tuple(path.stat().st_mtime_ns for path in sorted(photos.glob("*.jpg"))))


@lru_cache(maxsize=16)
def _render(photos: Path, film: Film, _changed: tuple[int, ...]) -> Reel:
    # Only a camera with a film needs it: PyAV is 100 MB on disk.
    from demo.camera.stream.encoder import encode  # noqa: PLC0415

    coded = [(nal.split(data), seen) for data, seen in encode(photos, film)]
    parameter_sets = tuple(unit for unit in coded[0][0] if nal.is_parameter_set(unit, film.codec))
    latest = itertools.accumulate((seen for _, seen in coded), max)
    pictures = [_picture(units, seen, sent, film.codec) for (units, seen), sent in zip(coded, latest, strict=True)]
    return Reel(film, parameter_sets, tuple(pictures))


def _picture(units: list[bytes], seen: int, sent: int, codec: Codec) -> Picture:
    slices = tuple(unit for unit in units if nal.is_slice(unit, codec))
    return Picture(slices, any(nal.is_key_slice(unit, codec) for unit in slices), seen, sent)
