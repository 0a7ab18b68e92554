"""The queue: what is pressed on a screen goes over it like everything else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from board.aws.errors import NO_ANSWER, cloud_errors
from board.domain.errors import CloudRefused, CloudUnavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SOURCE = "board"


@dataclass(frozen=True)
class Queue:
    """Known by `url`, or else by `name`. Blocks, and raises CloudError."""

    client: "SQSClient"
    name: str
    url: str | None = None

    def send(self, command: str, camera: str, press_id: str, pressed_at: str, **wished: Any) -> None:
        """Put a command on the queue; `wished` is what it says besides, such as `capture_id`.

        `press_id` and `pressed_at` (ISO 8601, UTC, milliseconds) are the identity of the press: sent twice, it is
        done once.
        """
        body: Mapping[str, Any] = {"command": command, "camera": camera, **wished}
        told = {"source": SOURCE, "press_id": press_id, "pressed_at": pressed_at}
        url = self.url or self._url()
        with cloud_errors("sqs:SendMessage"):
            answer = self.client.send_message(
                QueueUrl=url,
                MessageBody=json.dumps(body, ensure_ascii=False),
                MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in told.items()},
            )
        if "MessageId" not in answer:
            raise CloudUnavailable(f"sqs:SendMessage: {NO_ANSWER}")

    def _url(self) -> str:
        with cloud_errors("sqs:GetQueueUrl"):
            try:
                answer = self.client.get_queue_url(QueueName=self.name)
            except self.client.exceptions.QueueDoesNotExist as error:
                raise CloudRefused(f"there is no queue {self.name}; set QUEUE_NAME or QUEUE_URL") from error
        if "QueueUrl" not in answer:
            raise CloudUnavailable(f"sqs:GetQueueUrl: {NO_ANSWER}")
        return answer["QueueUrl"]
