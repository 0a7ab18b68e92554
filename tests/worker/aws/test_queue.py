from datetime import UTC, datetime
from uuid import uuid4

import pytest

from localcloud.server import LocalCloud
from worker.aws.clients import Clients
from worker.aws.clock import AwsClock
from worker.aws.queue import Queue, find_queue_url
from worker.domain.errors import CloudRefused


def test_a_message_comes_with_all_that_a_press_needs(queue: Queue) -> None:
    message_id = queue.send("TakePicture", {"camera": "lobby", "press_id": "7"})
    (message,) = queue.receive(1)
    assert (message.message_id, message.body, message.receive_count) == (message_id, "TakePicture", 1)
    assert message.attributes == {"camera": "lobby", "press_id": "7"}
    assert abs((message.sent_at - datetime.now(UTC)).total_seconds()) < 30


def test_attributes_that_are_no_text_are_left_out(queue: Queue, clients: Clients) -> None:
    clients.sqs.send_message(
        QueueUrl=queue._url,
        MessageBody="TakePicture",
        MessageAttributes={
            "camera": {"DataType": "String", "StringValue": "lobby"},
            "noise": {"DataType": "Binary", "BinaryValue": b"\x00"},
        },
    )
    (message,) = queue.receive(1)
    assert message.attributes == {"camera": "lobby"}


@pytest.mark.parametrize(("room", "received"), [(2, 2), (50, 10)])
def test_no_more_is_asked_for_than_there_is_room_and_sqs_allows(queue: Queue, room: int, received: int) -> None:
    for _ in range(11):
        queue.send("TakePicture", {})
    assert len(queue.receive(room)) == received


def test_what_is_given_back_comes_again_and_is_counted(queue: Queue) -> None:
    queue.send("TakePicture", {})
    (first,) = queue.receive(1)
    queue.keep_away(first, 0)
    (again,) = queue.receive(1)
    assert (again.message_id, again.receive_count) == (first.message_id, 2)


def test_what_is_deleted_is_gone(queue: Queue, clients: Clients) -> None:
    queue.send("TakePicture", {})
    (message,) = queue.receive(1)
    queue.delete(message)
    attributes = clients.sqs.get_queue_attributes(QueueUrl=queue._url, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == attributes["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_no_time_is_asked_for_that_sqs_would_refuse(queue: Queue) -> None:
    queue.send("TakePicture", {})
    (message,) = queue.receive(1)
    queue.keep_away(message, 1e9)
    queue.keep_away(message, -3.0)
    assert [again.receive_count for again in queue.receive(1)] == [2]


def test_the_redrive_policy_tells_how_often_a_message_comes(clients: Clients, cloud: LocalCloud, queue: Queue) -> None:
    url = find_queue_url(clients.sqs, cloud.resources.queue)
    assert Queue(clients.receiving, clients.sqs, url, AwsClock(), 30).max_receive_count() == 5
    assert queue.max_receive_count() is None


def test_a_queue_that_is_not_there_is_named(clients: Clients) -> None:
    with pytest.raises(CloudRefused, match=r"no queue 'nowhere' in us-east-1; check QUEUE_NAME and AWS_REGION"):
        find_queue_url(clients.sqs, "nowhere")


def test_a_queue_that_went_away_is_refused(clients: Clients, queue: Queue) -> None:
    clients.sqs.delete_queue(QueueUrl=queue._url)
    with pytest.raises(CloudRefused, match="sqs:SendMessage"):
        queue.send(str(uuid4()), {})
