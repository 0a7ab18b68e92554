"""Stretches of time as their viewer reckons them, and what was counted in each."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from board.domain.moment import MONTHS
from board.domain.tally import Tally, slot, total

DAYS = (1, 7, 30, 90)
LONGEST_BY_HOUR = 7
DEFAULT_DAYS = 7

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK = 7


@dataclass(frozen=True)
class Period:
    """An hour or a day; `begin` is in the viewer's zone. `tick` is the axis's word, where it has one here."""

    begin: datetime
    words: str
    tick: str


@dataclass(frozen=True)
class Row:
    period: Period
    tally: Tally


@dataclass(frozen=True)
class Window:
    """The last 24 hours, or so many days of the calendar up to today; by day from 30 days on, unless `hourly`."""

    days: int
    zone: ZoneInfo
    now: datetime
    hourly: bool = False

    @property
    def by_hour(self) -> bool:
        return self.hourly or self.days <= LONGEST_BY_HOUR

    @property
    def begin(self) -> datetime:
        """In UTC."""
        local = self.now.astimezone(self.zone)
        if self.days == 1:
            return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC) - timedelta(hours=23)
        return self._midnight(local, self.days - 1)

    def periods(self) -> list[Period]:
        """The oldest first; the last is the one under way."""
        local = self.now.astimezone(self.zone)
        if not self.by_hour:
            begins = [self._midnight(local, back).astimezone(self.zone) for back in range(self.days - 1, -1, -1)]
            return [self._day(begin) for begin in begins]
        hours = int((self.now - self.begin) / timedelta(hours=1)) + 1
        return [self._hour((self.begin + timedelta(hours=hour)).astimezone(self.zone)) for hour in range(hours)]

    def _midnight(self, local: datetime, days_back: int) -> datetime:
        day = local.date() - timedelta(days=days_back)
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def _hour(self, begin: datetime) -> Period:
        words = f"{date_words(begin)}, {begin:%H:%M}"
        if self.days == 1:
            return Period(begin, words, f"{begin:%H:%M}")
        return Period(begin, words, date_words(begin) if begin.hour == 0 else "")

    def _day(self, begin: datetime) -> Period:
        monday = begin.weekday() == 0
        tick = f"{begin.day} {MONTHS[begin.month - 1]}" if self.days <= 4 * _WEEK + 2 or monday else ""
        return Period(begin, date_words(begin), tick)


def date_words(at: datetime) -> str:
    """Such as `Sun 22 Nov`; not strftime's, which follow the host's locale."""
    return f"{_WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]}"


def rows_of(window: Window, counted: Iterable[Mapping[str, Tally]]) -> list[Row]:
    """One for each period, also where nothing was pressed."""
    periods = window.periods()
    begins = [slot(period.begin) for period in periods]
    found: list[list[Tally]] = [[] for _ in periods]
    for tallies in counted:
        for at, tally in tallies.items():
            if (place := bisect_right(begins, at)) > 0:
                found[place - 1].append(tally)
    return [Row(period, total(tallies)) for period, tallies in zip(periods, found, strict=True)]


def since(begin: str, counted: Iterable[Mapping[str, Tally]]) -> Tally:
    """All from the slot `begin` on."""
    return total(tally for tallies in counted for at, tally in tallies.items() if at >= begin)


def zone_of(name: str) -> ZoneInfo | None:
    """None where there is no such time zone."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        # Besides ZoneInfoNotFoundError: a folder such as `Europe`, a name that is too long, one that leaves the folder.
        return None
