"""One HTTP request and what the camera does with it, down to a reset of the connection."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.camera.events import Request
from demo.camera.login import Verdict
from demo.camera.sockets import reset
from demo.camera.state import CameraState

_PIECE = 65536


@dataclass(frozen=True)
class Answer:
    """`announced` is a Content-Length that differs from the body's."""

    body: bytes
    content_type: str = "text/plain;charset=utf-8"
    status: int = 200
    announced: int | None = None


OK = Answer(b"OK\r\n")
BAD_REQUEST = Answer(b"Error\r\nBad Request!\r\n", status=400)
FAILED = Answer(b"Error\r\nInternal Server Error!\r\n", status=500)
UNAUTHORIZED = Answer(b"Error\r\nUnauthorized!\r\n", status=401)
PAGE = Answer(b"<!DOCTYPE html><html><head><title>WEB SERVICE</title></head><body></body></html>", "text/html")


class Exchange(BaseHTTPRequestHandler):
    """What an endpoint sees of a request, and the ways it has to answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    path = ""  # what the base leaves unset when it cannot read the request line

    def __init__(self, state: CameraState, *connection: Any) -> None:
        self.state = state
        super().__init__(*connection)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    @property
    def content_length(self) -> int | None:
        """None where the client does not say, says nonsense, or sends in chunks."""
        said = self.headers.get("Content-Length", "")
        return int(said) if re.fullmatch("[0-9]+", said) and not self._is_chunked else None

    @property
    def _is_chunked(self) -> bool:
        return "Transfer-Encoding" in self.headers

    def body(self, length: int) -> Iterator[bytes]:
        """The body's first `length` bytes, piece by piece as they come; it ends early when the client does."""
        left = length
        with suppress(ConnectionError):
            while left and (piece := self.rfile.read1(min(left, _PIECE))):
                left -= len(piece)
                yield piece
        self.close_connection = self.close_connection or left > 0

    def discard_body(self) -> None:
        """Read what nobody wants, so that the connection stays of use; impossible where the length is not known."""
        for _ in self.body(self.content_length or 0):
            pass
        self.close_connection = self.close_connection or self._is_chunked

    def answer(self, answer: Answer, headers: Iterable[tuple[str, str]] = ()) -> None:
        self.open_answer(answer, headers)
        self.wfile.write(answer.body)
        self.close_connection = self.close_connection or answer.announced is not None

    def open_answer(self, answer: Answer, headers: Iterable[tuple[str, str]] = ()) -> None:
        """Send all but the body."""
        length = len(answer.body) if answer.announced is None else answer.announced
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(length))
        for name, value in headers:
            self.send_header(name, value)
        if self.state.faults.closes_connections or self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def challenge(self, verdict: Verdict) -> None:
        """Ask for a login, as if this one had been wrong unless `verdict` lets the camera say more."""
        challenges = self.state.logins.challenges(verdict, self.state.faults)
        self.answer(UNAUTHORIZED, [("WWW-Authenticate", challenge) for challenge in challenges])

    def reset(self) -> None:
        """End the connection with a RST and no answer."""
        self.note(None)
        self.close_connection = True
        reset(self.connection)

    def hang(self) -> None:
        """Answer nothing until the client gives up or the camera is switched off."""
        self.note(None)
        self.close_connection = True
        with suppress(ConnectionError):
            while self.connection.recv(_PIECE):
                pass

    def note(self, status: int | None) -> None:
        self.state.journal.write(Request(self.state.clock(), self.command or "", self.path, status))

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002 (the base's signature)
        self.note(int(code))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base's signature)
        """Keep quiet: the journal says it all."""
