"""Deleting what is known of one press, because people may ask for it."""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import boto3

from worker.aws.clients import connect
from worker.aws.clock import AwsClock
from worker.aws.photos import Photos
from worker.aws.records import Records
from worker.aws.table import Table
from worker.commands.exits import USAGE_ERROR, complain, refuse
from worker.disk.spool import Spool
from worker.domain.errors import CloudError, LeaseLost
from worker.domain.photo import Kind
from worker.domain.press import NotACapture, Press, read_capture_id
from worker.domain.record import MESSAGE_LIFE, STUB, Attributes, Status, expiry
from worker.domain.timestamp import iso
from worker.logs import printable
from worker.settings import ArchiveSettings, SettingsError, camera_names, doubts, load
from worker.settings.aws import open_session
from worker.settings.mistakes import both


class InWork(Exception):
    """A worker is working on the press at this moment."""


@dataclass(frozen=True)
class Archive:
    """Where a press leaves something."""

    photos: Photos
    records: Records
    spool: Spool
    clock: AwsClock


@dataclass(frozen=True)
class _Place:
    """Where a photo or a clip may be."""

    kind: Kind
    photos: Photos
    key: str


def open_archive(session: boto3.Session, settings: ArchiveSettings) -> Archive:
    clients, clock = connect(session), AwsClock()
    clock.learn_from(clients.dynamodb)
    photos = Photos(clients.s3, settings.bucket_name)
    return Archive(
        photos, Records(Table(clients.dynamodb, settings.table_name)), Spool(settings.data_dir / "spool"), clock
    )


def forget(press: Press, archive: Archive) -> Iterator[str]:
    """Delete photo or clip, copy on this host, and record, in this order; says each that was there, once it is gone.

    While a message for the press may still come, its record becomes an empty stub instead, before anything else: the
    message finds it terminal and takes no second photo, and what another host has in its spool is not stored again.
    Where photo and clip are goes last, so that what an error left can be forgotten by trying again.

    Raises:
        InWork: nothing was deleted, or the record was taken up by a worker meanwhile and stays.
        CloudError, OSError: what was said so far is deleted, the rest is not.
    """
    record = archive.records.get(press.camera, press.capture_id)
    now = archive.clock.now()
    if record is not None and _is_held(record, now):
        raise InWork(f"a worker is working on this press until {record['lease_until']}; try again after that")
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
        yield _what_was_recorded(archive.records.table.name, press, may_come_back=may_come_back)


def _is_held(record: Attributes, now: datetime) -> bool:
    # Compared as text, as the table does it: `forget` must not fail at what somebody else has written there.
    in_progress = record.get("status", Status.IN_PROGRESS) == Status.IN_PROGRESS
    return in_progress and iso(now) < str(record.get("lease_until", ""))


def _place(record: Attributes | None, photos: Photos, press: Press, kind: Kind) -> _Place:
    """Where the record says, or where it would be: a record may have expired before its photo."""
    bucket_name, key_name = kind.attributes
    if record is None or key_name not in record:
        return _Place(kind, photos, kind.key(press))
    return _Place(kind, Photos(photos.client, record.get(bucket_name, photos.bucket)), record[key_name])


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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("capture_id", metavar="CAPTURE_ID", help="as `results` shows it")
    parser.add_argument("--camera", metavar="NAME", help="of which camera (default: the worker's first)")


def run(options: argparse.Namespace) -> int:
    deleted = 0
    try:
        press = read_capture_id(options.camera or camera_names(os.environ)[0], options.capture_id)
        session, settings = both(lambda: open_session(os.environ), lambda: load(ArchiveSettings, os.environ))
        for what in forget(press, open_archive(session, settings)):
            print("deleted", printable(what), flush=True)
            deleted += 1
    except SettingsError as error:
        return complain(error.mistakes, doubts(os.environ))
    except NotACapture as error:
        return refuse(str(error), USAGE_ERROR)
    except BrokenPipeError:
        raise
    except (InWork, CloudError, OSError) as error:
        return refuse(f"not everything is deleted: {error}" if deleted else f"nothing is deleted: {error}")
    if not deleted:
        return refuse(f"there is nothing to delete: camera {press.camera} has no {press.capture_id}")
    return 0
