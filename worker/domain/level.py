"""From a section's scores to the colour it is shown in: smoothed, with hysteresis, and held."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SMOOTHING_SECONDS = 20.0
"""Time constant of the smoothing: a blink does not show, a real drop does after 25 s (simulated with 8 faces)."""

GREEN_BORDER = 60.0
RED_BORDER = 40.0
"""Borders of the smoothed score; green lies above the one, red below the other."""

HYSTERESIS = 5.0
"""How far beyond a border a level is entered, and how far before it left: 22 changes an hour at a border in place of
192 (simulated, 8 faces)."""

HOLD_SECONDS = 10.0
"""For how long another level has to be due before it is shown."""

JITTER_SECONDS = 0.25
"""By which a frame may come early: two frames each 5 s apart are seldom 10.000 s apart."""

STALE_SECONDS = 30.0
"""After which an old sample says nothing any more: the screens show "no data" then."""

TREND_SECONDS = 60.0
"""How far back a trend looks."""

TREND_SHOWN = 5.0
"""Points of change beyond which a trend gets an arrow."""


class Level(StrEnum):
    CALIBRATING = "calibrating"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Shown:
    """A level that is shown, and since when another one is due, if one is; seconds of any clock."""

    level: Level
    other_since: float | None = None


def smooth(smoothed: float, score: float, seconds: float) -> float:
    """The smoothed score, `seconds` after it was `smoothed`: after a long gap, as good as the new `score`."""
    return smoothed + (1 - math.exp(-max(0.0, seconds) / SMOOTHING_SECONDS)) * (score - smoothed)


def due(smoothed: float, shown: Level | None) -> Level:
    """The level by the borders; hysteresis holds on to the one that is `shown`."""
    if smoothed >= GREEN_BORDER + _reluctance(Level.GREEN, shown):
        return Level.GREEN
    if smoothed <= RED_BORDER - _reluctance(Level.RED, shown):
        return Level.RED
    return Level.YELLOW


def show(before: Shown | None, smoothed: float, at: float, silent: float) -> Shown:
    """What is shown at `at`, `silent` seconds after the score before; the first level needs no hold.

    Neither does one after a gap of more than STALE_SECONDS: what was shown before it is not to be held on to.
    """
    if before is None:
        return Shown(due(smoothed, None))
    level = due(smoothed, before.level)
    if level is before.level:
        return Shown(level)
    since = at if before.other_since is None else before.other_since
    if silent > STALE_SECONDS or at - since >= HOLD_SECONDS - JITTER_SECONDS:
        return Shown(level)
    return Shown(before.level, since)


def trend(past: Sequence[tuple[float, float]]) -> float | None:
    """Points of change in TREND_SECONDS, up to the last of `past`: (seconds, smoothed score), the oldest first.

    None where nothing is known of that time; a sample counts for STALE_SECONDS.
    """
    if not past:
        return None
    at, newest = past[-1]
    then = at - TREND_SECONDS
    known = [value for moment, value in past if then - STALE_SECONDS <= moment <= then + JITTER_SECONDS]
    return newest - known[-1] if known else None


def _reluctance(level: Level, shown: Level | None) -> float:
    if shown is None:
        return 0.0
    return -HYSTERESIS if shown is level else HYSTERESIS
