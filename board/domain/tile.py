"""How one section is shown: level, percentage and trend as the worker's own chart has them (docs/watching.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from board.domain.attributes import text, within
from board.domain.layout import shown
from board.domain.samples import BUCKET_SECONDS, STALE, Sample

BUCKETS = 30
"""Five minutes."""
WINDOW_SECONDS = BUCKETS * BUCKET_SECONDS
PERCENTAGE_FROM = 10
"""Faces: of fewer, a percentage would pretend to know more than there is to see."""
TREND_SECONDS = 60.0
TREND_SHOWN = 5.0
"""Points of change in that time, beyond which there is an arrow."""

_MAX_LEVEL_CHARACTERS = 20


class Level(StrEnum):
    """All but the last as a bucket has it."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    CALIBRATING = "calibrating"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"


_SCORED = {Level.GREEN, Level.YELLOW, Level.RED}


@dataclass(frozen=True)
class Point:
    """`second` of the five minutes, 0 to 300, the latter being the newest; `score` is 0 to 100."""

    second: float
    score: float


@dataclass(frozen=True)
class Trend:
    """`points` of change is None where there are too few faces for a percentage."""

    rises: bool
    points: int | None


@dataclass(frozen=True)
class Tile:
    """`percentage` is 0 to 100; `runs` are parted by gaps in what was measured."""

    name: str
    level: Level = Level.NO_DATA
    percentage: int | None = None
    trend: Trend | None = None
    runs: tuple[tuple[Point, ...], ...] = ()


def tile_of(section: str, samples: Sequence[Sample]) -> Tile:
    """As of the last of `samples`; without any, a watch has only begun."""
    if not samples:
        return Tile(shown(section), Level.CALIBRATING)
    newest = samples[-1]
    level = _level(newest.section(section).get("level"))
    if level is Level.NO_DATA:
        return Tile(shown(section))
    past = _past(section, samples)
    runs = _runs(past, newest.end)
    if level not in _SCORED or newest.figure(section, "smoothed") is None:
        return Tile(shown(section), level, runs=runs)
    many = (newest.figure(section, "faces") or 0) >= PERCENTAGE_FROM
    percentage = round(past[-1][1]) if many else None
    return Tile(shown(section), level, percentage, _trend(past, many=many), runs)


def _level(value: object) -> Level:
    told = text(value, _MAX_LEVEL_CHARACTERS)
    return Level(told) if told in set(Level) else Level.NO_DATA


def _past(section: str, samples: Sequence[Sample]) -> list[tuple[float, float]]:
    """Epoch seconds and smoothed score, 0 to 100, the oldest first."""
    scores = [(sample.end, sample.figure(section, "smoothed")) for sample in samples]
    return [(end, within(score, 0, 100)) for end, score in scores if score is not None]


def _trend(past: Sequence[tuple[float, float]], *, many: bool) -> Trend | None:
    """None without an arrow: little has changed, or nothing is known of a minute ago."""
    end, newest = past[-1]
    then = end - TREND_SECONDS
    known = [score for moment, score in past if then - STALE.total_seconds() <= moment <= then]
    change = newest - known[-1] if known else 0.0
    return Trend(change > 0, round(change) if many else None) if abs(change) > TREND_SHOWN else None


def _runs(past: Sequence[tuple[float, float]], newest: float) -> tuple[tuple[Point, ...], ...]:
    """A sample counts for STALE; after that there is a gap."""
    runs: list[list[Point]] = []
    before = float("-inf")
    for end, score in past:
        second = WINDOW_SECONDS - (newest - end)
        if second < 0:
            continue
        if end - before > STALE.total_seconds():
            # From the bucket's begin: one bucket alone is to be seen, too.
            runs.append([Point(max(second - BUCKET_SECONDS, 0), score)])
        runs[-1].append(Point(second, score))
        before = end
    return tuple(map(tuple, runs))
