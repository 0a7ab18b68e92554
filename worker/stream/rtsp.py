"""Messages of RTSP (RFC 2326) on one connection, with packets of RTP and RTCP between them (10.12)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from worker.domain.errors import CameraFaulty, CameraUnreachable

MAX_HEAD_BYTES = 16_384
MAX_HEADERS = 100
MAX_BODY_BYTES = 65_536

_BUFFER_BYTES = 131_072
"""Holds any whole message: a packet is 64 KB at most, by the two bytes of its length."""

_DOLLAR = 0x24
_FRAME_BYTES = 4
_BLANKS = b"\r\n"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"RTSP/\d+\.\d+ (\d{3})(?: (.*))?$", re.ASCII)
_REQUEST = re.compile(r"([A-Z_]{1,32}) (\S+) RTSP/\d+\.\d+$", re.ASCII)
_LENGTH = re.compile(r"\d{1,9}", re.ASCII)

Headers = Mapping[str, tuple[str, ...]]
"""By name in small letters: every value, as some headers come more than once."""


class Interleaved(NamedTuple):
    """A packet; `data` is a part of the reader's buffer and lasts until the next message is read."""

    channel: int
    data: memoryview


@dataclass(frozen=True)
class Response:
    status: int
    reason: str = ""
    headers: Headers = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Its first value, empty where there is none."""
        return self.headers.get(name, ("",))[0]


@dataclass(frozen=True)
class Request:
    """One that the camera makes, as it may."""

    method: str
    headers: Headers = field(default_factory=dict)

    def header(self, name: str) -> str:
        return self.headers.get(name, ("",))[0]


Message = Interleaved | Response | Request


class MessageReader:
    """Reads one message after the other from `receive_into`, which returns how many bytes it got, 0 at the end."""

    def __init__(self, receive_into: Callable[[memoryview], int]) -> None:
        self._receive_into = receive_into
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._start = 0
        self._end = 0

    def read(self) -> Message:
        """Raises CameraUnreachable at the end of the connection, CameraFaulty for what is no RTSP or too long."""
        self._need(1)
        while self._buffer[self._start] in _BLANKS:
            self._start += 1
            self._need(1)
        if self._buffer[self._start] == _DOLLAR:
            return self._packet()
        return self._text()

    def _packet(self) -> Interleaved:
        self._need(_FRAME_BYTES)
        at = self._start
        size = (self._buffer[at + 2] << 8) | self._buffer[at + 3]
        self._need(_FRAME_BYTES + size)
        at = self._start
        self._start = at + _FRAME_BYTES + size
        return Interleaved(self._buffer[at + 1], self._view[at + _FRAME_BYTES : self._start])

    def _text(self) -> Response | Request:
        """Nothing of it is taken before all of it is there, as a wait may be broken off."""
        head_bytes = self._head_bytes()
        line, headers = _head(bytes(self._view[self._start : self._start + head_bytes]))
        body_bytes = _body_bytes(headers)
        self._need(head_bytes + body_bytes)
        body = bytes(self._view[self._start + head_bytes : self._start + head_bytes + body_bytes])
        self._start += head_bytes + body_bytes
        if status := _STATUS.match(line):
            return Response(int(status[1]), status[2] or "", headers, body)
        if request := _REQUEST.match(line):
            return Request(request[1], headers)
        raise CameraFaulty(f"what answers there does not speak RTSP: {line[:60]!a}")

    def _head_bytes(self) -> int:
        searched = 0
        while True:
            limit = min(self._end, self._start + MAX_HEAD_BYTES)
            if found := _HEAD_END.search(self._buffer, self._start + searched, limit):
                return found.end() - self._start
            have = self._end - self._start
            if have >= MAX_HEAD_BYTES:
                raise CameraFaulty("the camera's stream sends headers without end, or no RTSP")
            searched = max(0, have - len(b"\r\n\r\n"))
            self._need(have + 1)

    def _need(self, count: int) -> None:
        """Let at least so many bytes be in the buffer, from `_start` on."""
        while self._end - self._start < count:
            if self._start == self._end:
                self._start = self._end = 0
            elif self._start + count > _BUFFER_BYTES:
                self._move_to_front()
            received = self._receive_into(self._view[self._end :])
            if not received:
                raise CameraUnreachable("the camera ended the stream")
            self._end += received

    def _move_to_front(self) -> None:
        kept = self._end - self._start
        self._view[:kept] = bytes(self._view[self._start : self._end])
        self._start, self._end = 0, kept


def request(method: str, url: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {url} RTSP/1.0", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def response(status: int, reason: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"RTSP/1.0 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _head(data: bytes) -> tuple[str, Headers]:
    """Start line and headers; a line that begins with a blank continues the one before."""
    start, *lines = data.decode("latin-1").replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) > MAX_HEADERS:
        raise CameraFaulty("the camera's stream sends too many headers")
    headers: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in lines:
        if line[:1] in {" ", "\t"} and name:
            *earlier, last = headers[name]
            headers[name] = (*earlier, f"{last} {line.strip()}")
            continue
        name, _, value = line.partition(":")
        name = name.strip().lower()
        headers[name] = (*headers.get(name, ()), value.strip())
    return start.strip(), headers


def _body_bytes(headers: Headers) -> int:
    length = headers.get("content-length", ("0",))[0]
    if not _LENGTH.fullmatch(length) or int(length) > MAX_BODY_BYTES:
        raise CameraFaulty("the camera's stream announces a body of a wrong length")
    return int(length)
