"""Time by AWS's clock, and the one way this project writes a moment down."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_RESOLUTION = timedelta(seconds=1)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a trailing Z; sorts as text in order of time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_iso(text: str) -> datetime:
    """Read what `iso` wrote, or any ISO 8601 moment that carries its offset.

    Raises:
        ValueError: not such a moment, or one outside the calendar.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no offset from UTC in {text!r}")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"outside the calendar: {text!r}") from error


class AwsClock:
    """UTC as AWS sees it, learnt from the Date header of its answers.

    The header has a resolution of one second, so a host whose clock agrees with it is believed to the millisecond;
    one that does not is corrected.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._offset = timedelta(0)

    def now(self) -> datetime:
        return self._host() + self._offset

    def learn(self, date_header: str | None) -> None:
        """Take note of a Date header that has just arrived; anything else is ignored."""
        try:
            said = parsedate_to_datetime(date_header or "").astimezone(UTC)
        except ValueError:
            return
        ahead = said + _RESOLUTION / 2 - self._host()
        self._offset = timedelta(0) if abs(ahead) <= 2 * _RESOLUTION else ahead

    @property
    def offset(self) -> timedelta:
        """How far AWS is ahead of this host; zero when they agree to within the header's resolution."""
        return self._offset

    def _host(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)
