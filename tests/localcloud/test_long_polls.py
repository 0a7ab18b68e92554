import json
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from threading import Semaphore
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug import Request, Response

from demo.program import PATIENCE_SECONDS
from localcloud.queues import Queues

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NEVER = 3600.0  # seconds
RECEIVED = {"MessageId": "1", "ReceiptHandle": "1"}


@dataclass
class OneMessageQueue:
    """A WSGI application that keeps what was sent until it is received."""

    bodies: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    polled: Semaphore = field(default_factory=lambda: Semaphore(0))
    """Released for each time that it was asked for a message."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Any:
        request = Request(environ)
        parameters = request.get_json(force=True)
        answer: dict[str, Any] = {}
        if request.headers["X-Amz-Target"] == "AmazonSQS.SendMessage":
            self.bodies.append(parameters["MessageBody"])
        else:
            self.asked.append(parameters)
            self.polled.release()
            answer = {"Messages": [{**RECEIVED, "Body": self.bodies.pop()}]} if self.bodies else {}
        return Response(json.dumps(answer), content_type="application/json")(environ, start_response)


@dataclass
class Client:
    """Sends requests straight to the queues, over connections it can close."""

    queues: Queues
    threads: ThreadPoolExecutor
    connections: list[socket.socket] = field(default_factory=list)

    def ask(self, operation: str, **parameters: Any) -> "Future[Response]":
        ours, theirs = socket.socketpair()
        self.connections += [ours, theirs]
        body = json.dumps(parameters).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "HTTP_X_AMZ_TARGET": f"AmazonSQS.{operation}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "werkzeug.socket": theirs,
        }
        return self.threads.submit(self.queues.handle, Request(environ))

    def close(self) -> None:
        self.queues.close()
        for connection in self.connections:
            connection.close()


@pytest.fixture
def queue() -> OneMessageQueue:
    return OneMessageQueue()


@pytest.fixture
def client(queue: OneMessageQueue) -> Iterator[Client]:
    with ThreadPoolExecutor() as threads:
        client = Client(Queues(queue, tick_seconds=NEVER), threads)
        yield client
        client.close()


@pytest.fixture
def poll(client: Client, queue: OneMessageQueue) -> "Future[Response]":
    """An open one, which has asked once and found nothing; its client is the first connection."""
    poll = client.ask("ReceiveMessage", WaitTimeSeconds=20)
    assert queue.polled.acquire(timeout=PATIENCE_SECONDS)
    return poll


def test_any_change_of_a_queue_wakes_an_open_poll(client: Client, poll: "Future[Response]") -> None:
    client.ask("SendMessage", MessageBody="TakePicture").result(PATIENCE_SECONDS)
    assert poll.result(PATIENCE_SECONDS).get_json() == {"Messages": [{**RECEIVED, "Body": "TakePicture"}]}


def test_closing_ends_an_open_poll_empty_handed(client: Client, poll: "Future[Response]") -> None:
    client.queues.close()
    assert poll.result(PATIENCE_SECONDS).get_json() == {}


def test_a_poll_ends_without_asking_again_once_its_client_hung_up(
    client: Client, queue: OneMessageQueue, poll: "Future[Response]"
) -> None:
    client.connections[0].close()
    client.ask("SendMessage", MessageBody="TakePicture").result(PATIENCE_SECONDS)
    poll.result(PATIENCE_SECONDS)
    assert (queue.bodies, len(queue.asked)) == (["TakePicture"], 1)


def test_no_request_waits_inside_moto(client: Client, queue: OneMessageQueue) -> None:
    queue.bodies.append("TakePicture")
    client.ask("ReceiveMessage", WaitTimeSeconds=20, MaxNumberOfMessages=3).result(PATIENCE_SECONDS)
    assert queue.asked == [{"WaitTimeSeconds": 0, "MaxNumberOfMessages": 3}]
