"""What a test has of AWS: a queue with its dead-letter queue, a bucket and a table of its own."""

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer

from demo.program import PATIENCE_SECONDS
from localcloud.resources import Resources, deploy
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_polly import PollyClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

REGION = "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "anyone", "AWS_SECRET_ACCESS_KEY": "anything", "AWS_REGION": REGION}

_READ = TypeDeserializer().deserialize

Item = dict[str, Any]


@cache
def _session() -> boto3.Session:
    return boto3.Session("anyone", "anything", region_name=REGION)


@dataclass(frozen=True)
class Account:
    """Reached at `endpoint`, past any proxy that a test puts before the worker."""

    endpoint: str
    max_receive_count: int | None = None
    """Of the queue, where it is not the template's."""

    @cached_property
    def resources(self) -> Resources:
        resources = deploy(_session(), self.endpoint, f"test-{uuid.uuid4().hex[:12]}")
        if self.max_receive_count is not None:
            self._redrive_after(self.max_receive_count, resources)
        return resources

    @property
    def settings(self) -> dict[str, str]:
        """For a worker."""
        return KEYS | {
            "AWS_ENDPOINT_URL": self.endpoint,
            "QUEUE_NAME": self.resources.queue,
            "BUCKET_NAME": self.resources.bucket,
            "TABLE_NAME": self.resources.table,
        }

    def as_polly_says(self, sentence: str) -> bytes:
        """The sound that a camera with the default settings is to play."""
        return self.polly.synthesize_speech(
            Text=sentence, VoiceId="Joanna", Engine="neural", OutputFormat="alaw", SampleRate="8000"
        )["AudioStream"].read()

    def press(self, body: str = "TakePicture", **attributes: str) -> str:
        """Put a message on the queue; its id."""
        named: Any = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        return self.sqs.send_message(QueueUrl=self._queue_url, MessageBody=body, MessageAttributes=named)["MessageId"]

    def items(self) -> list[Item]:
        """All records in DynamoDB's own JSON, oldest first; nothing of watches, which have cameras with a slash."""
        found = [item for item in self._scanned() if "/" not in item["camera"]["S"]]
        return sorted(found, key=lambda item: item["capture_id"]["S"])

    def records(self) -> list[Item]:
        """The same as plain values (numbers as Decimal)."""
        return list(map(_plain, self.items()))

    def of(self, partition: str) -> list[Item]:
        """What is in another partition of the table than a camera's, such as `watch/lobby`, oldest first."""
        found = map(_plain, self._scanned())
        return sorted((item for item in found if item["camera"] == partition), key=lambda item: item["capture_id"])

    def ended(self, count: int = 1, within: float = PATIENCE_SECONDS) -> list[Item]:
        """The records, once `count` of them are terminal."""
        eventually(lambda: sum(record["status"] != "in_progress" for record in self.records()) >= count, within)
        return self.records()

    def messages(self) -> int:
        """How many there are on the queue, also those that are invisible now."""
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=names)["Attributes"]
        return sum(int(count) for count in found.values())

    def visible(self) -> int:
        """How many could be received now."""
        found = self.sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    def make_visible(self, receipt_handle: str) -> None:
        """Let a message that somebody holds be received again at once, if it is still there."""
        with suppress(self.sqs.exceptions.ReceiptHandleIsInvalid, self.sqs.exceptions.MessageNotInflight):
            self.sqs.change_message_visibility(
                QueueUrl=self._queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=0
            )

    def end_leases(self, in_seconds: float = -1.0) -> None:
        """Let whoever comes then claim what others are working on."""
        end = (datetime.now(UTC) + timedelta(seconds=in_seconds)).isoformat(timespec="milliseconds")
        for item in self.items():
            if item["status"]["S"] == "in_progress":
                self.dynamodb.update_item(
                    TableName=self.resources.table,
                    Key={name: item[name] for name in ("camera", "capture_id")},
                    UpdateExpression="SET lease_until = :end",
                    ExpressionAttributeValues={":end": {"S": end.replace("+00:00", "Z")}},
                )

    def wait_until_empty(self, within: float = PATIENCE_SECONDS) -> None:
        """Until the last message is deleted."""
        eventually(lambda: self.messages() == 0, within)

    def dead_letters(self) -> list[str]:
        """The bodies of what has come to the dead-letter queue since the last call."""
        return list(self.dead_messages().values())

    def dead_messages(self) -> dict[str, str]:
        """The same, by the ids of the messages."""
        url = self._url(self.resources.dead_letter_queue)
        dead: dict[str, str] = {}
        while found := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=600).get(
            "Messages", []
        ):
            dead |= {message["MessageId"]: message["Body"] for message in found}
        return dead

    def photo(self, key: str) -> tuple[bytes, str]:
        """Its bytes and its content type."""
        found = self.s3.get_object(Bucket=self.resources.bucket, Key=key)
        return found["Body"].read(), found["ContentType"]

    def photo_keys(self) -> list[str]:
        return [found["Key"] for found in self.s3.list_objects_v2(Bucket=self.resources.bucket).get("Contents", [])]

    @cached_property
    def sqs(self) -> "SQSClient":
        return _session().client("sqs", endpoint_url=self.endpoint)

    @cached_property
    def s3(self) -> "S3Client":
        return _session().client("s3", endpoint_url=self.endpoint)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return _session().client("dynamodb", endpoint_url=self.endpoint)

    @cached_property
    def polly(self) -> "PollyClient":
        return _session().client("polly", endpoint_url=self.endpoint)

    def _scanned(self) -> list[Item]:
        return self.dynamodb.scan(TableName=self.resources.table, ConsistentRead=True)["Items"]

    def _redrive_after(self, receives: int, resources: Resources) -> None:
        dead_letters = self._url(resources.dead_letter_queue)
        found = self.sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["QueueArn"])
        policy = {"deadLetterTargetArn": found["Attributes"]["QueueArn"], "maxReceiveCount": receives}
        attributes: Any = {"RedrivePolicy": json.dumps(policy)}
        self.sqs.set_queue_attributes(QueueUrl=self._url(resources.queue), Attributes=attributes)

    def _url(self, queue: str) -> str:
        return self.sqs.get_queue_url(QueueName=queue)["QueueUrl"]

    @cached_property
    def _queue_url(self) -> str:
        return self._url(self.resources.queue)


def _plain(item: Item) -> Item:
    return {name: _READ(value) for name, value in item.items()}
