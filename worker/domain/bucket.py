"""What is kept of a watch: one item for each ten seconds, and nothing about a single face."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean

from worker.domain.audience import Frame
from worker.domain.record import Attributes
from worker.domain.section import Figures, Reading
from worker.domain.timestamp import iso, parse_iso
from worker.domain.watch import partition

BUCKET_SECONDS = 10
"""Aligned to the epoch, so that buckets of one camera never overlap, whoever writes them."""

KEPT_FOR = timedelta(days=7)

DECIMALS = 3
"""Of figures: a thousandth of a face or of a point."""


@dataclass(frozen=True)
class Bucket:
    """The frames of one bucket; it is written when it is over."""

    begin: int
    """Epoch seconds."""
    frames: tuple[Frame, ...]

    @classmethod
    def of(cls, frame: Frame) -> "Bucket":
        return cls(int(frame.at // BUCKET_SECONDS) * BUCKET_SECONDS, (frame,))

    @property
    def end(self) -> int:
        return self.begin + BUCKET_SECONDS


def collect(bucket: Bucket | None, frame: Frame) -> tuple[Bucket, Bucket | None]:
    """The bucket that `frame` is in, and the one that is over with it, if one is."""
    fresh = Bucket.of(frame)
    if bucket is None or fresh.begin <= bucket.begin:
        return Bucket(bucket.begin, (*bucket.frames, frame)) if bucket else fresh, None
    return fresh, bucket


def bucket_item(bucket: Bucket, camera: str, watch: str, min_faces: int) -> Attributes:
    """The item of a bucket; `watch` is the capture_id of its watch.

    Figures are of at least `min_faces` faces each: a section's means are over the frames in which it had as many, and
    a section that has fewer at the end has none; likewise `mood`, which asks for that mean count altogether, too.
    """
    faces = fmean(frame.faces for frame in bucket.frames)
    moods = [frame.mood for frame in bucket.frames if frame.mood is not None]
    last = bucket.frames[-1].sections
    return {
        "camera": partition(camera),
        "capture_id": iso(datetime.fromtimestamp(bucket.begin, UTC)),
        "watch": watch,
        "frames": len(bucket.frames),
        "faces": round(faces, DECIMALS),
        **({"mood": _mean_mood(moods)} if faces >= min_faces else {}),
        "sections": {name: _section([frame.sections[name] for frame in bucket.frames]) for name in last},
        "expires_at": bucket.begin + int(KEPT_FOR.total_seconds()),
    }


def begin_of(item: Attributes) -> float:
    """Epoch seconds. Raises KeyError or ValueError: no item of a bucket."""
    return parse_iso(item["capture_id"]).timestamp()


def _mean_mood(moods: list[Mapping[str, int]]) -> dict[str, float]:
    names = sorted({name for mood in moods for name in mood})
    return {name: round(fmean(mood.get(name, 0) for mood in moods), DECIMALS) for name in names}


def _section(readings: list[Reading]) -> Attributes:
    last = readings[-1]
    if last.figures is None:
        return {"level": last.level.value}
    figures = [reading.figures for reading in readings if reading.figures is not None]
    return {"level": last.level.value, **_rounded(_means(figures, last.figures))}


def _means(figures: list[Figures], last: Figures) -> dict[str, float | None]:
    """Means over the bucket's frames, but the state at its end of what changes slowly by itself."""
    return {
        "faces": fmean(one.faces for one in figures),
        "expected": last.expected,
        "facing": _mean(one.facing for one in figures),
        "smiling": fmean(one.smiling for one in figures),
        "score": _mean(one.score for one in figures),
        "smoothed": last.smoothed,
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _rounded(values: Mapping[str, float | None]) -> dict[str, float]:
    return {name: round(value, DECIMALS) for name, value in values.items() if value is not None}
