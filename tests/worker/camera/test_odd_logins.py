"""Cameras that end connections without a word, are busy at the wrong moment, or let some questions pass unasked."""

import hashlib
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

import pytest

from tests.worker.camera.hostile import HostileServer, read_head
from worker.camera.amcrest import AmcrestCamera
from worker.camera.digest import Credentials
from worker.camera.http import CameraHttp
from worker.camera.lockout import Lockout
from worker.domain.errors import CameraError, CameraRefused

PHOTO = b"\xff\xd8\xff\xda\x00\x02x\xff\xd9"
OPEN_TO_ALL = "getDeviceType"
MAX_REFUSALS = 2

Forced = Callable[[str, bool], int | None]
"""A status for a path, asked with or without a login, that is answered before anything is judged."""


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - what digest authentication is made of


@dataclass
class OddCamera:
    """Answers so many requests on a connection, and then ends it only when the next one has arrived."""

    password: str = "right"
    answers_a_connection: int = 1000
    wants_fresh_nonces: bool = False
    forced: Forced = lambda _path, _logged_in: None
    refused: int = 0
    _nonces: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, connection: socket.socket, _over: Event) -> None:
        for _ in range(self.answers_a_connection):
            head = read_head(connection).decode()
            if not head:
                return
            with self._lock:
                connection.sendall(self._answer(head))
        read_head(connection)

    def _answer(self, head: str) -> bytes:
        method, path, _ = head.split("\r\n", maxsplit=1)[0].split(" ")
        found = re.search(r"(?im)^authorization: digest (.*?)\r$", head)
        if status := self.forced(path, found is not None):
            return _reply(status, b"busy")
        if found is None:
            return self._challenge()
        login = dict(re.findall(r'(\w+)="?([^",]*)"?', found[1]))
        secret, asked = md5(f"admin:camera:{self.password}"), md5(f"{method}:{path}")
        right = md5(f"{secret}:{login['nonce']}:{login['nc']}:{login['cnonce']}:auth:{asked}")
        if login["response"] != right:
            self.refused += 1
            return self._challenge()
        if self.wants_fresh_nonces and int(login["nc"], 16) > 1:
            return self._challenge()
        bodies = {"snapshot": PHOTO, "ptz": b"OK", "magicBox": b"type=X\r\n"}
        return _reply(200, next((body for name, body in bodies.items() if name in path), b""))

    def _challenge(self) -> bytes:
        self._nonces += 1
        offer = f'WWW-Authenticate: Digest realm="camera", qop="auth", nonce="{self._nonces}"\r\n'
        return _reply(401, b"", offer)


def _reply(status: int, body: bytes, headers: str = "") -> bytes:
    return f"HTTP/1.1 {status} .\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


@contextmanager
def reached(camera: OddCamera, tmp_path: Path) -> Iterator[AmcrestCamera]:
    with HostileServer(camera) as server:
        url, credentials = f"http://{server.address}", Credentials("admin", "right")
        client = AmcrestCamera(CameraHttp(url, credentials, Lockout(tmp_path / "lockout.json", url, credentials)))
        try:
            yield client
        finally:
            client.close()


def ask_everything(client: AmcrestCamera) -> list[CameraError]:
    """Twice; what went wrong."""
    steps = (client.snapshot, client.nod, lambda: client.play(bytes(80), "alaw"), client.volume, client.speakers)
    errors = []
    for step in steps * 2:
        try:
            step()
        except CameraError as error:
            errors.append(error)
    return errors


@pytest.mark.parametrize("answers", [1, 2, 3])
def test_a_right_password_opens_no_breaker_where_connections_end_without_a_word_and_nonces_serve_once(
    tmp_path: Path, answers: int
) -> None:
    camera = OddCamera(answers_a_connection=answers, wants_fresh_nonces=True)
    with reached(camera, tmp_path) as client:
        assert [client.snapshot() for _ in range(3)] == [PHOTO] * 3
        assert client.identify().device_type == "X"


@pytest.mark.parametrize("logged_in", [False, True])
def test_a_camera_that_is_busy_when_the_password_is_proved_hides_no_refusal(tmp_path: Path, *, logged_in: bool) -> None:
    camera = OddCamera()
    with reached(camera, tmp_path) as client:
        client.snapshot()
        camera.password = "changed"
        camera.forced = lambda path, with_login: 503 if OPEN_TO_ALL in path and with_login is logged_in else None
        assert ask_everything(client)
    assert camera.refused <= MAX_REFUSALS


@pytest.mark.parametrize("status", [200, 404])
def test_a_camera_that_answers_everybody_who_it_is_still_refuses_a_wrong_password_twice_at_most(
    tmp_path: Path, status: int
) -> None:
    camera = OddCamera(
        password="another", forced=lambda path, logged_in: status if OPEN_TO_ALL in path and not logged_in else None
    )
    with reached(camera, tmp_path) as client:
        errors = ask_everything(client)
    assert camera.refused <= MAX_REFUSALS
    assert any(isinstance(error, CameraRefused) for error in errors)


def test_a_camera_that_is_busy_once_is_not_taken_for_one_that_asks_for_no_login(tmp_path: Path) -> None:
    busy = iter([503])
    camera = OddCamera(forced=lambda _path, logged_in: None if logged_in else next(busy, None))
    with reached(camera, tmp_path) as client:
        with pytest.raises(CameraError, match="busy"):
            client.identify()
        assert client.identify().device_type == "X"
