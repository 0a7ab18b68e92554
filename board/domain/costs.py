"""What AWS will charge, by the list of docs/costs.md: an estimate, without any free allowance."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from board.domain.moment import MONTHS
from board.domain.tally import Count, Tally

REGION, COLLECTED = "US East (N. Virginia)", "2026-11-22"

DETECT_FACES = 0.001
"""An image; labels and text cost the same again each."""
CHARACTER = 16 / 1_000_000
"""Of a neural voice."""
PUT = 0.005 / 1000
BYTE_MONTH = 0.023 / 1_000_000_000
WRITE_UNIT = 0.625 / 1_000_000
REQUEST = 0.40 / 1_000_000
"""Of SQS."""
INVOCATION = 0.20 / 1_000_000
GB_SECOND = 0.0000133334

PRESS = 12 * WRITE_UNIT + 6 * REQUEST + INVOCATION + 0.125 * 0.3 * GB_SECOND
"""Six writes of a record of up to 2 KB, six requests, one invocation of 128 MB for 0.3 s; without faces and photo."""
WATCH_MINUTE = 24 * 2 * WRITE_UNIT
POLLING_REQUESTS = 129_600
"""Of a month of 30 days with an empty queue, one every 20 s."""
SCREEN_MONTH = 1.13
"""A camera, read once a second day and night: twelve records of 1.5 kB for galleries, two small items for monitors."""


@dataclass(frozen=True)
class Line:
    name: str
    dollars: float


@dataclass(frozen=True)
class Estimate:
    """Of a calendar month in UTC, as AWS bills: so far, and if it goes on like this."""

    begin: datetime
    days: float
    lines: tuple[Line, ...]
    projected: float

    @property
    def month(self) -> str:
        return MONTHS[self.begin.month - 1]

    @property
    def dollars(self) -> float:
        return sum(line.dollars for line in self.lines)


@dataclass(frozen=True)
class Watched:
    """Of all watches of the month: what they say that Rekognition cost, and how long they lasted."""

    dollars: float = 0.0
    minutes: float = 0.0


def month_of(now: datetime) -> datetime:
    """When it began."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def estimate(tally: Tally, watched: Iterable[Watched], now: datetime) -> Estimate:
    """`tally` and `watched` are of the month in which `now` lies."""
    begin = month_of(now)
    past = (now - begin) / timedelta(days=1)
    watched = list(watched)
    watching = sum(watch.dollars for watch in watched) + sum(watch.minutes for watch in watched) * WATCH_MINUTE
    counts = tally.counts
    lines = (
        Line("Faces, labels and text looked at (Rekognition)", counts[Count.LOOKS] * DETECT_FACES),
        Line("Watches", watching),
        Line("Photos and clips, kept for 30 days (S3)", counts[Count.STORED] * PUT + counts[Count.BYTES] * BYTE_MONTH),
        Line("Texts that were to be said (Polly)", counts[Count.CHARACTERS] * CHARACTER),
        Line("Presses on their way (SQS, Lambda, DynamoDB)", tally.presses * PRESS),
        Line("Waiting for presses (SQS)", POLLING_REQUESTS / 30 * past * REQUEST),
    )
    # The first hours of a month say little about all of it.
    share = monthrange(begin.year, begin.month)[1] / max(past, 1.0)
    return Estimate(begin, past, lines, sum(line.dollars for line in lines) * share)
