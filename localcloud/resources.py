"""The queues, the bucket and the table a worker expects to find."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3.session import Session

MAX_RECEIVE_COUNT = 5


@dataclass(frozen=True)
class Resources:
    """Names of what is to be made."""

    queue: str = "take-picture"
    bucket: str = "captures"
    table: str = "captures"

    @property
    def dead_letter_queue(self) -> str:
        return f"{self.queue}-dead-letters"

    def create(self, session: "Session", endpoint: str) -> None:
        _create_queues(session, endpoint, self.queue, self.dead_letter_queue)
        _create_bucket(session, endpoint, self.bucket)
        _create_table(session, endpoint, self.table)

    def described(self) -> dict[str, str]:
        return asdict(self)


def _create_queues(session: "Session", endpoint: str, name: str, dead_letter_name: str) -> None:
    sqs = session.client("sqs", endpoint_url=endpoint)
    dead_letters = sqs.create_queue(QueueName=dead_letter_name)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["QueueArn"])
    redrive = {"deadLetterTargetArn": found["Attributes"]["QueueArn"], "maxReceiveCount": MAX_RECEIVE_COUNT}
    sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": json.dumps(redrive)})


def _create_bucket(session: "Session", endpoint: str, name: str) -> None:
    # Every region but the first has to be named.
    elsewhere: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": session.region_name}}
    in_region = {} if session.region_name == "us-east-1" else elsewhere
    session.client("s3", endpoint_url=endpoint).create_bucket(Bucket=name, **in_region)


def _create_table(session: "Session", endpoint: str, name: str) -> None:
    session.client("dynamodb", endpoint_url=endpoint).create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": "camera", "KeyType": "HASH"},
            {"AttributeName": "capture_id", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "camera", "AttributeType": "S"},
            {"AttributeName": "capture_id", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
