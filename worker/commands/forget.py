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
from worker.domain.record import Attributes, Status
from worker.domain.timestamp import parse_iso
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

    The record goes last, so that what an error left can be forgotten by trying again.

    Raises:
        InWork: nothing was deleted, or the record was taken up by a worker meanwhile and stays.
        CloudError, OSError: what was said so far is deleted, the rest is not.
    """
    record = archive.records.get(press.camera, press.capture_id)
    if record is not None and _is_held(record, archive.clock.now()):
        raise InWork(f"a worker is working on this press until {record['lease_until']}; try again after that")
    photos, key = _place_of_photo(record, archive.photos, press)
    stored = photos.has(key)
    photos.delete(key)
    if stored:
        yield f"the photo s3://{photos.bucket}/{key}"
    if archive.spool.delete(press):
        yield "the copy of the photo on this host"
    if record is not None:
        _delete_record(archive.records, press, record)
        yield f"the record in {archive.records.table}"


def _is_held(record: Attributes, now: datetime) -> bool:
    in_progress = not Status(record.get("status", Status.IN_PROGRESS)).terminal
    return in_progress and "lease_until" in record and now < parse_iso(record["lease_until"])


def _place_of_photo(record: Attributes | None, photos: Photos, press: Press) -> tuple[Photos, str]:
    """Where the record says, or where it would be: a record may have expired before its photo."""
    if record is None or "image_key" not in record:
        return photos, press.image_key
    return Photos(photos.client, record.get("image_bucket", photos.bucket)), record["image_key"]


def _delete_record(records: Records, press: Press, record: Attributes) -> None:
    try:
        records.delete(press, record.get("attempt"))
    except LeaseLost as error:
        raise InWork("a worker has taken this press up again; try again in a minute") from error
