"""Bucket and table before the first press: a wrong name is told now, not by the first photo that is lost."""

from collections.abc import Callable, Iterator
from typing import Any

from worker.aws.clients import Clients
from worker.aws.errors import DENIED, cloud_errors
from worker.domain.errors import CloudError, CloudRefused
from worker.settings import ArchiveSettings

NO_PRESS: Any = {"camera": {"S": "-"}, "capture_id": {"S": "check"}}
"""No press has this key: a capture id begins with its date."""
NO_PHOTO = "captures/check.jpg"
"""No press has this one either; `check` writes it, always the same, and may not be allowed to delete it."""
_ADVICE = {
    "NoSuchBucket": "create it, or correct BUCKET_NAME",
    "ResourceNotFoundException": "create it, or correct TABLE_NAME and AWS_REGION",
    "ValidationException": "its keys must be camera (String, partition) and capture_id (String, sort)",
}


def look(clients: Clients, settings: ArchiveSettings) -> Iterator[str]:
    """A line for each of the two that presses cannot use; with no other permissions than a press has."""
    if (trouble := _trouble("dynamodb:GetItem", lambda: _read_record(clients, settings.table_name))) is not None:
        yield _line(f"TABLE_NAME: the table {settings.table_name} cannot be used", trouble)
    trouble = _trouble("s3:GetObject", lambda: _read_photo(clients, settings.bucket_name))
    if trouble is not None and not _says_nothing(trouble):
        yield _line(f"BUCKET_NAME: the bucket {settings.bucket_name} cannot be used", trouble)


def _read_record(clients: Clients, table: str) -> None:
    clients.dynamodb.get_item(TableName=table, Key=NO_PRESS)


def _read_photo(clients: Clients, bucket: str) -> None:
    # Not HeadObject, which has no body to tell a missing bucket from a missing photo.
    clients.s3.get_object(Bucket=bucket, Key=NO_PHOTO, Range="bytes=0-0")["Body"].close()


def _trouble(action: str, call: Callable[[], None]) -> CloudError | None:
    try:
        with cloud_errors(action):
            call()
    except CloudError as error:
        return error
    return None


def _says_nothing(trouble: CloudError) -> bool:
    """Without s3:ListBucket, which a worker does not need, S3 calls a missing photo "denied"; it then names that one.

    A denial of s3:GetObject itself names s3:GetObject.
    """
    if not isinstance(trouble, CloudRefused):
        return False
    denied = trouble.code in DENIED and "perform: s3:GetObject" not in str(trouble)
    return denied or trouble.code in {"NoSuchKey", "InvalidRange"}


def _line(what: str, trouble: CloudError) -> str:
    advice = _ADVICE.get(trouble.code) if isinstance(trouble, CloudRefused) else None
    return f"{what}: {trouble}{f' - {advice}' if advice else ''}"
