"""The monitor of each camera, read and rendered once for all its viewers."""

import asyncio
from dataclasses import dataclass
from functools import cached_property, partial

from board.domain.events import Kind, Topic
from board.domain.item import Item
from board.domain.monitor import Monitor, monitor
from board.domain.tile import BUCKETS
from board.services import Services
from board.web.pages import fragment

PATIENCE_SECONDS = 1.0
"""For so long it stands where no feed tells of what is newer."""
NEWEST = 3
"""Buckets that are asked for again and again; who has missed more reads all five minutes anew."""


@dataclass(frozen=True)
class CachedMonitor:
    """`known` is what the feed knew before it was read, `read_at` the moment on a clock that never goes back."""

    monitor: Monitor
    known: list[Item] | None
    read_at: float

    @cached_property
    def body(self) -> bytes:
        """The part of the page that changes."""
        return bytes(fragment("monitor_watch.html", monitor=self.monitor).body)


class MonitorCache:
    """Belongs to one event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._cached: dict[str, CachedMonitor] = {}
        self._reads: dict[str, asyncio.Task[CachedMonitor]] = {}
        self._buckets: dict[str, list[Item]] = {}

    async def newest(self, camera: str) -> CachedMonitor:
        """Thirty viewers ask within the same milliseconds: they share one read, also where it fails.

        Raises CloudError.
        """
        cached = self._cached.get(camera)
        if cached is None or not self._is_current(camera, cached):
            cached = await self._shared(camera)
        # What was under way already may be older than what the feed has told since.
        return cached if self._is_current(camera, cached) else await self._shared(camera)

    async def _shared(self, camera: str) -> CachedMonitor:
        if camera not in self._reads:
            self._reads[camera] = asyncio.create_task(self._read(camera))
            self._reads[camera].add_done_callback(lambda _: self._reads.pop(camera))
        self._cached[camera] = cached = await asyncio.shield(self._reads[camera])
        return cached

    def _is_current(self, camera: str, cached: CachedMonitor) -> bool:
        if cached.monitor.is_late(self._services.now()):
            return False
        if (known := self._known(camera)) is not None:
            return cached.known == known
        return self._services.monotonic() - cached.read_at < PATIENCE_SECONDS

    async def _read(self, camera: str) -> CachedMonitor:
        known, read_at, watches = self._known(camera), self._services.monotonic(), self._services.watches
        watch, buckets = await asyncio.gather(
            asyncio.to_thread(partial(watches.newest, camera, consistent=True)),
            asyncio.to_thread(self._five_minutes, camera),
        )
        self._buckets[camera] = buckets
        return CachedMonitor(monitor(watch, buckets, self._services.now()), known, read_at)

    def _five_minutes(self, camera: str) -> list[Item]:
        """A bucket is never written twice: what was read before is not asked for again."""
        before = self._buckets.get(camera)
        newest = self._newest(camera, NEWEST) if before else []
        if not before or all(bucket["capture_id"] != before[0]["capture_id"] for bucket in newest):
            return self._newest(camera, BUCKETS)
        missed = [bucket for bucket in newest if bucket["capture_id"] > before[0]["capture_id"]]
        return [*missed, *before][:BUCKETS]

    def _newest(self, camera: str, limit: int) -> list[Item]:
        """For sure: else what the feed has told of might not be among them."""
        return self._services.watches.buckets(camera, limit, consistent=True)

    def _known(self, camera: str) -> list[Item] | None:
        return self._services.feed.newest(Topic(Kind.WATCH, camera))
