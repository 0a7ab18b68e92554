import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from demo.program import PATIENCE_SECONDS
from localcloud.server import LocalCloud

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@pytest.fixture
def queue(sqs: "SQSClient") -> Iterator[str]:
    url = sqs.create_queue(QueueName=f"presses-{uuid4()}")["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def poll(sqs: "SQSClient", queue: str) -> Iterator[Any]:
    """Begins a long poll in another thread and returns its future."""
    with ThreadPoolExecutor() as threads:
        yield lambda: threads.submit(sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=20)


def test_a_waiting_poll_gets_a_message_as_soon_as_it_is_sent(sqs: "SQSClient", queue: str, poll: Any) -> None:
    waiting = poll()
    sqs.send_message(QueueUrl=queue, MessageBody="TakePicture")
    assert waiting.result(PATIENCE_SECONDS)["Messages"][0]["Body"] == "TakePicture"


def test_a_waiting_poll_gets_a_message_that_is_given_back(sqs: "SQSClient", queue: str, poll: Any) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="TakePicture")
    (held,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    waiting = poll()
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=held["ReceiptHandle"], VisibilityTimeout=0)
    assert held["MessageId"] == waiting.result(PATIENCE_SECONDS)["Messages"][0]["MessageId"]


def test_a_message_comes_back_when_its_visibility_runs_out(sqs: "SQSClient", queue: str) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="TakePicture")
    started = time.monotonic()
    first = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=1)["Messages"]
    again = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    assert time.monotonic() - started >= 1
    assert [message["MessageId"] for message in first] == [message["MessageId"] for message in again]


def test_an_older_receipt_handle_deletes_nothing_and_says_nothing(sqs: "SQSClient", queue: str) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="TakePicture")
    (first,) = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)["Messages"]
    (second,) = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)["Messages"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=first["ReceiptHandle"])
    (third,) = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)["Messages"]
    assert {first["MessageId"]} == {second["MessageId"], third["MessageId"]}
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=third["ReceiptHandle"])
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)


def test_a_longer_visibility_keeps_a_message_away(sqs: "SQSClient", queue: str) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="TakePicture")
    (held,) = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=2)["Messages"]
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=held["ReceiptHandle"], VisibilityTimeout=600)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=3)


def test_a_poll_whose_client_hung_up_takes_no_message(sqs: "SQSClient", queue: str, cloud: LocalCloud) -> None:
    body = json.dumps({"QueueUrl": queue, "WaitTimeSeconds": 20}).encode()
    request = (
        b"POST / HTTP/1.1\r\nHost: local\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n"
        b"Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host\r\n"
        b"Content-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    address = urlsplit(cloud.endpoint)
    with socket.create_connection((address.hostname, address.port or 0)) as abandoned:
        abandoned.sendall(request)
    sqs.send_message(QueueUrl=queue, MessageBody="TakePicture")
    received = sqs.receive_message(
        QueueUrl=queue, WaitTimeSeconds=20, MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )
    assert received["Messages"][0]["Attributes"] == {"ApproximateReceiveCount": "1"}


def test_open_polls_delay_nobody_else(sqs: "SQSClient", queue: str, poll: Any) -> None:
    waiting = [poll(), poll()]
    sqs.get_queue_attributes(QueueUrl=queue)
    assert not any(done.done() for done in waiting)
    sqs.send_message(QueueUrl=queue, MessageBody="one")
    sqs.send_message(QueueUrl=queue, MessageBody="two")
    assert sorted(done.result(PATIENCE_SECONDS)["Messages"][0]["Body"] for done in waiting) == ["one", "two"]


def test_a_queue_may_say_how_long_its_polls_wait(sqs: "SQSClient", queue: str) -> None:
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"ReceiveMessageWaitTimeSeconds": "1"})
    started = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    assert time.monotonic() - started >= 1


def test_a_message_keeps_its_attributes_and_times(sqs: "SQSClient", queue: str) -> None:
    attributes: Any = {"camera": {"DataType": "String", "StringValue": "lobby"}}
    before = time.time()
    sqs.send_message(QueueUrl=queue, MessageBody="TakePicture", MessageAttributes=attributes)
    received = sqs.receive_message(
        QueueUrl=queue,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
    )
    (message,) = received["Messages"]
    assert attributes == message["MessageAttributes"]
    assert {"SentTimestamp", "ApproximateReceiveCount"} == set(message["Attributes"])
    assert int(before * 1000) <= int(message["Attributes"]["SentTimestamp"]) <= time.time() * 1000


def test_a_press_nobody_can_handle_ends_among_the_dead_letters(sqs: "SQSClient", cloud: LocalCloud) -> None:
    queue = sqs.get_queue_url(QueueName=cloud.resources.queue)["QueueUrl"]
    dead_letters = sqs.get_queue_url(QueueName=cloud.resources.dead_letter_queue)["QueueUrl"]
    sent = sqs.send_message(QueueUrl=queue, MessageBody="Dance")
    receives = 0
    while received := sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=0).get("Messages"):
        receives += 1
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=received[0]["ReceiptHandle"], VisibilityTimeout=0)
    (dead,) = sqs.receive_message(QueueUrl=dead_letters)["Messages"]
    assert (receives, dead["MessageId"]) == (5, sent["MessageId"])
