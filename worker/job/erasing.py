"""Deleting what is known of one press, because people may ask for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from worker.domain.errors import LeaseLost
from worker.domain.photo import Kind
from worker.domain.ports import Clock, Photos, Records, Spool
from worker.domain.press import Press
from worker.domain.record import MESSAGE_LIFE, STUB, Attributes, Status, expiry
from worker.domain.timestamp import iso, parse_iso

UNREADABLE_LEASE_SECONDS = 30.0
"""For how long somebody else's idea of a moment is taken to hold."""


class InWork(Exception):
    """A worker is working on the press at this moment; `seconds` is how long its lease lasts, unless it is renewed."""

    def __init__(self, message: str, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True)
class Archive:
    """Where a press leaves something."""

    photos: Photos
    records: Records
    spool: Spool
    clock: Clock


@dataclass(frozen=True)
class _Place:
    """Where a photo or a clip may be."""

    kind: Kind
    photos: Photos
    key: str


def erase(press: Press, archive: Archive) -> Iterator[str]:
    """Delete photo or clip, copy on this host, and record, in this order; says each that was there, once it is gone.

    While a message for the press may still come, its record becomes an empty stub instead, before anything else: the
    message finds it terminal and takes no second photo, and what another host has in its spool is not stored again.
    Where photo and clip are goes last, so that what an error left can be erased by trying again.

    Raises:
        InWork: nothing was deleted, or the record was taken up by a worker meanwhile and stays.
        CloudError, OSError: what was said so far is deleted, the rest is not.
    """
    record = archive.records.get(press.camera, press.capture_id)
    now = archive.clock.now()
    if record is not None and _is_held(record, now):
        until = record["lease_until"]
        raise InWork(f"a worker is working on this press until {until}; try again after that", _rest_of(until, now))
    places = [_place(record, archive.photos, press, kind) for kind in Kind]
    stored = [place for place in places if place.photos.has(place.key)]
    may_come_back = now - press.pressed_at < MESSAGE_LIFE
    stub = None
    if may_come_back and (_says_something(record) or stored or archive.spool.keeps(press)):
        stub = _leave_stub(archive.records, press, record, now)
    for place in places:
        place.photos.delete(place.key)
        if place in stored:
            yield f"the {place.kind} s3://{place.photos.bucket}/{place.key}"
    if archive.spool.delete(press):
        yield "the copy on this host"
    if stub is not None:
        archive.records.empty_stub(press, stub)
    elif not may_come_back and record is not None:
        _delete_record(archive.records, press, record)
    if _says_something(record):
        yield _what_was_recorded(archive.records.name, press, may_come_back=may_come_back)


def _is_held(record: Attributes, now: datetime) -> bool:
    # Compared as text, as the table does it: nobody's record may be kept by what somebody else has written there.
    in_progress = record.get("status", Status.IN_PROGRESS) == Status.IN_PROGRESS
    return in_progress and iso(now) < str(record.get("lease_until", ""))


def _rest_of(lease_until: object, now: datetime) -> float:
    try:
        return max(0.0, (parse_iso(str(lease_until)) - now).total_seconds())
    except ValueError:
        return UNREADABLE_LEASE_SECONDS


def _place(record: Attributes | None, photos: Photos, press: Press, kind: Kind) -> _Place:
    """Where the record says, or where it would be: a record may have expired before its photo."""
    bucket_name, key_name = kind.attributes
    if record is None or key_name not in record:
        return _Place(kind, photos, kind.key(press))
    return _Place(kind, photos.of(record.get(bucket_name, photos.bucket)), record[key_name])


def _says_something(record: Attributes | None) -> bool:
    return record is not None and not record.keys() <= STUB


def _what_was_recorded(table: str, press: Press, *, may_come_back: bool) -> str:
    if not may_come_back:
        return f"the record in {table}"
    until = iso(press.pressed_at + MESSAGE_LIFE)[:10]
    return f"the record in {table}; an empty stub stays until {until}: should the press come back, it takes no photo"


def _leave_stub(records: Records, press: Press, record: Attributes | None, now: datetime) -> Attributes:
    try:
        return records.leave_stub(press, record, expiry(press, MESSAGE_LIFE), now)
    except LeaseLost as error:
        raise InWork("a worker has taken this press up again; try again in a minute") from error


def _delete_record(records: Records, press: Press, record: Attributes) -> None:
    try:
        records.delete(press, record.get("attempt"))
    except LeaseLost as error:
        raise InWork("a worker has taken this press up again; try again in a minute") from error
