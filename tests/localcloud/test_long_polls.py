import json
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug import Request, Response

from localcloud.queues import Queues

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NEVER = 60.0  # seconds
RECEIVED = {"MessageId": "1", "ReceiptHandle": "1"}


@dataclass
class OneMessageQueue:
    """A WSGI application that keeps what was sent until it is received."""

    bodies: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Any:
        request = Request(environ)
        parameters = request.get_json(force=True)
        answer: dict[str, Any] = {}
        if request.headers["X-Amz-Target"] == "AmazonSQS.SendMessage":
            self.bodies.append(parameters["MessageBody"])
        else:
            self.asked.append(parameters)
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


def test_any_change_of_a_queue_wakes_an_open_poll(client: Client) -> None:
    poll = client.ask("ReceiveMessage", WaitTimeSeconds=20)
    client.ask("SendMessage", MessageBody="TakePicture")
    assert poll.result(timeout=5).get_json() == {"Messages": [{**RECEIVED, "Body": "TakePicture"}]}


def test_closing_ends_an_open_poll_empty_handed(client: Client) -> None:
    poll = client.ask("ReceiveMessage", WaitTimeSeconds=20)
    client.queues.close()
    assert poll.result(timeout=5).get_json() == {}


def test_a_poll_ends_without_asking_once_its_client_hung_up(client: Client, queue: OneMessageQueue) -> None:
    poll = client.ask("ReceiveMessage", WaitTimeSeconds=20)
    client.connections[0].close()
    client.ask("SendMessage", MessageBody="TakePicture")
    poll.result(timeout=5)
    assert queue.bodies == ["TakePicture"]


def test_no_request_waits_inside_moto(client: Client, queue: OneMessageQueue) -> None:
    queue.bodies.append("TakePicture")
    client.ask("ReceiveMessage", WaitTimeSeconds=20, MaxNumberOfMessages=3).result(timeout=5)
    assert queue.asked == [{"WaitTimeSeconds": 0, "MaxNumberOfMessages": 3}]
