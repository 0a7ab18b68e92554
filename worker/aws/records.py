"""The DynamoDB table of records, and the claim that only one attempt holds at a time."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from worker.aws.errors import ConditionFailed
from worker.aws.items import read_item
from worker.aws.table import Condition, Key, Table
from worker.domain.errors import ClaimRefused, LeaseLost
from worker.domain.press import Press
from worker.domain.record import STUB, Attributes, Status
from worker.domain.timestamp import iso

_CLAIMABLE = (
    "attribute_not_exists(#capture_id) OR (#status = :in_progress AND (#lease_until < :now OR #attempt = :attempt))"
)
_MINE = "#attempt = :attempt"
_FORGOTTEN = "#status = :forgotten"
_FREE = "(#status <> :in_progress OR attribute_not_exists(#lease_until) OR #lease_until < :now)"

_LEFT_AT_FIRST = STUB | {"image_bucket", "image_key", "video_bucket", "video_key"}


@dataclass(frozen=True)
class Records:
    """Every write but the first requires that the attempt still holds the item. All raise CloudError."""

    table: Table

    @property
    def name(self) -> str:
        """Of the table."""
        return self.table.name

    def claim(self, press: Press, attempt: str, lease_until: datetime, now: datetime, fresh: Attributes) -> Attributes:
        """Take the press; `fresh` is written where nothing stands. What stood there before, or nothing.

        A retry of botocore's after a lost answer finds its own attempt and succeeds; what an earlier attempt left is
        still there among its own.

        Raises:
            ClaimRefused: a live lease of another attempt, or a terminal record.
        """
        try:
            return self.table.update(
                _at(press),
                {**fresh, "attempt": attempt, "lease_until": iso(lease_until)},
                (),
                Condition(_CLAIMABLE, {"now": iso(now), "in_progress": Status.IN_PROGRESS, "attempt": attempt}),
                returned="ALL_OLD",
            )
        except ConditionFailed as error:
            item = read_item(error.item) if error.item else self.get(press.camera, press.capture_id)
            raise ClaimRefused(item or {}) from error

    def write(self, press: Press, attempt: str, values: Attributes, remove: Iterable[str] = ()) -> None:
        """Set and remove attributes of a press that `attempt` holds.

        Raises:
            LeaseLost: another attempt holds it now.
        """
        try:
            self.table.update(_at(press), values, remove, Condition(_MINE, {"attempt": attempt}))
        except ConditionFailed as error:
            raise LeaseLost from error

    def leave_stub(self, press: Press, record: Attributes | None, expires_at: int, now: datetime) -> Attributes:
        """Make `record`, read before (None: there was none), a `forgotten` one that is terminal and nobody's.

        What it says is removed, but for where its photo is: that is needed until the photo is deleted. What stands
        there now.

        Raises:
            LeaseLost: an attempt holds it, or has taken it up since it was read.
        """
        stub = {"status": Status.FORGOTTEN, "expires_at": expires_at}
        try:
            return self.table.update(
                _at(press), stub, _beyond(_LEFT_AT_FIRST, record), _may_be_forgotten(record, now), "ALL_NEW"
            )
        except ConditionFailed as error:
            raise LeaseLost from error

    def empty_stub(self, press: Press, stub: Attributes) -> None:
        """Remove from a `forgotten` record what `leave_stub` has left. Nothing where it is gone."""
        is_one = Condition(_FORGOTTEN, {"forgotten": Status.FORGOTTEN})
        with suppress(ConditionFailed):
            self.table.update(_at(press), {"status": Status.FORGOTTEN}, _beyond(STUB, stub), is_one)

    def delete(self, press: Press, attempt: str | None) -> None:
        """Delete the record that `attempt` was the last to work on. One that is gone is a success.

        Raises:
            LeaseLost: another attempt has taken it up.
        """
        mine = Condition(_MINE, {"attempt": attempt}) if attempt else Condition("attribute_not_exists(#attempt)", {})
        try:
            self.table.delete(_at(press), mine)
        except ConditionFailed as error:
            # botocore repeats a call whose answer was lost, and then finds nothing.
            if self.get(press.camera, press.capture_id) is not None:
                raise LeaseLost from error

    def get(self, camera: str, capture_id: str) -> Attributes | None:
        """The record as it stands now, or None."""
        return self.table.get(Key(camera, capture_id))

    def latest(self, camera: str, limit: int) -> list[Attributes]:
        """The camera's records, newest first; those that were forgotten are none."""
        shown = (
            record for record in self.table.newest_first(camera, limit) if record.get("status") != Status.FORGOTTEN
        )
        return list(islice(shown, limit))


def _at(press: Press) -> Key:
    return Key(press.camera, press.capture_id)


def _may_be_forgotten(record: Attributes | None, now: datetime) -> Condition:
    """It is as it was read, and in nobody's hand; or forgotten by this call, whose first answer was lost."""
    forgotten = {"forgotten": Status.FORGOTTEN}
    if record is None:
        return Condition(f"{_FORGOTTEN} OR attribute_not_exists(#capture_id)", forgotten)
    free = {**forgotten, "in_progress": Status.IN_PROGRESS, "now": iso(now)}
    if "attempt" not in record:
        return Condition(f"{_FORGOTTEN} OR (attribute_not_exists(#attempt) AND {_FREE})", free)
    return Condition(f"{_FORGOTTEN} OR ({_MINE} AND {_FREE})", {**free, "attempt": record["attempt"]})


def _beyond(kept: frozenset[str], record: Attributes | None) -> set[str]:
    return set(record or ()) - kept
