"""Connections that are kept, and those that cameras end without saying so."""

import socket
from threading import Event

import pytest

from tests.worker.camera.hostile import HostileServer, read_head
from worker.camera.connection import Request
from worker.camera.transport import Transport
from worker.domain.errors import CameraUnreachable

QUESTION = Request("GET", "/cgi-bin/magicBox.cgi?action=getDeviceType", 5.0)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


class Camera:
    """Answers `answers` requests on each connection, and ends it instead of answering the next one."""

    def __init__(self, answers: int) -> None:
        self._answers = answers
        self.connections = 0
        self.heads: list[bytes] = []

    def __call__(self, connection: socket.socket, _over: Event) -> None:
        self.connections += 1
        for _ in range(self._answers):
            if not (head := read_head(connection)):
                return
            self.heads.append(head)
            connection.sendall(ANSWER)
        read_head(connection)


def test_a_connection_is_used_again() -> None:
    camera = Camera(10)
    with HostileServer(camera) as server:
        transport = Transport(f"http://{server.address}")
        assert [transport.send(QUESTION).body for _ in range(3)] == [b"OK"] * 3
        transport.close()
    assert camera.connections == 1


def test_a_request_that_met_the_end_of_a_connection_is_sent_once_more() -> None:
    camera = Camera(1)
    with HostileServer(camera) as server:
        transport = Transport(f"http://{server.address}")
        assert [transport.send(QUESTION).body for _ in range(3)] == [b"OK"] * 3
        transport.close()
    assert camera.connections == 3


def test_but_not_if_the_connection_was_new() -> None:
    camera = Camera(0)
    with HostileServer(camera) as server:
        transport = Transport(f"http://{server.address}")
        with pytest.raises(CameraUnreachable, match="ended the connection"):
            transport.send(QUESTION)
    assert camera.connections == 1


def test_the_camera_is_asked_not_to_pack_its_answer_and_told_its_own_name() -> None:
    camera = Camera(1)
    with HostileServer(camera) as server:
        transport = Transport(f"http://{server.address}")
        transport.send(QUESTION, lambda: {"Authorization": "Digest x"})
        transport.close()
    [head] = camera.heads
    lines = head.decode().split("\r\n")
    assert lines[0] == f"GET {QUESTION.target} HTTP/1.1"
    assert {f"Host: {server.address}", "Accept-Encoding: identity", "Authorization: Digest x"} <= set(lines)
