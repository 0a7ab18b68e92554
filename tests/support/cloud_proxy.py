"""The way from the worker to the local cloud, which can be slow, be held up, or be cut."""

import select
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.support.waiting import PATIENCE_SECONDS

_HOP_BY_HOP = {"connection", "expect", "transfer-encoding", "content-length"}
_LONG_POLL_SECONDS = 30
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Call:
    """One operation as the worker saw it: from its request to its whole answer, seconds by `time.time`."""

    operation: str
    asked_at: float
    answered_at: float

    @property
    def seconds(self) -> float:
        return self.answered_at - self.asked_at


@dataclass
class Hold:
    """An operation that is not let through."""

    reached: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)

    def release(self) -> None:
        """Let through what waits, and what comes later."""
        self.released.set()

    def wait_until_reached(self) -> None:
        assert self.reached.wait(PATIENCE_SECONDS), "the worker did not ask for it"


class CloudProxy:
    """Serves on `endpoint` for the body of a `with`. Operations are named as in AWS's API: `PutObject`."""

    def __init__(self, cloud: str) -> None:
        self.delays: dict[str, float] = defaultdict(float)
        """Seconds that are added to an operation."""
        self.cut = False
        """Every connection is closed as soon as it is made."""
        self.connections = 0
        self.asked: Counter[str] = Counter()
        """How often an operation was begun."""
        self._cloud = urlsplit(cloud)
        self._holds: dict[str, Hold] = {}
        self._calls: list[Call] = []
        # Guards the calls and the counts.
        self._lock = Lock()
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(_LOOK_SECONDS,), name="proxy")

    @property
    def endpoint(self) -> str:
        return "http://{}:{}".format(*self._server.server_address)

    def calls(self, operation: str) -> list[Call]:
        with self._lock:
            return [call for call in self._calls if call.operation == operation]

    @contextmanager
    def holding(self, operation: str) -> Iterator[Hold]:
        """Let no `operation` through for the body of the `with`; those that still wait go on afterwards."""
        hold = self._holds[operation] = Hold()
        try:
            yield hold
        finally:
            hold.release()

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Cut the way for the body of the `with`, for the requests under way too."""
        self.cut = True
        self._server.hang_up()
        try:
            yield
        finally:
            self.cut = False

    def pass_on(self, operation: str, request: "_Request") -> None:
        asked_at = time.time()
        with self._lock:
            self.asked[operation] += 1
        if (hold := self._holds.get(operation)) is not None:
            hold.reached.set()
            hold.released.wait()
        Event().wait(self.delays[operation])
        with closing(HTTPConnection(self._cloud.netloc, timeout=_LONG_POLL_SECONDS)) as way:
            request.forward(way)
        with self._lock:
            self._calls.append(Call(operation, asked_at, time.time()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, proxy: CloudProxy) -> None:
        self._proxy = proxy
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), partial(_Request, proxy))

    def hang_up(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 (the base's signature)
        self._proxy.connections += 1
        return not self._proxy.cut

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients and clouds that hang up are what this proxy is for."""


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, proxy: CloudProxy, *connection: Any) -> None:
        self._proxy = proxy
        super().__init__(*connection)

    def do_GET(self) -> None:
        self._body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._proxy.pass_on(self._operation(), self)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 (the same)

    def forward(self, way: HTTPConnection) -> None:
        """Ask the cloud, unless the worker hangs up before it answers: a poll nobody waits for must take no message."""
        if self._hung_up():
            raise HTTPException
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        way.request(self.command, self.path, self._body, headers)
        assert way.sock is not None
        if self.connection in select.select([way.sock, self.connection], [], [], _LONG_POLL_SECONDS)[0]:
            raise HTTPException
        answer = way.getresponse()
        body = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _operation(self) -> str:
        if target := self.headers.get("X-Amz-Target"):
            return str(target).partition(".")[2]
        by_method = {"PUT": "PutObject", "GET": "GetObject", "DELETE": "DeleteObject"}
        return by_method.get(self.command, "SynthesizeSpeech")

    def _hung_up(self) -> bool:
        """Nothing follows a request before its answer, so all there can be to read is the connection's end."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base's signature)
        """Keep quiet."""
