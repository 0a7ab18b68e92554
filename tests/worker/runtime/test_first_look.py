"""What is said of bucket and table before the first press, with no more permissions than a press has."""

from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from worker.aws.clients import Clients, connect
from worker.runtime.first_look import look
from worker.settings import ArchiveSettings

SETTINGS = ArchiveSettings(bucket_name="my-captures", table_name="captures")
_NO_LIST = "User: u is not authorized to perform: s3:ListBucket on resource: b because no policy allows it"
_NO_READ = "User: u is not authorized to perform: s3:GetObject on resource: b because no policy allows it"


@pytest.fixture
def clients() -> Clients:
    return connect(boto3.Session("anyone", "anything", region_name="eu-west-1"))


@pytest.fixture
def stubs(clients: Clients) -> Iterator[tuple[Stubber, Stubber]]:
    """Of the table's client, and of the bucket's."""
    with ExitStack() as stack:
        yield stack.enter_context(Stubber(clients.dynamodb)), stack.enter_context(Stubber(clients.s3))


def photo() -> dict[str, Any]:
    return {"Body": StreamingBody(BytesIO(b"x"), 1)}


@pytest.mark.parametrize(
    ("code", "message", "status"),
    [
        ("NoSuchKey", "no such key", 404),
        # What S3 says of a missing photo to who may not list, older and newer.
        ("AccessDenied", "Access Denied", 403),
        ("AccessDenied", _NO_LIST, 403),
        ("InvalidRange", "an empty object", 416),
    ],
)
def test_nothing_is_said_where_both_are_there(
    clients: Clients, stubs: tuple[Stubber, Stubber], code: str, message: str, status: int
) -> None:
    table, bucket = stubs
    table.add_response("get_item", {})
    bucket.add_client_error("get_object", code, message, status)
    assert list(look(clients, SETTINGS)) == []


def test_nothing_is_said_where_a_picture_of_check_stayed(clients: Clients, stubs: tuple[Stubber, Stubber]) -> None:
    table, bucket = stubs
    table.add_response("get_item", {})
    bucket.add_response("get_object", photo())
    assert list(look(clients, SETTINGS)) == []


def test_what_is_missing_is_told_with_its_setting(clients: Clients, stubs: tuple[Stubber, Stubber]) -> None:
    table, bucket = stubs
    table.add_client_error("get_item", "ResourceNotFoundException", "no such table", 400)
    bucket.add_client_error("get_object", "NoSuchBucket", "no such bucket", 404)
    of_table, of_bucket = look(clients, SETTINGS)
    assert of_table.startswith("TABLE_NAME: the table captures cannot be used: ")
    assert of_table.endswith("create it, or correct TABLE_NAME and AWS_REGION")
    assert of_bucket.startswith("BUCKET_NAME: the bucket my-captures cannot be used: ")
    assert of_bucket.endswith("create it, or correct BUCKET_NAME")


def test_what_is_denied_is_told_with_its_permission(clients: Clients, stubs: tuple[Stubber, Stubber]) -> None:
    table, bucket = stubs
    table.add_client_error("get_item", "AccessDeniedException", "no", 400)
    bucket.add_client_error("get_object", "AccessDenied", _NO_READ, 403)
    of_table, of_bucket = look(clients, SETTINGS)
    assert "the permission dynamodb:GetItem" in of_table
    assert "the permission s3:GetObject" in of_bucket


def test_other_keys_are_told_with_the_right_ones(clients: Clients, stubs: tuple[Stubber, Stubber]) -> None:
    table, bucket = stubs
    table.add_client_error("get_item", "ValidationException", "the key does not match", 400)
    bucket.add_response("get_object", photo())
    [line] = look(clients, SETTINGS)
    assert "capture_id (String, sort)" in line


def test_what_does_not_answer_is_told_too(clients: Clients, stubs: tuple[Stubber, Stubber]) -> None:
    table, bucket = stubs
    table.add_response("get_item", {})
    bucket.add_client_error("get_object", "InternalError", "try again", 503)
    [line] = look(clients, SETTINGS)
    assert line.startswith("BUCKET_NAME: ")
