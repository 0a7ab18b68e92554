"""The bucket and the table: written, read and deleted in the way a press and forgetting it do it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from worker.aws.errors import ConditionFailed, cloud_errors
from worker.aws.photos import Photos
from worker.commands.check import verdicts
from worker.commands.check.line import Line, failed, ok, warning
from worker.commands.check.picture import PICTURE
from worker.domain.errors import CloudError, CloudRefused
from worker.runtime.first_look import NO_PHOTO, NO_PRESS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_IF_THERE: Any = {
    "Key": NO_PRESS,
    "ConditionExpression": "attribute_exists(#camera)",
    "ExpressionAttributeNames": {"#camera": "camera"},
}

_FORGETTING = "neither `forget` nor the command Forget can"


def bucket_lines(photos: Photos, now: datetime) -> Iterator[Line]:
    try:
        photos.store(NO_PHOTO, PICTURE, now)
    except CloudError as error:
        yield verdicts.cloud_trouble("bucket", error)
        return
    try:
        stored = photos.find(NO_PHOTO)
    except CloudError as error:
        yield verdicts.cloud_trouble("bucket", error)
    else:
        yield _read_back(photos.bucket, stored is not None)
    yield _deleting(photos)
    yield _publicity(photos)


def _read_back(bucket: str, found: bool) -> Line:  # noqa: FBT001 - the one thing it says
    if not found:
        remedy = "give the worker's IAM user or role the permission s3:GetObject on captures/*"
        return failed("bucket", f"{bucket}: what was written cannot be read back", remedy)
    return ok("bucket", f"{bucket}: a photo can be written and read")


def _deleting(photos: Photos) -> Line:
    try:
        photos.delete(NO_PHOTO)
    except CloudError as error:
        remedy = f"{NO_PHOTO} stays, a small grey picture; without the permission {_FORGETTING} delete photos"
        return warning("bucket delete", str(error), remedy)
    return ok("bucket delete", "allowed, which only `forget`, the command Forget and this check need")


def _publicity(photos: Photos) -> Line:
    status = _asked(
        "s3:GetBucketPolicyStatus",
        "NoSuchBucketPolicy",
        lambda: photos.client.get_bucket_policy_status(Bucket=photos.bucket)["PolicyStatus"],
    )
    block = _asked(
        "s3:GetBucketPublicAccessBlock",
        "NoSuchPublicAccessBlockConfiguration",
        lambda: photos.client.get_public_access_block(Bucket=photos.bucket)["PublicAccessBlockConfiguration"],
    )
    return verdicts.publicity(status, block)


def _asked(action: str, absent: str, ask: Callable[[], Any]) -> dict[str, Any] | None:
    """The answer; empty where there is no such thing (code `absent`), None where it is not to be had."""
    try:
        with cloud_errors(action):
            return dict(ask())
    except CloudRefused as error:
        return {} if error.code == absent else None
    except CloudError:
        return None


def table_lines(client: "DynamoDBClient", table: str, retention: timedelta | None) -> Iterator[Line]:
    """Nothing is written: the writes are conditions that no item meets, which AWS checks after the permission."""
    writing: dict[str, Any] = {
        "UpdateExpression": "SET #checked = :checked",
        "ExpressionAttributeValues": {":checked": {"BOOL": True}},
        **_IF_THERE,
        "ExpressionAttributeNames": {"#camera": "camera", "#checked": "checked"},
    }
    query: dict[str, Any] = {
        "KeyConditionExpression": "#camera = :camera",
        "ExpressionAttributeNames": {"#camera": "camera"},
        "ExpressionAttributeValues": {":camera": {"S": "-"}},
        "Limit": 1,
    }
    needed: dict[str, Callable[[], Any]] = {
        "dynamodb:GetItem": lambda: client.get_item(TableName=table, Key=NO_PRESS),
        "dynamodb:UpdateItem": lambda: client.update_item(TableName=table, **writing),
        "dynamodb:Query": lambda: client.query(TableName=table, **query),
    }
    for action, call in needed.items():
        if (trouble := _trouble(action, call)) is not None:
            yield _table_trouble(trouble)
            return
    yield ok("table", f"{table}: its keys fit, and a record can be read and written")
    trouble = _trouble("dynamodb:DeleteItem", lambda: client.delete_item(TableName=table, **_IF_THERE))
    if trouble is not None:
        yield warning("table delete", str(trouble), f"{_FORGETTING} delete records that need no stub")
    else:
        yield ok("table delete", "allowed, which only `forget` and the command Forget need")
    if retention is None:
        yield ok("table expiry", "none is needed: records stay for ever (RETENTION_DAYS=0)")
    else:
        yield _expiry(client, table)


def _table_trouble(error: CloudError) -> Line:
    remedy = "the keys must be camera (String, partition) and capture_id (String, sort): create such a table"
    return verdicts.cloud_trouble("table", error, remedy if _names_keys(error) else "")


def _names_keys(error: CloudError) -> bool:
    return isinstance(error, CloudRefused) and error.code == "ValidationException"


def _trouble(action: str, call: Callable[[], Any]) -> CloudError | None:
    try:
        with cloud_errors(action):
            call()
    except ConditionFailed:
        return None
    except CloudError as error:
        return error
    return None


def _expiry(client: "DynamoDBClient", table: str) -> Line:
    try:
        with cloud_errors("dynamodb:DescribeTimeToLive"):
            return verdicts.expiry(client.describe_time_to_live(TableName=table)["TimeToLiveDescription"])
    except CloudError as error:
        return warning("table expiry", f"could not tell: {error}")
