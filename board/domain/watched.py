"""Watches as the history tells them, and what was measured in one, minute by minute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from board.domain.attributes import mapping, number, text, within
from board.domain.costs import Watched
from board.domain.item import Item
from board.domain.layout import layout_of
from board.domain.moment import parse
from board.domain.partitions import watched_camera
from board.domain.tally import pressed_at
from board.domain.watch_end import MAX_ERROR_CHARACTERS, MAX_REASON_CHARACTERS, Shares, end_of

ATTRIBUTES = (
    "camera",
    "capture_id",
    "status",
    "started_at",
    "ends_at",
    "ended_at",
    "end_reason",
    "error",
    "grid",
    "sections",
    "calls",
    "dollars",
    "summary",
)
BUCKET_ATTRIBUTES = ("capture_id", "watch", "faces", "sections")

LEVELS = {"green": "Facing", "yellow": "Mixed", "red": "Away", "calibrating": "Calibrating", "too_few": "Too few"}

_MAX_COUNT, _MAX_DOLLARS, _MAX_MINUTES = 1_000_000, 1000, 100_000


@dataclass(frozen=True)
class Watch:
    """`sections` in reading order as the camera sees them, `columns` in a row; `shares` are of each, or empty.

    `reason` is `end_reason` and `error` in words.
    """

    camera: str
    capture_id: str
    running: bool
    started: datetime | None
    ended: datetime | None
    minutes: float | None
    end_reason: str
    error: str
    reason: str
    faces: float | None
    calls: int
    dollars: float
    columns: int
    sections: tuple[str, ...]
    shares: tuple[Shares, ...]

    def __add__(self, other: Self) -> Self:
        """The one that was read later."""
        return other

    @property
    def cost(self) -> Watched:
        return Watched(self.dollars, self.minutes or 0)


def watches_of(items: Iterable[Item]) -> dict[str, Watch]:
    """By capture_id; what is named otherwise than a worker names a watch is left out."""
    return {
        str(item["capture_id"]): read_watch(item) for item in items if pressed_at(item.get("capture_id")) is not None
    }


def read_watch(item: Item) -> Watch:
    summary = mapping(item.get("summary"))
    started, ended = parse(item.get("started_at")), parse(item.get("ended_at"))
    minutes = number(summary.get("minutes"))
    if minutes is None and started and ended:
        minutes = (ended - started).total_seconds() / 60
    layout = layout_of(item, dict(mapping(summary.get("sections"))))
    end = end_of(item, layout.sections)
    return Watch(
        camera=watched_camera(text(item.get("camera"), 100)),
        capture_id=str(item.get("capture_id")),
        running=item.get("status") == "running",
        started=started,
        ended=ended,
        minutes=None if minutes is None else within(minutes, 0, _MAX_MINUTES),
        end_reason=text(item.get("end_reason"), MAX_REASON_CHARACTERS),
        error=text(item.get("error"), MAX_ERROR_CHARACTERS),
        reason=end.reason,
        faces=number(summary.get("faces")),
        calls=round(within(item.get("calls"), 0, _MAX_COUNT)),
        dollars=within(item.get("dollars"), 0, _MAX_DOLLARS),
        columns=layout.columns,
        sections=layout.sections,
        shares=end.sections,
    )


def share_words(shares: Shares) -> str:
    """Such as `Facing 75 %, Away 25 %`."""
    return ", ".join(f"{LEVELS[share.level]} {share.percent} %" for share in shares.shares)


@dataclass(frozen=True, slots=True)
class Mean:
    total: float = 0.0
    count: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(self.total + other.total, self.count + other.count)

    @property
    def value(self) -> float | None:
        return self.total / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Minute:
    """Mean count of faces, and each section's mean score, 0 to 100."""

    faces: Mean = field(default_factory=Mean)
    scores: Mapping[str, Mean] = field(default_factory=dict)

    def __add__(self, other: Self) -> Self:
        names = self.scores.keys() | other.scores.keys()
        nothing = Mean()
        scores = {name: self.scores.get(name, nothing) + other.scores.get(name, nothing) for name in names}
        return type(self)(self.faces + other.faces, scores)


def minutes_of(watch: Watch, buckets: Iterable[Item]) -> dict[str, Minute]:
    """By minute, such as `2026-11-22T18:45`, of those buckets that are the watch's."""
    minutes: dict[str, Minute] = {}
    for bucket in buckets:
        begin = text(bucket.get("capture_id"), 40)
        if bucket.get("watch") != watch.capture_id or pressed_at(begin) is None:
            continue
        measured = mapping(bucket.get("sections"))
        scores = {name: _mean(mapping(measured.get(name)).get("smoothed"), 100) for name in watch.sections}
        minute = Minute(_mean(bucket.get("faces"), _MAX_COUNT), scores)
        key = begin[:16]
        minutes[key] = minutes[key] + minute if key in minutes else minute
    return minutes


def _mean(value: object, most: float) -> Mean:
    return Mean() if number(value) is None else Mean(within(value, 0, most), 1)
