"""What a broken line, a proxy or a portal makes of AWS's answers is trouble, and never an answer with nothing in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import boto3
import pytest

from board.aws.clients import Clients, connect
from board.aws.queue import Queue
from board.aws.table import Table
from board.domain.errors import CloudUnavailable
from tests.support.account import KEYS

HALF = b'{"Item": {"camera": {"S": "lobby"}'
NO_ANSWERS = {"half of one": HALF, "a portal's page": b"<html>Log in</html>", "nothing": b"", "a list": b"[]"}


@contextmanager
def answering(body: bytes) -> Iterator[Clients]:
    """Clients of a cloud that answers 200 and this, whatever it is asked; where it is half an answer, it hangs up."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) * (2 if body == HALF else 1)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, pytest.MonkeyPatch.context() as environment:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}.items():
            environment.setenv(name, value)
        try:
            yield connect(boto3.Session(region_name="us-east-1"), actions=True)
        finally:
            server.shutdown()
            serving.join()


def press(clients: Clients, url: str | None = None) -> None:
    assert clients.sqs
    Queue(clients.sqs, "take-picture", url).send("TakePicture", "lobby", "one", "2026-11-22T18:44:00.000Z")


CALLS: dict[str, Callable[[Clients], object]] = {
    "Query": lambda clients: Table(clients.dynamodb, "captures").newest("lobby", 1),
    "GetItem": lambda clients: Table(clients.dynamodb, "captures").get("lobby", "one"),
    "SendMessage": press,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("body", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_is_trouble(body: bytes, call: Callable[[Clients], object]) -> None:
    with answering(body) as clients, pytest.raises(CloudUnavailable, match="no answer of AWS"):
        call(clients)


def test_a_query_answered_without_items_is_trouble() -> None:
    with answering(b"{}") as clients, pytest.raises(CloudUnavailable, match="no answer of AWS"):
        CALLS["Query"](clients)


def test_a_queue_without_an_address_is_trouble() -> None:
    with answering(b"{}") as clients, pytest.raises(CloudUnavailable, match="sqs:GetQueueUrl: what came is no answer"):
        press(clients)


def test_a_message_without_an_identity_was_not_sent() -> None:
    with answering(b"{}") as clients, pytest.raises(CloudUnavailable, match="sqs:SendMessage: what came is no answer"):
        press(clients, "http://127.0.0.1/1/take-picture")
