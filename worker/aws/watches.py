"""Watches in the table: who watches which camera, what each watch came to, and what was measured.

watching/<camera>   now                  who watches it, under a lease; when a stop was pressed last
watch/<camera>      <capture_id>         a watch, from the press that started it to its summary
audience/<camera>   <begin of a bucket>  what was measured in ten seconds
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from worker.aws.errors import ConditionFailed
from worker.aws.items import read_item
from worker.aws.table import Condition, Key, Table
from worker.domain.errors import ClaimRefused, LeaseLost
from worker.domain.record import Attributes
from worker.domain.timestamp import iso
from worker.domain.watch import Standing, Watch, WatchStatus, partition, read_standing

NOW = "now"

_FREE = "attribute_not_exists(#watch) OR #watch = :watch"
_NOT_STOPPED = "attribute_not_exists(#stopped_at) OR #stopped_at < :pressed_at"
_NOBODYS = "#watch = :watch AND (attribute_not_exists(#lease_until) OR #lease_until < :now OR #attempt = :attempt)"
_MINE = "#attempt = :attempt"
_NEW = "attribute_not_exists(#capture_id)"
_RUNS = "attribute_not_exists(#status) OR #status = :running"
_HELD = ("attempt", "lease_until")
_OF_A_WATCH = ("watch", "started_at", "ends_at", *_HELD)


@dataclass(frozen=True)
class Watches:
    """All raise CloudError."""

    table: Table

    def standing(self, camera: str) -> Standing:
        return read_standing(camera, self.table.get(_now(camera)) or {})

    def begin(self, watch: Watch) -> Standing | None:
        """Let it be the camera's watch, which nobody holds yet; or what stands against it: another one, or a stop."""
        condition = Condition(
            f"({_FREE}) AND ({_NOT_STOPPED})", {"watch": watch.capture_id, "pressed_at": iso(watch.pressed_at)}
        )
        values = {"watch": watch.capture_id, **watch.span()}
        try:
            self.table.update(_now(watch.camera), values, (), condition)
        except ConditionFailed as error:
            item = read_item(error.item) if error.item else self.table.get(_now(watch.camera))
            return read_standing(watch.camera, item or {})
        return None

    def stop(self, camera: str, pressed_at: datetime) -> Standing:
        """Whatever was pressed until then is to end, and not to begin. What stands there now."""
        with suppress(ConditionFailed):
            item = self.table.update(
                _now(camera),
                {"stopped_at": iso(pressed_at)},
                (),
                Condition(_NOT_STOPPED, {"pressed_at": iso(pressed_at)}),
                "ALL_NEW",
            )
            return read_standing(camera, item)
        return self.standing(camera)

    def hold(self, watch: Watch, attempt: str, lease_until: datetime, now: datetime) -> None:
        """Take a watch that nobody holds, or renew one's own lease of it. Raises ClaimRefused."""
        condition = Condition(_NOBODYS, {"watch": watch.capture_id, "now": iso(now), "attempt": attempt})
        values = {"attempt": attempt, "lease_until": iso(lease_until)}
        try:
            self.table.update(_now(watch.camera), values, (), condition)
        except ConditionFailed as error:
            raise ClaimRefused(read_item(error.item) if error.item else {}) from error

    def renew(self, camera: str, attempt: str, lease_until: datetime) -> Standing:
        """What stands there now: somebody may have pressed to stop. Raises LeaseLost."""
        with _as_holder():
            item = self.table.update(
                _now(camera), {"lease_until": iso(lease_until)}, (), _mine(attempt), returned="ALL_NEW"
            )
        return read_standing(camera, item)

    def give_back(self, camera: str, attempt: str) -> None:
        """Let another worker go on with the watch at once. Raises LeaseLost."""
        with _as_holder():
            self.table.update(_now(camera), {}, _HELD, _mine(attempt))

    def leave(self, camera: str, attempt: str) -> None:
        """The watch has ended: the camera is free for another one. Raises LeaseLost."""
        with _as_holder():
            self.table.update(_now(camera), {}, _OF_A_WATCH, _mine(attempt))

    def get(self, watch: Watch) -> Attributes | None:
        return self.table.get(_at(watch))

    def create(self, watch: Watch, values: Attributes) -> None:
        """Write the item of a watch that has just begun, unless whoever took it was faster."""
        with suppress(ConditionFailed):
            values = {"status": WatchStatus.RUNNING, **watch.span(), **values}
            self.table.update(_at(watch), values, (), Condition(_NEW, {}))

    def take_up(self, watch: Watch, values: Attributes) -> Attributes:
        """Write `values` of its new holder; what stands there then. Raises LeaseLost: it has ended."""
        condition = Condition(_RUNS, {"running": WatchStatus.RUNNING})
        with _as_holder():
            return self.table.update(_at(watch), {"status": WatchStatus.RUNNING, **values}, (), condition, "ALL_NEW")

    def write(self, watch: Watch, attempt: str, values: Attributes) -> None:
        """As its holder. Raises LeaseLost."""
        with _as_holder():
            self.table.update(_at(watch), values, (), _mine(attempt))

    def keep(self, bucket: Attributes) -> bool:
        """Write a bucket's item, never over another one; whether it is new."""
        values = {name: value for name, value in bucket.items() if name not in {"camera", "capture_id"}}
        try:
            self.table.update(Key(bucket["camera"], bucket["capture_id"]), values, (), Condition(_NEW, {}))
        except ConditionFailed:
            return False
        return True

    def buckets(self, camera: str, since: datetime, until: datetime) -> Iterator[Attributes]:
        """Those that began between the two, the oldest first, of whichever watch."""
        return self.table.oldest_first(partition(camera), iso(since), iso(until))

    def latest(self, camera: str, limit: int) -> list[Attributes]:
        """The camera's watches, the newest first."""
        return list(islice(self.table.newest_first(_watches(camera), limit), limit))


@contextmanager
def _as_holder() -> Iterator[None]:
    try:
        yield
    except ConditionFailed as error:
        raise LeaseLost from error


def _mine(attempt: str) -> Condition:
    return Condition(_MINE, {"attempt": attempt})


def _now(camera: str) -> Key:
    return Key(f"watching/{camera}", NOW)


def _at(watch: Watch) -> Key:
    return Key(_watches(watch.camera), watch.capture_id)


def _watches(camera: str) -> str:
    return f"watch/{camera}"
