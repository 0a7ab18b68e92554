"""One camera's watches, in memory: written by hand after the adapter's rules, which are tested with the local cloud."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from worker.domain.errors import ClaimRefused, LeaseLost
from worker.domain.record import Attributes
from worker.domain.timestamp import iso
from worker.domain.watch import Standing, Watch, WatchStatus, partition


@dataclass
class FakeWatches:
    """One camera's. `failing` is raised by every call."""

    now: Standing = field(default_factory=Standing)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: list[Attributes] = field(default_factory=list)
    failing: Exception | None = None
    _lock: Lock = field(default_factory=Lock)

    def standing(self, _camera: str) -> Standing:
        self._fail()
        return self.now

    def begin(self, watch: Watch) -> Standing | None:
        self._fail()
        if self.now.watch not in {None, watch} or self.now.refuses(watch.pressed_at):
            return self.now
        self.now = Standing(watch, self.now.attempt, self.now.lease_until, self.now.stopped_at)
        return None

    def stop(self, _camera: str, pressed_at: datetime) -> Standing:
        self._fail()
        now = self.now
        self.now = Standing(now.watch, now.attempt, now.lease_until, max(now.stopped_at or pressed_at, pressed_at))
        return self.now

    def hold(self, watch: Watch, attempt: str, lease_until: datetime, now: datetime) -> None:
        self._fail()
        with self._lock:
            if not self.now.is_free(now) or self.now.watch != watch:
                raise ClaimRefused({})
            self.now = Standing(watch, attempt, lease_until, self.now.stopped_at)

    def renew(self, _camera: str, attempt: str, lease_until: datetime) -> Standing:
        self._fail()
        self._check(attempt)
        self.now = Standing(self.now.watch, attempt, lease_until, self.now.stopped_at)
        return self.now

    def give_back(self, _camera: str, attempt: str) -> None:
        self._fail()
        self._check(attempt)
        self.now = Standing(self.now.watch, None, None, self.now.stopped_at)

    def leave(self, _camera: str, attempt: str) -> None:
        self._fail()
        self._check(attempt)
        self.now = Standing(stopped_at=self.now.stopped_at)

    def get(self, watch: Watch) -> Attributes | None:
        return self.items.get(watch.capture_id)

    def create(self, watch: Watch, values: Attributes) -> None:
        self._fail()
        self.items.setdefault(watch.capture_id, {"status": WatchStatus.RUNNING, **watch.span(), **values})

    def take_up(self, watch: Watch, values: Attributes) -> Attributes:
        self._fail()
        item = self.items.setdefault(watch.capture_id, {"status": WatchStatus.RUNNING})
        if item["status"] == WatchStatus.ENDED:
            raise LeaseLost
        item.update(values)
        return dict(item)

    def write(self, watch: Watch, attempt: str, values: Attributes) -> None:
        self._fail()
        if self.items[watch.capture_id]["attempt"] != attempt:
            raise LeaseLost
        self.items[watch.capture_id].update(values)

    def keep(self, bucket: Attributes) -> bool:
        self._fail()
        if any(one["capture_id"] == bucket["capture_id"] for one in self.kept):
            return False
        self.kept.append(bucket)
        return True

    def buckets(self, camera: str, since: datetime, until: datetime) -> Any:
        self._fail()
        begun = [one for one in self.kept if iso(since) <= one["capture_id"] <= iso(until)]
        return iter([one for one in begun if one["camera"] == partition(camera)])

    def _check(self, attempt: str) -> None:
        if self.now.attempt != attempt:
            raise LeaseLost

    def _fail(self) -> None:
        if self.failing is not None:
            raise self.failing
