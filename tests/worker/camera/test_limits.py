"""Whatever sits at the camera's address costs no more than the cap in memory and the time limit in seconds."""

import gzip
import socket
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import pytest

from tests.worker.camera.hostile import Behaviour, HostileServer, after_a_request, read_head
from worker.camera.connection import MAX_ERROR_BYTES, Body, Reply, Request
from worker.camera.transport import Transport
from worker.domain.errors import CameraFaulty, CameraSilent, CameraUnreachable

SOON = 0.3
LONG = 20.0
MEGABYTE = 1_000_000
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MOVED = b"HTTP/1.1 302 Found\r\nLocation: /\r\n"


@dataclass(frozen=True)
class Sound:
    """By default more than the buffers of two systems take; said to be heard in no time."""

    pieces: int = 64
    piece: bytes = bytes(MEGABYTE)
    seconds: float = 0.0

    def __len__(self) -> int:
        return self.pieces * len(self.piece)

    def __iter__(self) -> Iterator[bytes]:
        yield from (self.piece for _ in range(self.pieces))


def ask(
    behaviour: Behaviour, seconds: float = SOON, *, scheme: str = "http", body: Body | None = None
) -> Reply | BaseException | None:
    """What comes of one request, a snapshot of a megabyte at most, in a fraction of the time that a test may take."""
    with ThreadPoolExecutor(1) as pool, HostileServer(behaviour) as server:
        transport = Transport(f"{scheme}://{server.address}")
        request = Request("POST" if body else "GET", "/cgi-bin/snapshot.cgi", seconds, MEGABYTE, body)
        asked = pool.submit(transport.send, request)
        try:
            return asked.exception(LONG) or asked.result()
        finally:
            transport.close()


TRICKLES = {
    "status line": after_a_request(repeat=b"H", every=0.05),
    "header": after_a_request(OK, repeat=b"X", every=0.05),
    "headers": after_a_request(OK, repeat=b"X: y\r\n", every=0.05),
    "100-continue": after_a_request(repeat=b"HTTP/1.1 100 Continue\r\n\r\n", every=0.05),
    "body": after_a_request(OK + b"Content-Length: 1000\r\n\r\n", repeat=b"x", every=0.05),
    "body without a length": after_a_request(OK + b"\r\n", repeat=b"x", every=0.05),
    "chunk's size": after_a_request(CHUNKED, repeat=b"0", every=0.05),
    "chunks": after_a_request(CHUNKED, repeat=b"1\r\nx\r\n", every=0.05),
    "trailers": after_a_request(CHUNKED + b"0\r\n", repeat=b"X: y\r\n", every=0.05),
    "redirect": after_a_request(MOVED, repeat=b"X: y\r\n", every=0.05),
    "error": after_a_request(b"HTTP/1.1 500 Error\r\n\r\n", repeat=b"x", every=0.05),
}


@pytest.mark.parametrize("what", TRICKLES)
def test_who_trickles_is_left_when_the_time_is_over(what: str) -> None:
    assert isinstance(ask(TRICKLES[what]), CameraUnreachable)


def test_who_trickles_a_tls_handshake_is_left_too() -> None:
    def behave(connection: socket.socket, over: Event) -> None:
        connection.recv(4096)
        # A ServerHello of 16 kB, byte by byte.
        connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03")
        while not over.wait(0.05):
            connection.sendall(b"\x00")

    assert isinstance(ask(behave, scheme="https"), CameraUnreachable)


def test_who_stops_listening_to_a_sound_is_left_too() -> None:
    def behave(connection: socket.socket, over: Event) -> None:
        read_head(connection)
        over.wait()

    left = ask(behave, body=Sound())
    assert isinstance(left, CameraUnreachable)
    assert not isinstance(left, CameraSilent)


