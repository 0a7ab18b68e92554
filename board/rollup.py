"""What is kept of a partition of the table, summed up under keys in the order of capture_ids; and when it is read."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, Self, TypeVar

from board.domain.errors import CloudError
from board.domain.item import Item

RENEWED_SECONDS = 2.0
"""Whoever looks again sooner sees the same."""
WHOLE_SECONDS = 600.0
"""After which everything is read again: a record that was forgotten has to leave the figures."""
WHOLE_SHARE = 20
"""Reading everything again takes at most one part in so many of the time in which somebody looks."""
LEFT_SECONDS = 30.0
"""Without a look, after which what is not read yet is left."""
END = "~"
"""Behind every slot and capture_id."""


class Addable(Protocol):
    """What is kept under one key: a later page may have more of it."""

    def __add__(self, other: Self, /) -> Self: ...


V = TypeVar("V", bound=Addable)
Kept = Mapping[str, V]


@dataclass(frozen=True)
class Source(Generic[V]):
    """Where it is read, up to `until`, and how it is summed up: by keys in the order of capture_ids.

    What is older than `settled_after` does not change any more, but by being deleted; None: nothing changes any more.
    """

    partition: str
    attributes: tuple[str, ...]
    digest: Callable[[list[Item]], Kept[V]]
    settled_after: timedelta | None
    until: str = END


class Rollup(Generic[V]):
    """Belongs to the event loop. `kept` is whole down to `reached`, a slot or a capture_id.

    `caught_up` and `reread` are set while nothing of the kind is under way. What takes a `now` wants it of the
    monotonic clock by which `looked_at`, `renewed_at` and `whole_at` were set.
    """

    def __init__(self, source: Source[V]) -> None:
        self.source = source
        self.kept: dict[str, V] = {}
        self.records = 0
        self.reached = source.until
        self.wanted = source.until
        self.trouble: CloudError | None = None
        self.looked_at = self.renewed_at = self.whole_at = 0.0
        self.whole_took = 0.0
        self.read_up_to: datetime | None = None
        self.caught_up, self.reread = asyncio.Event(), asyncio.Event()
        self.caught_up.set()
        self.reread.set()

    @property
    def whole(self) -> bool:
        """Whether all that somebody wanted is there."""
        return self.reached <= self.wanted

    def covers(self, since: str) -> bool:
        return self.reached <= since

    def is_behind(self, now: float) -> bool:
        return not self.whole or now - self.renewed_at >= RENEWED_SECONDS

    def is_old(self, now: float) -> bool:
        """Whether everything is to be read once more."""
        rest = max(WHOLE_SECONDS, WHOLE_SHARE * self.whole_took)
        return self.source.settled_after is not None and bool(self.whole_at) and now - self.whole_at >= rest

    def is_left(self, now: float) -> bool:
        return now - self.looked_at >= LEFT_SECONDS


def add(kept: dict[str, V], more: Kept[V]) -> None:
    for key, value in more.items():
        kept[key] = kept[key] + value if key in kept else value
