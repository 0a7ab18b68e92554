"""A watch: one camera is looked through for so many minutes, by one worker at a time, and then it ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from worker.domain.press import Press
from worker.domain.record import Attributes
from worker.domain.sections import Grid
from worker.domain.timestamp import iso, parse_iso


class EndReason(StrEnum):
    """Why a watch has ended."""

    TIME = "time"
    STOPPED = "stopped"
    BUDGET = "budget"
    FAILED = "failed"


class WatchStatus(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True)
class Watch:
    """`capture_id` is that of the press which started it."""

    camera: str
    capture_id: str
    started_at: datetime
    ends_at: datetime

    @classmethod
    def begun(cls, press: Press, now: datetime, minutes: int) -> Self:
        return cls(press.camera, press.capture_id, now, now + timedelta(minutes=minutes))

    @property
    def minutes(self) -> int:
        """For how long it was started."""
        return round((self.ends_at - self.started_at) / timedelta(minutes=1))

    @property
    def pressed_at(self) -> datetime:
        return parse_iso(self.capture_id.partition("#")[0])

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at

    def span(self) -> Attributes:
        return {"started_at": iso(self.started_at), "ends_at": iso(self.ends_at)}


@dataclass(frozen=True)
class Standing:
    """Who watches a camera at the moment, if anybody does."""

    watch: Watch | None = None
    attempt: str | None = None
    lease_until: datetime | None = None
    """None: nobody holds it."""
    stopped_at: datetime | None = None
    """When the latest stop was pressed."""

    @property
    def is_stopped(self) -> bool:
        """Whether its watch was pressed before somebody pressed to end it."""
        return self.watch is not None and self.refuses(self.watch.pressed_at)

    def refuses(self, pressed_at: datetime) -> bool:
        """Whether a start of then comes too late: at the same moment, the stop counts."""
        return self.stopped_at is not None and pressed_at <= self.stopped_at

    def is_free(self, now: datetime) -> bool:
        """Whether there is a watch that nobody holds."""
        return self.watch is not None and (self.lease_until is None or self.lease_until < now)


def read_standing(camera: str, item: Attributes) -> Standing:
    """Of the fixed item of `camera`. Raises KeyError and ValueError: somebody else has written there."""
    moments = {name: parse_iso(item[name]) for name in ("lease_until", "stopped_at") if name in item}
    watch = None
    if "watch" in item:
        span = [parse_iso(item[name]) for name in ("started_at", "ends_at")]
        watch = Watch(camera, item["watch"], *span)
    return Standing(watch, item.get("attempt"), moments.get("lease_until"), moments.get("stopped_at"))


def partition(camera: str) -> str:
    """Under which `camera` of the table a camera's buckets are."""
    return f"audience/{camera}"


def opened(watch: Watch, grid: Grid, worker: str, retention: timedelta | None) -> Attributes:
    """What the item of a watch says from its begin on; without `retention`, for ever."""
    kept = {} if retention is None else {"expires_at": int((watch.pressed_at + retention).timestamp())}
    return {"grid": str(grid), "sections": list(grid.names), "calls": 0, "dollars": 0, "worker": worker, **kept}