def test_of_who_took_a_whole_sound_and_never_answers_that_is_told() -> None:
    def behave(connection: socket.socket, over: Event) -> None:
        while connection.recv(MEGABYTE):
            pass
        over.wait()

    assert isinstance(ask(behave, 1.0, body=Sound(1, bytes(400))), CameraSilent)


def test_who_talks_while_a_sound_is_sent_is_left_too() -> None:
    assert isinstance(ask(after_a_request(repeat=b"H" * 1000), body=Sound()), CameraUnreachable)


def test_an_answer_before_the_end_of_a_sound_is_read() -> None:
    def behave(connection: socket.socket, _over: Event) -> None:
        read_head(connection)
        connection.sendall(b"HTTP/1.1 400 No\r\nContent-Length: 5\r\n\r\nError")

    answered = ask(behave, LONG, body=Sound())
    assert isinstance(answered, Reply)
    assert (answered.status, answered.body) == (400, b"Error")


FLOODS = {
    "status line": after_a_request(repeat=b"H" * 10_000),
    "header": after_a_request(OK, repeat=b"X" * 10_000),
    "headers": after_a_request(OK, repeat=b"X: y\r\n" * 1000),
    "long headers": after_a_request(OK, repeat=b"X: " + b"y" * 60_000 + b"\r\n"),
    "100-continue": after_a_request(repeat=b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "body": after_a_request(OK + b"\r\n", repeat=bytes(100_000)),
    "body longer than it says": after_a_request(OK + b"Content-Length: 2000000\r\n\r\n", repeat=bytes(100_000)),
    "chunk's extension": after_a_request(CHUNKED + b"1;", repeat=b"x" * 10_000),
    "chunk": after_a_request(CHUNKED + b"ffffffffff\r\n", repeat=bytes(100_000)),
    "trailers": after_a_request(CHUNKED + b"0\r\n", repeat=b"X: y\r\n" * 1000),
    "redirect": after_a_request(MOVED + b"\r\n", repeat=bytes(100_000)),
}


@pytest.mark.parametrize("what", FLOODS)
def test_who_sends_without_end_is_told_to_be_faulty_and_not_read_on(what: str) -> None:
    tracemalloc.start()
    try:
        assert isinstance(ask(FLOODS[what], LONG), CameraFaulty)
        assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("head", [MOVED, OK, b"HTTP/1.1 404 Not Found\r\n"])
def test_nothing_is_ever_unpacked(head: bytes) -> None:
    packed = gzip.compress(bytes(50 * MEGABYTE))
    fields = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    tracemalloc.start()
    try:
        answer = ask(after_a_request(head + fields, packed), LONG)
        assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    finally:
        tracemalloc.stop()
    if head is OK:
        assert isinstance(answer, Reply)
        assert answer.body == packed
    else:
        assert isinstance(answer, Reply | CameraFaulty)


def test_of_an_error_s_body_only_the_beginning_is_kept() -> None:
    answer = ask(after_a_request(b"HTTP/1.1 500 Error\r\n\r\n", repeat=b"x" * 10_000), LONG)
    assert isinstance(answer, Reply)
    assert (answer.status, answer.body) == (500, b"x" * MAX_ERROR_BYTES)


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 nonsense\r\n\r\n",
        OK + b"X: y\r\n" * 101 + b"\r\n",
        OK + b"Content-Length: 100\r\n\r\nshort",
        CHUNKED + b"5\r\nsho",
        CHUNKED + b"nonsense\r\n",
    ],
)
def test_what_is_no_whole_http_answer_is_faulty(answer: bytes) -> None:
    assert isinstance(ask(after_a_request(answer), LONG), CameraFaulty)


@pytest.mark.parametrize("length", [b"-1", b"nonsense", b"9" * 5000])
def test_a_length_that_is_none_is_ignored(length: bytes) -> None:
    answer = ask(after_a_request(OK + b"Content-Length: " + length + b"\r\n\r\nbody"), LONG)
    assert isinstance(answer, Reply)
    assert answer.body == b"body"
