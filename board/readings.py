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


class Reading(Generic[V]):
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


class Readings:
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

    async def look(self, readings: Iterable[Reading[Any]], since: str, patience: float | None) -> None:
        """Want `readings` back to the slot `since`; wait at most `patience` seconds for it."""
        readings = list(readings)
        for reading in readings:
            reading.wanted = min(reading.wanted, since)
            reading.looked_at = self._monotonic()
            self._ask(reading)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                for reading in readings:
                    await reading.caught_up.wait()

    async def look_until_whole(self, readings: Iterable[Reading[Any]], since: str) -> None:
        """However long it takes. Raises CloudError."""
        readings = list(readings)
        while True:
            await self.look(readings, since, patience=LEFT_SECONDS / 2)
            for reading in readings:
                if reading.trouble:
                    raise reading.trouble
            if all(reading.covers(since) for reading in readings):
                return

    def _ask(self, reading: Reading[Any]) -> None:
        since = self._monotonic() - reading.renewed_at
        if reading.caught_up.is_set() and (not reading.whole or since >= RENEWED_SECONDS):
            reading.caught_up.clear()
            self._asked.put_nowait(self._catch_up(reading))
        if reading.reread.is_set() and self._is_old(reading):
            reading.reread.clear()
            self._asked.put_nowait(self._reread(reading))

    def _is_old(self, reading: Reading[Any]) -> bool:
        rest = max(WHOLE_SECONDS, WHOLE_SHARE * reading.whole_took)
        return (
            reading.source.settled_after is not None
            and bool(reading.whole_at)
            and self._monotonic() - reading.whole_at >= rest
        )

    async def _catch_up(self, reading: Reading[Any]) -> None:
        try:
            await self._read_on(reading)
            await self._renew(reading)
            reading.trouble = None
        except CloudError as error:
            self._tell(reading, error)
        except Exception as error:
            log.exception("the history cannot be reckoned", action="history_failed", partition=reading.source.partition)
            self._tell(reading, CloudUnavailable(f"the records cannot be read: {type(error).__name__}"))
        finally:
            reading.renewed_at = self._monotonic()
            reading.caught_up.set()

    async def _reread(self, reading: Reading[Any]) -> None:
        """Everything once more that was wanted since the last time, beside what is shown meanwhile."""
        kept: dict[str, Any] = {}
        records, began, read_up_to = 0, self._monotonic(), self._now()
        reached, since, reading.wanted = reading.reached, reading.wanted, _END
        try:
            async for page in self._pages(reading, since, reading.source.until):
                if self._is_left(reading):
                    return
                _add(kept, page.kept)
                records += page.records
            if reading.reached != reached:
                return
            reading.kept, reading.records, reading.read_up_to = kept, records, read_up_to
            reading.reached, reading.whole_at = since, self._monotonic()
            reading.whole_took = reading.whole_at - began
        except CloudError as error:
            self._tell(reading, error)
        finally:
            reading.reread.set()

    async def _read_on(self, reading: Reading[Any]) -> None:
        """Further back, as far as somebody wants it."""
        wanted, began, read_up_to = reading.wanted, self._monotonic(), self._now()
        if reading.covers(wanted):
            return
        async for page in self._pages(reading, wanted, reading.reached):
            _add(reading.kept, page.kept)
            reading.records += page.records
            reading.reached = page.oldest or reading.reached
            reading.read_up_to = reading.read_up_to or read_up_to
            if self._is_left(reading):
                return
        reading.reached = wanted
        reading.whole_took += self._monotonic() - began
        reading.whole_at = reading.whole_at or began

    async def _renew(self, reading: Reading[Any]) -> None:
        """What is new, and what may have changed since."""
        settled_after, now = reading.source.settled_after, self._now()
        if settled_after is None or reading.read_up_to is None or not reading.whole:
            return
        if now - reading.read_up_to < timedelta(seconds=RENEWED_SECONDS):
            return
        since = max(slot(reading.read_up_to - settled_after), reading.reached)
        newer: dict[str, Any] = {}
        async for page in self._pages(reading, since, reading.source.until):
            _add(newer, page.kept)
        reading.kept = {key: value for key, value in reading.kept.items() if key < since} | newer
        reading.read_up_to = now

    async def _pages(self, reading: Reading[V], since: str, before: str) -> AsyncIterator[_Page[V]]:
        source = reading.source
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

    def _is_left(self, reading: Reading[Any]) -> bool:
        return self._monotonic() - reading.looked_at >= LEFT_SECONDS

    @staticmethod
    def _tell(reading: Reading[Any], error: CloudError) -> None:
        reading.trouble = error
        log.warning(
            "the records for the history cannot be read",
            action="history_unread",
            partition=reading.source.partition,
            error=str(error),
        )


def _add(kept: dict[str, V], more: Kept[V]) -> None:
    for key, value in more.items():
        kept[key] = kept[key] + value if key in kept else value
