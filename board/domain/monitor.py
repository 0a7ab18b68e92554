"""What the comfort monitor shows of a camera's newest watch. What is late is never shown as if it were of now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from board.domain.attributes import number
from board.domain.item import Item
from board.domain.layout import Layout, layout_of, shown
from board.domain.moment import parse
from board.domain.samples import STALE, Sample, samples_of
from board.domain.tile import Tile, tile_of
from board.domain.watch_end import End, end_of

FIRST_BUCKET = timedelta(seconds=60)
"""A watch that has just begun may take so long to its first: the camera's stream is opened, and a bucket filled."""
CLOCK_SLACK = timedelta(seconds=10)
"""By which a bucket may end in the future: more, and this host's clock cannot tell what is late."""


class State(StrEnum):
    NO_WATCH = "no-watch"
    RUNNING = "running"
    SILENT = "silent"
    """It should run, and nothing has been measured lately."""
    CLOCK = "clock"
    """It runs in the future, as it seems."""
    ENDED = "ended"
    UNKNOWN = "unknown"
    """AWS did not tell."""


@dataclass(frozen=True)
class Monitor:
    """`tiles` are shown while it runs, until `fresh_until`; from then on, and in every other state, `silent`."""

    state: State
    layout: Layout | None = None
    tiles: tuple[Tile, ...] = ()
    faces: int | None = None
    measured_at: datetime | None = None
    fresh_until: datetime | None = None
    ends_at: datetime | None = None
    end: End | None = None

    @property
    def silent(self) -> tuple[Tile, ...]:
        return tuple(Tile(shown(section)) for section in self.layout.sections) if self.layout else ()

    def is_late(self, now: datetime) -> bool:
        """Whether it tells as if it were of now what no longer is."""
        return self.fresh_until is not None and now >= self.fresh_until


def monitor(watch: Item | None, buckets: Iterable[Item], now: datetime) -> Monitor:
    """Of the newest `watch` of a camera and its newest `buckets`, as of `now` by this host's clock."""
    if watch is None:
        return Monitor(State.NO_WATCH)
    samples = samples_of(watch, buckets)
    layout = layout_of(watch, samples[-1].sections if samples else {})
    if watch.get("status") == "ended":
        return Monitor(State.ENDED, layout, end=end_of(watch, layout.sections))
    return _under_way(watch, layout, samples, now)


def _under_way(watch: Item, layout: Layout, samples: Sequence[Sample], now: datetime) -> Monitor:
    begun = parse(watch.get("started_at"))
    measured_at = datetime.fromtimestamp(samples[-1].end, UTC) if samples else None
    fresh_until = measured_at + STALE if measured_at else begun + FIRST_BUCKET if begun else None
    ends_at = parse(watch.get("ends_at"))
    if fresh_until is None or now >= fresh_until:
        return Monitor(State.SILENT, layout, measured_at=measured_at, ends_at=ends_at)
    if (newest := measured_at or begun) and newest > now + CLOCK_SLACK:
        return Monitor(State.CLOCK, layout, measured_at=measured_at, ends_at=ends_at)
    tiles = tuple(tile_of(section, samples) for section in layout.sections)
    return Monitor(State.RUNNING, layout, tiles, _faces(samples), measured_at, fresh_until, ends_at)


def _faces(samples: Sequence[Sample]) -> int | None:
    faces = number(samples[-1].bucket.get("faces")) if samples else None
    return None if faces is None else round(max(faces, 0))
