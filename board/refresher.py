"""Reads for rollups: everything once, then only what is new, and only while somebody looks."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic

import structlog

from board.aws.table import Table
from board.domain.errors import CloudError, CloudUnavailable
from board.domain.tally import slot
from board.rollup import END, LEFT_SECONDS, RENEWED_SECONDS, Kept, Rollup, V, add

log = structlog.get_logger(__name__)


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
        now = self._monotonic()
        if rollup.caught_up.is_set() and rollup.is_behind(now):
            rollup.caught_up.clear()
            self._asked.put_nowait(self._catch_up(rollup))
        if rollup.reread.is_set() and rollup.is_old(now):
            rollup.reread.clear()
            self._asked.put_nowait(self._reread(rollup))

    async def _catch_up(self, rollup: Rollup[Any]) -> None:
        try:
            with _trouble_told(rollup):
                await self._read_on(rollup)
                await self._renew(rollup)
                rollup.trouble = None
        finally:
            rollup.renewed_at = self._monotonic()
            rollup.caught_up.set()

    async def _reread(self, rollup: Rollup[Any]) -> None:
        """Everything once more that was wanted since the last time, beside what is shown meanwhile."""
        try:
            with _trouble_told(rollup):
                await self._read_all(rollup)
        finally:
            rollup.reread.set()

    async def _read_all(self, rollup: Rollup[Any]) -> None:
        kept: dict[str, Any] = {}
        records, began, read_up_to = 0, self._monotonic(), self._now()
        reached, since, rollup.wanted = rollup.reached, rollup.wanted, END
        async for page in self._pages(rollup, since, rollup.source.until):
            if rollup.is_left(self._monotonic()):
                return
            add(kept, page.kept)
            records += page.records
        if rollup.reached != reached:
            return
        rollup.kept, rollup.records, rollup.read_up_to = kept, records, read_up_to
        rollup.reached, rollup.whole_at = since, self._monotonic()
        rollup.whole_took = rollup.whole_at - began

    async def _read_on(self, rollup: Rollup[Any]) -> None:
        """Further back, as far as somebody wants it."""
        wanted, began, read_up_to = rollup.wanted, self._monotonic(), self._now()
        if rollup.covers(wanted):
            return
        async for page in self._pages(rollup, wanted, rollup.reached):
            add(rollup.kept, page.kept)
            rollup.records += page.records
            rollup.reached = page.oldest or rollup.reached
            rollup.read_up_to = rollup.read_up_to or read_up_to
            if rollup.is_left(self._monotonic()):
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
            add(newer, page.kept)
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


@contextmanager
def _trouble_told(rollup: Rollup[Any]) -> Iterator[None]:
    """A mistake in the reckoning is one rollup's own trouble: the others are read on."""
    try:
        yield
    except CloudError as error:
        _tell(rollup, error)
    except Exception as error:
        log.exception("the history cannot be reckoned", action="history_failed", partition=rollup.source.partition)
        _tell(rollup, CloudUnavailable(f"the records cannot be read: {type(error).__name__}"))


def _tell(rollup: Rollup[Any], error: CloudError) -> None:
    rollup.trouble = error
    log.warning(
        "the records for the history cannot be read",
        action="history_unread",
        partition=rollup.source.partition,
        error=str(error),
    )
