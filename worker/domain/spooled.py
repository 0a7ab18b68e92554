"""What is to become of a photo or a clip that a crash has left in the spool."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from worker.domain.photo import SpoolNote
from worker.domain.record import MESSAGE_LIFE, Attributes, Status, is_stored
from worker.domain.timestamp import parse_iso

LONGEST_DELAY = timedelta(minutes=2)
"""More than the longest delay between two attempts, and what the calls that give a message back may take."""


class Next(Enum):
    """What to do with it; the values are words for the log."""

    WAIT = "waiting"
    """Its message may still come, and then uses it."""
    CLEAR = "cleared"
    """Recorded and stored."""
    STORE = "stored"
    """Recorded, and not stored yet."""
    FAIL = "failed"
    """Its message does not come back."""
    ERASE = "forgotten"
    """By somebody, on whichever host."""
    GIVE_UP = "given_up"
    """Older than a record is kept."""
    DISCARD = "discarded"
    """The same without a record: it may have been forgotten so long ago that no stub is left, and must not get one."""


def decide(
    note: SpoolNote,
    record: Attributes | None,
    now: datetime,
    retention: timedelta | None,
    may_come_back: Callable[[], bool],
) -> Next:
    """What becomes of what `note` tells of, while nobody has its press in hand here.

    `may_come_back` is asked only where the record leaves it open.

    Raises:
        KeyError, ValueError: a record that is not the worker's.
    """
    status = None if record is None else Status(record["status"])
    if status is Status.FORGOTTEN:
        return Next.ERASE
    if record is not None and status is not Status.IN_PROGRESS and is_stored(record):
        return Next.CLEAR
    if _too_old(note, record, now, retention):
        return Next.DISCARD if record is None else Next.GIVE_UP
    if status not in {None, Status.IN_PROGRESS}:
        return Next.STORE
    return Next.WAIT if may_come_back() else Next.FAIL


def comes_back_by(note: SpoolNote, record: Attributes | None, idle_since: datetime, lease: timedelta) -> datetime:
    """When the message for what is spooled can be received again at the latest, if it is still on the queue.

    `idle_since`: nobody had it in hand here then. A lease is as long as the message's invisibility; whoever gives a
    message back without having claimed its press notes in `back_at` when it comes.

    Raises:
        ValueError: no moments.
    """
    told = [(record or {}).get("lease_until"), note.progress.get("back_at")]
    ends = [note.taken_at + lease, idle_since + lease, *(parse_iso(moment) for moment in told if moment is not None)]
    return max(ends) + LONGEST_DELAY


def _too_old(note: SpoolNote, record: Attributes | None, now: datetime, retention: timedelta | None) -> bool:
    limits = [limit for limit in (retention, MESSAGE_LIFE if record is None else None) if limit is not None]
    return any(now - note.press.pressed_at > limit for limit in limits)
