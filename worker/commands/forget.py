"""Deleting what is known of one press, because people may ask for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import boto3

from worker.aws.clients import connect
from worker.aws.clock import AwsClock
from worker.aws.photos import Photos
from worker.aws.records import Records
from worker.disk.spool import Spool
from worker.domain.errors import LeaseLost
from worker.domain.press import Press
from worker.domain.record import MESSAGE_LIFE, STUB, Attributes, Status, expiry
from worker.domain.timestamp import iso
from worker.settings import ArchiveSettings


class InWork(Exception):
    """A worker is working on the press at this moment."""


@dataclass(frozen=True)
class Archive:
    """Where a press leaves something."""

    photos: Photos
    records: Records
    spool: Spool
    clock: AwsClock


def open_archive(session: boto3.Session, settings: ArchiveSettings) -> Archive:
    clients, clock = connect(session), AwsClock()

    def learn(http_response: Any, **_: object) -> None:
        clock.learn(http_response.headers.get("date"))

    clients.dynamodb.meta.events.register("after-call", learn)
    photos = Photos(clients.s3, settings.bucket_name)
    return Archive(photos, Records(clients.dynamodb, settings.table_name), Spool(settings.data_dir / "spool"), clock)


def forget(press: Press, archive: Archive) -> Iterator[str]:
    """Delete photo, copy on this host, and record, in this order; says each that was there, once it is gone.

    While a message for the press may still come, its record becomes an empty stub instead, before anything else: the
    message finds it terminal and takes no second photo, and what another host has in its spool is not stored again.
    Where the photo is goes last, so that what an error left can be forgotten by trying again.

    Raises:
        InWork: nothing was deleted, or the record was taken up by a worker meanwhile and stays.
        CloudError, OSError: what was said so far is deleted, the rest is not.
    """
    record = archive.records.get(press.camera, press.capture_id)
    now = archive.clock.now()
    if record is not None and _is_held(record, now):
        raise InWork(f"a worker is working on this press until {record['lease_until']}; try again after that")
    photos, key = _place_of_photo(record, archive.photos, press)
    stored = photos.has(key)
    may_come_back = now - press.pressed_at < MESSAGE_LIFE
    stub = None
    if may_come_back and (_says_something(record) or stored or archive.spool.keeps(press)):
        stub = _leave_stub(archive.records, press, record, now)
    photos.delete(key)
    if stored:
        yield f"the photo s3://{photos.bucket}/{key}"
    if archive.spool.delete(press):
        yield "the copy of the photo on this host"
    if stub is not None:
        archive.records.empty_stub(press, stub)
    elif not may_come_back and record is not None:
        _delete_record(archive.records, press, record)
    if _says_something(record):
        yield _what_was_recorded(archive.records.table, press, may_come_back=may_come_back)


def _is_held(record: Attributes, now: datetime) -> bool:
    # Compared as text, as the table does it: `forget` must not fail at what somebody else has written there.
    in_progress = record.get("status", Status.IN_PROGRESS) == Status.IN_PROGRESS
    return in_progress and iso(now) < str(record.get("lease_until", ""))


def _place_of_photo(record: Attributes | None, photos: Photos, press: Press) -> tuple[Photos, str]:
    """Where the record says, or where it would be: a record may have expired before its photo."""
    if record is None or "image_key" not in record:
        return photos, press.image_key
    return Photos(photos.client, record.get("image_bucket", photos.bucket)), record["image_key"]


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
