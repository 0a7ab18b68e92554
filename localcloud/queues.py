"""moto's SQS with long polls and receipt handles like AWS's.

moto's own poll is up to a second late for a message whose visibility ended, and goes on after its client hung up, when
it still takes the next message. Here a poll is a row of short receives, each after something changed on the queues.

moto deletes by any receipt handle that a message ever had. SQS deletes by the latest one alone; with an older one "the
request succeeds, but the message will not be deleted" (API reference, DeleteMessage).
"""

import json
import time
from http import HTTPStatus
from io import BytesIO
from socket import MSG_DONTWAIT, MSG_PEEK, socket
from threading import Condition
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Delays and visibility timeouts run out without any request that could wake a poll.
TICK_SECONDS = 0.25
# What SQS allows as a wait; moto answers the rest (0 at once, others with an error).
LONG_POLL_SECONDS = range(1, 21)


class Queues:
    """No request waits inside moto, so the condition's lock also makes each receive atomic, which moto's is not."""

    def __init__(self, moto: "WSGIApplication", tick_seconds: float = TICK_SECONDS) -> None:
        self._moto = moto
        self._tick_seconds = tick_seconds
        self._changed = Condition()
        self._closed = False
        self._handles: dict[str, list[str]] = {}
        """Of messages that were received and not deleted, by their ids, the latest handle last."""

    def close(self) -> None:
        """Ends every open poll, empty-handed."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def handle(self, request: Request) -> Response:
        with self._changed:
            operation = request.headers["X-Amz-Target"].partition(".")[2]
            if operation == "ReceiveMessage":
                return self._receive(request, request.get_json(force=True))
            if operation == "DeleteMessage":
                return self._delete(request, request.get_json(force=True))
            response = Response.from_app(self._moto, request.environ, buffered=True)
            self._changed.notify_all()
            return response

    def _receive(self, request: Request, parameters: dict[str, Any]) -> Response:
        wait = self._wait_seconds(request, parameters)
        if wait not in LONG_POLL_SECONDS:
            return self._handed_out(self._ask(request, "ReceiveMessage", parameters))
        give_up = time.monotonic() + wait
        while not _hung_up(request):
            response = self._ask(request, "ReceiveMessage", {**parameters, "WaitTimeSeconds": 0})
            remaining = give_up - time.monotonic()
            if not _came_back_empty(response) or remaining <= 0 or self._closed:
                return self._handed_out(response)
            self._changed.wait(min(remaining, self._tick_seconds))
        return Response()

    def _handed_out(self, response: Response) -> Response:
        for message in _body(response).get("Messages", []):
            self._handles.setdefault(message["MessageId"], []).append(message["ReceiptHandle"])
        return response

    def _delete(self, request: Request, parameters: dict[str, Any]) -> Response:
        handle = parameters.get("ReceiptHandle")
        message_id = next((known for known, handles in self._handles.items() if handle in handles), None)
        if message_id is not None:
            if handle != self._handles[message_id][-1]:
                return Response("{}", content_type="application/x-amz-json-1.0")
            del self._handles[message_id]
        return self._ask(request, "DeleteMessage", parameters)

    def _wait_seconds(self, request: Request, parameters: dict[str, Any]) -> int:
        if "WaitTimeSeconds" in parameters:
            return int(parameters["WaitTimeSeconds"])
        name = "ReceiveMessageWaitTimeSeconds"
        queue = {"QueueUrl": parameters.get("QueueUrl"), "AttributeNames": [name]}
        found = _body(self._ask(request, "GetQueueAttributes", queue))
        return int(found.get("Attributes", {}).get(name, 0))

    def _ask(self, request: Request, operation: str, parameters: dict[str, Any]) -> Response:
        body = json.dumps(parameters).encode()
        environ = request.environ | {
            "HTTP_X_AMZ_TARGET": f"AmazonSQS.{operation}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
        return Response.from_app(self._moto, environ, buffered=True)


def _came_back_empty(response: Response) -> bool:
    return response.status_code == HTTPStatus.OK and not _body(response).get("Messages")


def _body(response: Response) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(response.get_data())
    return document


def _hung_up(request: Request) -> bool:
    """Nothing follows a request on its connection, so all there is to read after it is the connection's end."""
    connection: socket = request.environ["werkzeug.socket"]
    try:
        return not connection.recv(1, MSG_PEEK | MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
