"""One connection to whatever sits at the camera's address: every exchange is bounded in seconds and in bytes."""

import io
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, IncompleteRead, RemoteDisconnected
from typing import Protocol, cast

from worker.domain.errors import CameraFaulty, CameraSilent, CameraUnreachable

MAX_HEAD_BYTES = 65_536
"""Of status line and headers, with all interim answers before them."""
MAX_ERROR_BYTES = 16_384
"""Of the body of an error."""

_PIECE = 65_536
_SUCCESSFUL, _FAILED = 200, 400
_REDIRECTS = {301, 302, 303, 307, 308}
_SHORTEST_WAIT = 0.001
"""A time-out of 0 would mean not to wait at all, which raises another error."""


class Body(Protocol):
    """Can be iterated anew; takes about `seconds` to be sent."""

    @property
    def seconds(self) -> float: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Request:
    """`target` is path and query; `seconds` are for the exchange as a whole, to which a body adds its own."""

    method: str
    target: str
    seconds: float
    max_bytes: int = MAX_ERROR_BYTES
    body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """`nonce_count` is the `nc` of the login that it answers, 0 where none was sent."""

    status: int
    body: bytes
    www_authenticate: str = ""
    nonce_count: int = 0


class Connection:
    """Speaks HTTP/1.1 over `sock`, connected to `host` (as in the header of that name). For one thread at a time."""

    def __init__(self, sock: socket.socket, host: str, monotonic: Callable[[], float]) -> None:
        self._sock = sock
        self._host = host
        self._monotonic = monotonic
        self._deadline = 0.0
        self._bytes_left = 0
        self.reusable = False
        """Whether the last answer was read to its end and the camera keeps the connection open."""
        self.hung_up = False
        """Whether the camera ended it instead of answering, as it may one that was idle."""

    def exchange(self, request: Request, headers: Mapping[str, str]) -> Reply:
        """Send `request` with `headers` added, and read the answer.

        Raises:
            CameraSilent: a whole sound was sent, and no whole answer came.
            CameraUnreachable: the connection broke, or took too long.
            CameraFaulty: a redirect, no HTTP, more bytes than allowed, or fewer than announced.
        """
        self.reusable = False
        own = request.body.seconds if request.body else 0.0
        self._deadline = self._monotonic() + own + request.seconds
        self._bytes_left = MAX_HEAD_BYTES
        kind = CameraUnreachable
        try:
            if self._send(request, headers) and request.body is not None:
                kind = CameraSilent
            self._deadline = min(self._deadline, self._monotonic() + request.seconds)
            return self._receive(request)
        except TimeoutError as error:
            raise kind(f"{self._no_answer}: it took longer than {request.seconds:g} s") from error
        except RemoteDisconnected as error:
            self.hung_up = True
            raise kind(f"{self._no_answer}: it ended the connection") from error
        except IncompleteRead as error:
            raise CameraFaulty("the camera broke off in the middle of an answer") from error
        except HTTPException as error:
            raise CameraFaulty(f"what answers at {self._host} does not speak HTTP: {error!r:.200}") from error
        except OSError as error:
            self.hung_up = self._bytes_left == MAX_HEAD_BYTES
            raise CameraUnreachable(f"{self._no_answer}: {error}") from error

    def close(self) -> None:
        self._sock.close()

    def fileno(self) -> int:
        return self._sock.fileno()

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks of a socket."""
        return io.BufferedReader(_Incoming(self.receive_into))

    def receive_into(self, buffer: memoryview) -> int:
        if self._bytes_left <= 0:
            raise CameraFaulty("the camera sends headers or chunks without end")
        self._wait_no_longer_than_allowed()
        received = self._sock.recv_into(buffer[: self._bytes_left])
        self._bytes_left -= received
        self._seconds_left()
        return received

    @property
    def _no_answer(self) -> str:
        return f"no answer from the camera at {self._host}"

    def _seconds_left(self) -> float:
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _wait_no_longer_than_allowed(self) -> None:
        self._sock.settimeout(max(self._seconds_left(), _SHORTEST_WAIT))

    def _send(self, request: Request, headers: Mapping[str, str]) -> bool:
        """Whether all of it was sent; not, where the camera hung up before, perhaps with an answer."""
        try:
            self._send_all(_head(request, self._host, headers))
            for piece in request.body or ():
                self._send_all(piece)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def _send_all(self, data: bytes) -> None:
        self._wait_no_longer_than_allowed()
        self._sock.sendall(data)

    def _receive(self, request: Request) -> Reply:
        with closing(HTTPResponse(cast(socket.socket, self), method=request.method)) as response:
            response.begin()
            if response.status in _REDIRECTS and (elsewhere := response.getheader("Location")):
                raise CameraFaulty(
                    f"the camera redirects to another address ({elsewhere!r:.80}), which is not followed with a "
                    "password in hand; if that is the camera, too, write it in CAMERA_HOST"
                )
            body = self._receive_body(response, request)
            return Reply(response.status, body, response.getheader("WWW-Authenticate") or "")

    def _receive_body(self, response: HTTPResponse, request: Request) -> bytes:
        """Of an error as much as is allowed, which may not be all."""
        succeeded = response.status < _FAILED
        limit = request.max_bytes if succeeded else MAX_ERROR_BYTES
        # Chunks carry more than the body; twice as much is a firmware that cannot be served.
        self._bytes_left += 2 * limit
        body = bytearray()
        while (response.length or 0) + len(body) <= limit and (piece := response.read1(_PIECE)):
            body += piece
            if len(body) > limit:
                break
        left = response.length or 0
        if len(body) + left > limit:
            if succeeded:
                raise CameraFaulty(f"the camera sent more than {limit} bytes")
        elif left:
            raise IncompleteRead(bytes(body[:0]), left)
        else:
            self.reusable = not response.will_close and response.status >= _SUCCESSFUL
        return bytes(body[:limit])


class _Incoming(io.RawIOBase):
    def __init__(self, receive_into: Callable[[memoryview], int]) -> None:
        self._receive_into = receive_into

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what BufferedReader passes
        return self._receive_into(memoryview(buffer))


def _head(request: Request, host: str, headers: Mapping[str, str]) -> bytes:
    """Encodings of the body are refused: a few bytes of gzip may be gigabytes."""
    fields = {"Host": host, "Accept-Encoding": "identity", **request.headers, **headers}
    if request.body is not None:
        fields["Content-Length"] = str(len(request.body))
    lines = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
