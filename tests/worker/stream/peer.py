"""A peer that follows a script: what it answers to each method, in turn."""

import socket
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from types import TracebackType
from typing import Self

from tests.worker.stream.packets import SDP
from worker.stream.address import Address, read_address

PATH = "/cam/realmonitor?channel=1&subtype=0"
LONG = 20.0


@dataclass(frozen=True)
class Asked:
    method: str
    url: str
    headers: dict[str, str]


def reply(status: int, *headers: str, body: bytes = b"", cseq: bool = True) -> bytes:
    """With `CSEQ` where the number of the request comes."""
    lines = [f"RTSP/1.0 {status} Said", *(["CSeq: CSEQ"] if cseq else []), *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def challenge(nonce: str = "n1", rest: str = 'qop="auth"') -> bytes:
    return reply(401, f'WWW-Authenticate: Digest realm="Login", nonce="{nonce}", {rest}')


@dataclass
class Peer:
    """`script` has, by method, what is answered in turn, the last for ever; an empty answer is none at all."""

    script: dict[str, Sequence[bytes]] = field(default_factory=dict)
    stream: bytes = b""
    """Sent behind the answer to PLAY."""
    hangs_up: bool = False
    """Once that is sent."""
    asked: list[Asked] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    """What came as packets."""
    answers: int = 0
    """To questions of its own."""
    torn_down: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    """One session is over."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._closing = Event()
        self._connection: socket.socket | None = None
        self._thread = Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        if self._connection:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(LONG)
        self._listener.close()

    @property
    def address(self) -> Address:
        return read_address(f"rtsp://127.0.0.1:{self._listener.getsockname()[1]}{PATH}")

    @property
    def methods(self) -> list[str]:
        return [one.method for one in self.asked]

    def urls(self, method: str) -> list[str]:
        return [one.url for one in self.asked if one.method == method]

    @property
    def logins(self) -> list[Asked]:
        return [one for one in self.asked if "authorization" in one.headers]

    def _serve(self) -> None:
        while not self._closing.is_set():
            with suppress(OSError):
                connection, _ = self._listener.accept()
                self._connection = connection
                with connection:
                    self._talk(connection)
                self.ended.set()

    def _talk(self, connection: socket.socket) -> None:
        turns = defaultdict[str, deque[bytes]](deque)
        base = f"rtsp://127.0.0.1{PATH}/"
        default = {
            "OPTIONS": [reply(200, "Public: OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY, GET_PARAMETER")],
            "DESCRIBE": [reply(200, f"Content-Base: {base}", "Content-Type: application/sdp", body=SDP)],
            "SETUP": [reply(200, "Session: 42;timeout=60", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")],
        }
        for method, answers in {**default, **self.script}.items():
            turns[method].extend(answers)
        incoming = connection.makefile("rb")
        while (first := incoming.read(1)) != b"":
            if first == b"$":
                head = incoming.read(3)
                self.reports.append(incoming.read(int.from_bytes(head[1:], "big")))
                continue
            asked = _read(first, incoming.readline, self.asked)
            if asked is None:
                self.answers += 1
                continue
            if asked.method == "TEARDOWN":
                self.torn_down.set()
            left = turns[asked.method] or deque([reply(200)])
            answer = left.popleft() if len(left) > 1 else left[0]
            connection.sendall(answer.replace(b"CSEQ", asked.headers.get("cseq", "").encode()))
            if b"Connection: close" in answer:
                return
            if asked.method == "PLAY" and b"RTSP/1.0 200" in answer:
                connection.sendall(self.stream)
                if self.hangs_up:
                    return


def _read(first: bytes, readline: object, asked: list[Asked]) -> Asked | None:
    assert callable(readline)
    line = (first + readline()).decode()
    headers = {}
    while (header := readline().decode().strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    if line.startswith("RTSP/"):
        return None
    method, url, _ = line.split()
    asked.append(Asked(method, url, headers))
    return asked[-1]
