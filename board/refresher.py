"""What is kept of a partition of the table: read once, then only what is new, and only while somebody looks."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, Self, TypeVar

import structlog

from board.aws.table import Table
from board.domain.errors import CloudError, CloudUnavailable
from board.domain.item import Item
from board.domain.tally import slot

log = structlog.get_logger(__name__)

RENEWED_SECONDS = 2.0
"""Whoever looks again sooner sees the same."""
WHOLE_SECONDS = 600.0
"""After which everything is read again: a record that was forgotten has to leave the figures."""
WHOLE_SHARE = 20
"""Reading everything again takes at most one part in so many of the time in which somebody looks."""
LEFT_SECONDS = 30.0
"""Without a look, after which what is not read yet is left."""

_END = "~"


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
    until: str = _END


class Rollup(Generic[V]):
    """Belongs to the event loop. `kept` is whole down to `reached`, a slot or a capture_id.

    `caught_up` and `reread` are set while nothing of the kind is under way.
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


@dataclass(frozen=True)
class _Page(Generic[V]):
    kept: Kept[V]
    records: int
    oldest: str | None


class Refresher:
    """`run` reads; everything here belongs to one event loop."""

    def __init__(
        self, table: Table, now: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._table, self._now, self._monotonic = table, now, monotonic
        self._asked: asyncio.Queue[Coroutine[Any, Any, None]] = asyncio.Queue()
        # Photos and other pages need the processor, too; whoever waits longest is next.
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    group.create_task(await self._asked.get())
        finally:
            while not self._asked.empty():
                self._asked.get_nowait().close()

    async def look(self, rollups: Iterable[Rollup[Any]], since: str, patience: float | None) -> None:
        """Want `rollups` back to the slot `since`; wait at most `patience` seconds for it."""
        rollups = list(rollups)
        for rollup in rollups:
            rollup.wanted = min(rollup.wanted, since)
            rollup.looked_at = self._monotonic()
            self._ask(rollup)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                for rollup in rollups:
                    await rollup.caught_up.wait()

    async def look_until_whole(self, rollups: Iterable[Rollup[Any]], since: str) -> None:
        """However long it takes. Raises CloudError."""
        rollups = list(rollups)
        while True:
            await self.look(rollups, since, patience=LEFT_SECONDS / 2)
            for rollup in rollups:
                if rollup.trouble:
                    raise rollup.trouble
            if all(rollup.covers(since) for rollup in rollups):
                return

    def _ask(self, rollup: Rollup[Any]) -> None:
        since = self._monotonic() - rollup.renewed_at
        if rollup.caught_up.is_set() and (not rollup.whole or since >= RENEWED_SECONDS):
            rollup.caught_up.clear()
            self._asked.put_nowait(self._catch_up(rollup))
        if rollup.reread.is_set() and self._is_old(rollup):
            rollup.reread.clear()
            self._asked.put_nowait(self._reread(rollup))

    def _is_old(self, rollup: Rollup[Any]) -> bool:
        rest = max(WHOLE_SECONDS, WHOLE_SHARE * rollup.whole_took)
        return (
            rollup.source.settled_after is not None
            and bool(rollup.whole_at)
            and self._monotonic() - rollup.whole_at >= rest
        )

    async def _catch_up(self, rollup: Rollup[Any]) -> None:
        try:
            await self._read_on(rollup)
            await self._renew(rollup)
            rollup.trouble = None
        except CloudError as error:
            self._tell(rollup, error)
        except Exception as error:
            log.exception("the history cannot be reckoned", action="history_failed", partition=rollup.source.partition)
            self._tell(rollup, CloudUnavailable(f"the records cannot be read: {type(error).__name__}"))
        finally:
            rollup.renewed_at = self._monotonic()
            rollup.caught_up.set()

    async def _reread(self, rollup: Rollup[Any]) -> None:
        """Everything once more that was wanted since the last time, beside what is shown meanwhile."""
        kept: dict[str, Any] = {}
        records, began, read_up_to = 0, self._monotonic(), self._now()
        reached, since, rollup.wanted = rollup.reached, rollup.wanted, _END
        try:
            async for page in self._pages(rollup, since, rollup.source.until):
                if self._is_left(rollup):
                    return
                _add(kept, page.kept)
                records += page.records
            if rollup.reached != reached:
                return
            rollup.kept, rollup.records, rollup.read_up_to = kept, records, read_up_to
            rollup.reached, rollup.whole_at = since, self._monotonic()
            rollup.whole_took = rollup.whole_at - began
        except CloudError as error:
            self._tell(rollup, error)
        finally:
            rollup.reread.set()

    async def _read_on(self, rollup: Rollup[Any]) -> None:
        """Further back, as far as somebody wants it."""
        wanted, began, read_up_to = rollup.wanted, self._monotonic(), self._now()
        if rollup.covers(wanted):
            return
        async for page in self._pages(rollup, wanted, rollup.reached):
            _add(rollup.kept, page.kept)
            rollup.records += page.records
            rollup.reached = page.oldest or rollup.reached
            rollup.read_up_to = rollup.read_up_to or read_up_to
            if self._is_left(rollup):
                return
        rollup.reached = wanted
        rollup.whole_took += self._monotonic() - began
        rollup.whole_at = rollup.whole_at or began

    async def _renew(self, rollup: Rollup[Any]) -> None:
        """What is new, and what may have changed since."""
        settled_after, now = rollup.source.settled_after, self._now()
        if settled_after is None or rollup.read_up_to is None or not rollup.whole:
            return
        if now - rollup.read_up_to < timedelta(seconds=RENEWED_SECONDS):
            return
        since = max(slot(rollup.read_up_to - settled_after), rollup.reached)
        newer: dict[str, Any] = {}
        async for page in self._pages(rollup, since, rollup.source.until):
            _add(newer, page.kept)
        rollup.kept = {key: value for key, value in rollup.kept.items() if key < since} | newer
        rollup.read_up_to = now

    async def _pages(self, rollup: Rollup[V], since: str, before: str) -> AsyncIterator[_Page[V]]:
        source = rollup.source
        pages = self._table.pages(source.partition, since, before, source.attributes)

        def read() -> _Page[V] | None:
            page = next(pages, None)
            if page is None:
                return None
            # The bounds are included, and what is there already would count twice.
            fresh = [item for item in page if str(item["capture_id"]) < before]
            oldest = min((str(item["capture_id"]) for item in fresh), default=None)
            return _Page(source.digest(fresh), len(fresh), oldest)

        while True:
            async with self._turn:
                page = await asyncio.to_thread(read)
            if page is None:
                return
            yield page

    def _is_left(self, rollup: Rollup[Any]) -> bool:
        return self._monotonic() - rollup.looked_at >= LEFT_SECONDS

    @staticmethod
    def _tell(rollup: Rollup[Any], error: CloudError) -> None:
        rollup.trouble = error
        log.warning(
            "the records for the history cannot be read",
            action="history_unread",
            partition=rollup.source.partition,
            error=str(error),
        )


def _add(kept: dict[str, V], more: Kept[V]) -> None:
    for key, value in more.items():
        kept[key] = kept[key] + value if key in kept else value
