from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import boto3
import pytest

from localcloud.server import LocalCloud

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient


def test_answers_carry_the_time_of_day_as_aws_does(sqs: "SQSClient") -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    date = sqs.list_queues()["ResponseMetadata"]["HTTPHeaders"]["date"]
    assert before <= parsedate_to_datetime(date) <= datetime.now(UTC)


def test_a_photo_is_stored_byte_for_byte_with_its_type(s3: "S3Client", bucket: str) -> None:
    photo = bytes(range(256)) * 4096
    s3.put_object(Bucket=bucket, Key="captures/a b/ö.jpg", Body=photo, ContentType="image/jpeg")
    found = s3.get_object(Bucket=bucket, Key="captures/a b/ö.jpg")
    with found["Body"] as body:
        assert (photo, "image/jpeg") == (body.read(), found["ContentType"])


def test_plain_boto3_finds_it_by_the_environment(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    session = boto3.Session("anyone", "anything", region_name="us-east-1")
    assert session.client("s3").head_bucket(Bucket=cloud.resources.bucket)
    table = session.client("dynamodb").describe_table(TableName=cloud.resources.table)["Table"]
    assert table["TableStatus"] == "ACTIVE"
