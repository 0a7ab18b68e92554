"""The proxy's own HTTP: requests that are read, passed on, and answered; or not."""

import json
import re
import select
import socket
from base64 import b64decode
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from functools import partial
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

from tests.support.cloud_faults import Loss, Refusal, service_of, skewed

_HOP_BY_HOP = {"connection", "expect", "transfer-encoding", "content-length"}
_LONG_POLL_SECONDS = 30
_SIGNATURE_SECONDS = 300
"""By how much the clock of who signs may be wrong."""
_PHOTO_HEAD = 1200
"""So many characters of a photo in base64 hold its comment and, where an encoder for films made it, its size."""


class Way(Protocol):
    """What the server needs to know of the proxy."""

    cut: bool
    clock_ahead: float
    connections: int

    def pass_on(self, operation: str, request: "Request") -> None: ...


class Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, way: Way, cloud: str) -> None:
        self._way = way
        self._open: set[socket.socket] = set()
        self.cloud = urlsplit(cloud).netloc
        self.messages: dict[str, str] = {}
        """What a message says, by each of its receipt handles."""
        super().__init__(("127.0.0.1", 0), partial(Request, way, self))

    def hang_up(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 (the base's signature)
        self._way.connections += 1
        return not self._way.cut

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients and clouds that hang up are what this proxy is for."""


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, way: Way, proxy: Server, *connection: Any) -> None:
        self._way = way
        self._proxy = proxy
        self.handed_out: list[str] = []
        super().__init__(*connection)

    def do_GET(self) -> None:
        self.handed_out.clear()
        self._body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self._operation()
        self.said = self._read(operation)
        signed_at = self.headers.get("X-Amz-Date", "")
        if self._way.clock_ahead and abs(self._seconds_off(signed_at)) > _SIGNATURE_SECONDS:
            self.refuse(skewed(service_of(operation), signed_at), operation)
        else:
            self._way.pass_on(operation, self)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 (the same)

    def pass_on(self, before: Callable[[], None] | None = None, between: Callable[[], None] | None = None) -> None:
        """Ask the cloud and answer with what it says; what is passed in is done before the one and the other."""
        if before:
            before()
        status, headers, body = self._ask()
        if between:
            between()
        self._answer(status, headers, body)

    def refuse(self, refusal: Refusal, operation: str) -> None:
        headers, body = refusal.answer(operation)
        self._answer(refusal.status, headers, body)

    def lose(self, loss: Loss) -> None:
        """Raises, which ends the connection."""
        if loss is Loss.OF_PATIENCE:
            select.select([self.connection], [], [])
        elif loss is not Loss.OF_REQUEST:
            status, headers, body = self._ask()
            if loss is Loss.OF_HALF_THE_ANSWER:
                self._answer(status, headers, body, len(body) // 2)
        raise HTTPException

    def _ask(self) -> tuple[int, dict[str, str], bytes]:
        """Unless the worker hangs up before there is an answer: a poll nobody waits for must take no message."""
        if self._hung_up():
            raise HTTPException
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        with closing(HTTPConnection(self._proxy.cloud, timeout=_LONG_POLL_SECONDS)) as cloud:
            cloud.request(self.command, self.path, self._body, headers)
            assert cloud.sock is not None
            if self.connection in select.select([cloud.sock, self.connection], [], [], _LONG_POLL_SECONDS)[0]:
                raise HTTPException
            answer = cloud.getresponse()
            body = self._by_its_clock(answer.read())
        self._remember_messages(body)
        return answer.status, self._headers_by_its_clock(dict(answer.getheaders())), body

    def _answer(self, status: int, headers: dict[str, str], body: bytes, sent: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:sent])

    def _operation(self) -> str:
        if target := self.headers.get("X-Amz-Target"):
            return str(target).partition(".")[2]
        by_method = {"PUT": "PutObject", "GET": "GetObject", "DELETE": "DeleteObject"}
        return by_method.get(self.command, "SynthesizeSpeech")

    def _read(self, operation: str) -> str:
        if operation in {"PutObject", "GetObject", "DeleteObject"}:
            return " ".join(f'"{part}"' for part in self.path.split("/"))
        text = self._body.decode("latin-1")
        if photo := re.search(r'"Bytes": ?"([^"]+)', text):
            return b64decode(photo[1][:_PHOTO_HEAD]).decode("latin-1")
        if handle := re.search(r'"ReceiptHandle": ?"([^"]+)', text):
            return self._proxy.messages.get(handle[1], "")
        return text

    def _remember_messages(self, body: bytes) -> None:
        if self._operation() == "ReceiveMessage":
            for message in json.loads(body or b"{}").get("Messages", []):
                self._proxy.messages[message["ReceiptHandle"]] = json.dumps(message)
                self.handed_out.append(message["MessageId"])

    def _seconds_off(self, signed_at: str) -> float:
        signed = datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return datetime.now(UTC).timestamp() + self._way.clock_ahead - signed.timestamp()

    def _headers_by_its_clock(self, headers: dict[str, str]) -> dict[str, str]:
        date = parsedate_to_datetime(headers["Date"]).timestamp() + self._way.clock_ahead
        return headers | {"Date": formatdate(date, usegmt=True)}

    def _by_its_clock(self, body: bytes) -> bytes:
        ahead = round(self._way.clock_ahead * 1000)
        if not ahead or self._operation() != "ReceiveMessage":
            return body
        sent = re.compile(rb'("SentTimestamp": ?")(\d+)')
        return sent.sub(lambda found: found[1] + str(int(found[2]) + ahead).encode(), body)

    def _hung_up(self) -> bool:
        """Nothing follows a request before its answer, so all there can be to read is the connection's end."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base's signature)
        """Keep quiet."""
