"""The queue: found, with a dead-letter queue, and what can be shown of the permissions without taking a message."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from worker.aws.errors import DENIED, cloud_errors
from worker.aws.queue import find_queue_url
from worker.commands.check import verdicts
from worker.commands.check.line import Line, failed, ok
from worker.domain.errors import CloudError, CloudRefused
from worker.settings import WorkerSettings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_NO_HANDLE = "none"
"""No message has this receipt handle, so nothing is changed or deleted by it."""


def queue_lines(client: "SQSClient", settings: WorkerSettings) -> Iterator[Line]:
    try:
        url = settings.queue_url or find_queue_url(client, settings.queue_name)
        with cloud_errors("sqs:GetQueueAttributes"):
            found: Any = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    except CloudError as error:
        yield verdicts.cloud_trouble("queue", error, "correct QUEUE_NAME, QUEUE_URL or AWS_REGION")
        return
    waiting = int(found["ApproximateNumberOfMessages"])
    yield ok("queue", f"{url.rpartition('/')[2]} in {client.meta.region_name}, {waiting} waiting")
    yield verdicts.dead_letter_queue(found.get("RedrivePolicy"))
    yield verdicts.visibility(int(found["VisibilityTimeout"]), settings.visibility_seconds)
    yield _receiving(client, url, waiting)
    yield _answering(client, url)


def _receiving(client: "SQSClient", url: str, waiting: int) -> Line:
    """A receive takes messages, so it is only tried while there are none; one that slips in is given back at once."""
    name = "queue receive"
    if waiting:
        return ok(name, "not proven: a message waits and would be taken; check again while the queue is empty")
    try:
        with cloud_errors("sqs:ReceiveMessage"):
            answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=1, WaitTimeSeconds=0)
        for message in answer.get("Messages", []):
            with cloud_errors("sqs:ChangeMessageVisibility"):
                client.change_message_visibility(
                    QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                )
    except CloudError as error:
        return verdicts.cloud_trouble(name, error)
    return ok(name, "sqs:ReceiveMessage is allowed")


def _answering(client: "SQSClient", url: str) -> Line:
    """With a handle of no message: a denial shows, while SQS's complaint about the handle proves little."""
    calls: dict[str, Callable[[], Any]] = {
        "sqs:ChangeMessageVisibility": lambda: client.change_message_visibility(
            QueueUrl=url, ReceiptHandle=_NO_HANDLE, VisibilityTimeout=0
        ),
        "sqs:DeleteMessage": lambda: client.delete_message(QueueUrl=url, ReceiptHandle=_NO_HANDLE),
    }
    name = "queue answer"
    denials = [denial for action, call in calls.items() if (denial := _denial(action, call)) is not None]
    if denials:
        return failed(name, "; ".join(denials))
    return ok(name, "sqs:ChangeMessageVisibility and sqs:DeleteMessage are not denied; only a press proves more")


def _denial(action: str, call: Callable[[], Any]) -> str | None:
    try:
        with cloud_errors(action):
            call()
    except CloudRefused as error:
        return str(error) if error.code in DENIED else None
    except CloudError as error:
        return str(error)
    return None
