"""The photo of one press, from where its record says it is."""

from pathlib import Path
from typing import TYPE_CHECKING

from worker.aws.clients import connect_dynamodb, connect_s3
from worker.aws.photos import Photos
from worker.aws.records import Records
from worker.domain.press import Press
from worker.settings import ArchiveSettings

if TYPE_CHECKING:
    import boto3


class NoPhoto(Exception):
    """There is none of this press, or it may not be read."""


def find_photo(session: "boto3.Session", settings: ArchiveSettings, press: Press) -> bytes:
    """Its JPEG. A record may have expired before its photo, so both are looked for.

    Raises:
        NoPhoto: and what can be done about it.
        CloudError: record or photo are not to be had.
    """
    record = Records(connect_dynamodb(session), settings.table_name).get(press.camera, press.capture_id)
    place = record or {}
    bucket = str(place.get("image_bucket", settings.bucket_name))
    found = Photos(connect_s3(session), bucket).find(str(place.get("image_key", press.image_key)))
    if found is None:
        raise NoPhoto(_why_none(press, bucket, str(place.get("status", ""))))
    return found[0]


def file_name(press: Press) -> str:
    """Such as lobby-2026-11-22-184400123-6f1c.jpg."""
    return press.image_key.removeprefix("captures/").replace("/", "-")


def write(photo: bytes, name: str) -> Path:
    """Raises FileExistsError, and OSError; what could not be written whole is not left behind."""
    path = Path(name)
    with path.open("xb") as file:
        try:
            file.write(photo)
            file.flush()
        except OSError:
            path.unlink()
            raise
    return path


def _why_none(press: Press, bucket: str, status: str) -> str:
    if not status:
        return f"camera {press.camera} has no {press.capture_id}; name its camera with --camera, see `results`"
    return f"this press is {status}, and {bucket} has no photo of it, or does not let you read it (s3:GetObject)"
