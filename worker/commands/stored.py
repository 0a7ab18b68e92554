"""The photo or the clip of one press, from where its record says it is."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from worker.aws.clients import connect_dynamodb, connect_s3
from worker.aws.photos import Photos
from worker.aws.records import Records
from worker.aws.table import Table
from worker.domain.photo import Kind
from worker.domain.press import Press
from worker.domain.record import Attributes
from worker.settings import ArchiveSettings

if TYPE_CHECKING:
    import boto3


class NotStored(Exception):
    """There is none of this press, or it may not be read."""


def find(session: "boto3.Session", settings: ArchiveSettings, press: Press, kind: Kind) -> Iterable[bytes]:
    """It, a piece at a time. A record may have expired before its photo, so both are looked for.

    Raises:
        NotStored: and what can be done about it.
        CloudError: record or photo are not to be had, which may also show when it is read.
    """
    record = Records(Table(connect_dynamodb(session), settings.table_name)).get(press.camera, press.capture_id)
    place, (bucket_name, key_name) = record or {}, kind.attributes
    bucket = str(place.get(bucket_name, settings.bucket_name))
    found = Photos(connect_s3(session), bucket).pieces(str(place.get(key_name, kind.key(press))))
    if found is None:
        raise NotStored(_why_none(press, bucket, place, kind))
    return found


def file_name(key: str) -> str:
    """Such as lobby-2026-11-22-184400123-6f1c.jpg."""
    return key.removeprefix("captures/").replace("/", "-")


def write(pieces: Iterable[bytes], name: str) -> Path:
    """Raises FileExistsError, OSError and CloudError; what could not be written whole is not left behind."""
    path = Path(name)
    with path.open("xb") as file:
        try:
            file.writelines(pieces)
            file.flush()
        except BaseException:
            path.unlink()
            raise
    return path


def _why_none(press: Press, bucket: str, record: Attributes, kind: Kind) -> str:
    if "status" not in record:
        return f"camera {press.camera} has no {press.capture_id}; name its camera with --camera, see `results`"
    for left in Kind:
        if left is not kind and left.attributes[1] in record:
            return f"this press has no {kind}, it left a {left}: save it with `results --{left}`"
    status = record["status"]
    return f"this press is {status}, and {bucket} has no {kind} of it, or does not let you read it (s3:GetObject)"
