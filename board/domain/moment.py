"""Moments as people read them, in UTC: a page's script tells them in its viewer's zone."""

from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime
from typing import Any

from board.domain.attributes import text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Moment:
    """`iso` is empty where it cannot be read; `words` is what was written then."""

    iso: str
    words: str


def parse(value: Any) -> datetime | None:
    """None where it is no moment with an offset, and for the last year there is: nothing can be added to it."""
    try:
        at = datetime.fromisoformat(text(value, 40))
        return at.astimezone(UTC) if at.tzinfo and at.year < MAXYEAR else None
    except (ValueError, OverflowError):
        return None


def moment(value: Any) -> Moment:
    at = parse(value)
    if at is None:
        return Moment("", text(value, 40))
    # Not strftime: `%b` would follow the host's locale.
    return Moment(text(value), f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC")


def stamp(at: datetime) -> str:
    """ISO 8601, UTC, milliseconds, as the queue and the table have it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stamp_of(seconds: float) -> str:
    """The same of epoch seconds."""
    return stamp(datetime.fromtimestamp(seconds, UTC))
