"""The SQS queue."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worker.aws.clients import LONG_POLL_SECONDS
from worker.aws.clock import AwsClock
from worker.aws.errors import cloud_errors
from worker.domain.command import Message
from worker.domain.errors import CloudRefused
from worker.domain.retry import MAX_VISIBILITY_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_MESSAGES_PER_RECEIVE = 10
"""SQS's limit."""


class Queue:
    """One queue; `receiving` is used by `receive` alone."""

    def __init__(
        self, receiving: "SQSClient", client: "SQSClient", url: str, clock: AwsClock, visibility_seconds: int
    ) -> None:
        self._receiving = receiving
        self._client = client
        self._url = url
        self._clock = clock
        self._visibility_seconds = visibility_seconds

    def receive(self, room: int) -> Sequence[Message]:
        """Long-poll for at most `room` messages. Raises CloudError."""
        with cloud_errors("sqs:ReceiveMessage"):
            answer = self._receiving.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(room, MAX_MESSAGES_PER_RECEIVE),
                WaitTimeSeconds=LONG_POLL_SECONDS,
                VisibilityTimeout=self._visibility_seconds,
                MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
                MessageAttributeNames=["All"],
            )
        self._clock.learn(answer["ResponseMetadata"]["HTTPHeaders"].get("date"))
        return [self._read(message) for message in answer.get("Messages", [])]

    def delete(self, message: Message) -> None:
        """Raises CloudError."""
        with cloud_errors("sqs:DeleteMessage"):
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.receipt_handle)

    def keep_away(self, message: Message, seconds: float) -> None:
        """Let the message come back `seconds` from now; 0 is at once. Raises CloudError."""
        with cloud_errors("sqs:ChangeMessageVisibility"):
            self._client.change_message_visibility(
                QueueUrl=self._url,
                ReceiptHandle=message.receipt_handle,
                VisibilityTimeout=max(0, min(MAX_VISIBILITY_SECONDS, round(seconds))),
            )

    def max_receive_count(self) -> int | None:
        """After how many receives SQS moves a message to the dead-letter queue; None without one.

        Raises:
            CloudError: not to be had.
        """
        with cloud_errors("sqs:GetQueueAttributes"):
            answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=["RedrivePolicy"])
        policy = answer.get("Attributes", {}).get("RedrivePolicy")
        return int(json.loads(policy)["maxReceiveCount"]) if policy else None

    def send(self, body: str, attributes: Mapping[str, str]) -> str:
        """Put a message on the queue; its id. Raises CloudError."""
        with cloud_errors("sqs:SendMessage"):
            answer = self._client.send_message(
                QueueUrl=self._url,
                MessageBody=body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )
        return answer["MessageId"]

    def _read(self, message: Any) -> Message:
        system = message.get("Attributes", {})
        sent = system.get("SentTimestamp")
        return Message(
            message_id=message["MessageId"],
            receipt_handle=message["ReceiptHandle"],
            body=message.get("Body", ""),
            attributes={
                name: attribute["StringValue"]
                for name, attribute in message.get("MessageAttributes", {}).items()
                if attribute.get("StringValue")
            },
            receive_count=int(system.get("ApproximateReceiveCount", 1)),
            sent_at=datetime.fromtimestamp(int(sent) / 1000, UTC) if sent else self._clock.now(),
        )


def find_queue_url(client: "SQSClient", name: str) -> str:
    """Raises CloudError; CloudRefused says which name was not found."""
    try:
        with cloud_errors("sqs:GetQueueUrl"):
            return client.get_queue_url(QueueName=name)["QueueUrl"]
    except CloudRefused as error:
        if "NonExistentQueue" not in error.code and "QueueDoesNotExist" not in error.code:
            raise
        region = client.meta.region_name
        raise CloudRefused(
            f"there is no queue {name!r} in {region}; check QUEUE_NAME and AWS_REGION", error.code
        ) from error
