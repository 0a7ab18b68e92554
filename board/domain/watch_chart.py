"""The course of a watch, minute by minute and section by section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from board.domain.layout import shown
from board.domain.watch_end import Shares
from board.domain.watched import Mean, Minute, Watch

MAX_MINUTES = 1500
"""A worker's longest watch has 480."""


@dataclass(frozen=True)
class Course:
    """`values` are 0 to 100, None where there was nothing to tell."""

    name: str
    shares: Shares | None
    values: Sequence[float | None]

    @property
    def mean(self) -> float | None:
        known = [value for value in self.values if value is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True)
class WatchChart:
    """`times` are the minutes in the viewer's zone, `faces` their mean counts."""

    times: Sequence[str]
    faces: Sequence[float | None]
    courses: Sequence[Course]


def chart_of(watch: Watch, minutes: Mapping[str, Minute], zone: tzinfo) -> WatchChart:
    """From the first minute that was measured to the last, the gaps too."""
    begins = sorted(map(_moment, minutes))
    shares = dict(zip(watch.sections, watch.shares, strict=False))
    if not begins:
        return WatchChart([], [], [Course(shown(name), shares.get(name), []) for name in watch.sections])
    count = min(int((begins[-1] - begins[0]) / timedelta(minutes=1)) + 1, MAX_MINUTES)
    all_begins = [begins[-1] - timedelta(minutes=back) for back in range(count - 1, -1, -1)]
    nothing = Minute()
    measured = [minutes.get(begin.isoformat()[:16], nothing) for begin in all_begins]
    return WatchChart(
        [f"{begin.astimezone(zone):%H:%M}" for begin in all_begins],
        [_rounded(minute.faces) for minute in measured],
        [
            Course(shown(name), shares.get(name), [_rounded(minute.scores.get(name)) for minute in measured])
            for name in watch.sections
        ],
    )


def _moment(minute: str) -> datetime:
    return datetime.fromisoformat(minute).replace(tzinfo=UTC)


def _rounded(mean: Mean | None) -> float | None:
    value = mean.value if mean else None
    return None if value is None else round(value, 1)
