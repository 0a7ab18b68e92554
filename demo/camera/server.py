"""The camera on the network: a real HTTP server with the camera's doors and rooms behind it."""

import socketserver
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from socket import SHUT_RDWR, socket
from ssl import SSLContext, SSLError
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from demo.camera import about
from demo.camera.digest import Account
from demo.camera.events import Event
from demo.camera.exchange import BAD_REQUEST, PAGE, Answer, Exchange
from demo.camera.faults import ConnectionFault
from demo.camera.login import Attempt, Verdict
from demo.camera.ptz import ptz
from demo.camera.snapshot import snapshot
from demo.camera.speaker import speaker
from demo.camera.state import CameraState

ENDPOINTS: dict[tuple[str, str], Callable[[Exchange], None]] = {
    (HTTPMethod.GET, "/cgi-bin/snapshot.cgi"): snapshot,
    (HTTPMethod.GET, "/cgi-bin/ptz.cgi"): ptz,
    (HTTPMethod.POST, "/cgi-bin/audio.cgi"): speaker,
    (HTTPMethod.GET, "/cgi-bin/magicBox.cgi"): about.magic_box,
    (HTTPMethod.GET, "/cgi-bin/configManager.cgi"): about.config_manager,
    (HTTPMethod.GET, "/cgi-bin/devAudioOutput.cgi"): about.audio_outputs,
}
_POLL_SECONDS = 0.02  # how soon the server notices that it is to stop
_CHECK_FAILURE = Answer(b"Error\r\nAuthority:check failure.\r\n", status=HTTPStatus.FORBIDDEN)
_MOVED = Answer(b"", status=HTTPStatus.FOUND)


class _Handler(Exchange):
    def do_GET(self) -> None:  # noqa: N802 (http.server finds it by this name)
        faults = self.state.faults
        if faults.connection is ConnectionFault.RESETS:
            self.reset()
        elif faults.connection is ConnectionFault.HANGS:
            self.hang()
        elif faults.redirect_to:
            self.discard_body()
            self.answer(_MOVED, [("Location", faults.redirect_to + self.path)])
        else:
            self._let_in()

    do_POST = do_GET  # noqa: N815 (the same)

    def _let_in(self) -> None:
        attempt = Attempt(self.command, self.path, self.headers.get("Authorization"), self.client_address[0])
        verdict = self.state.logins.judge(attempt, self.state.faults)
        if verdict is Verdict.ACCEPTED:
            self._answer_endpoint()
        elif self.command == HTTPMethod.POST and self.state.faults.resets_unauthenticated_post:
            self.reset()
        else:
            self._turn_away(verdict)

    def _turn_away(self, verdict: Verdict) -> None:
        self.discard_body()
        faults = self.state.faults
        forbidden = {Verdict.STALE: faults.stale_nonce_is_403, Verdict.NOT_ALLOWED: faults.missing_right_is_403}
        if forbidden.get(verdict):
            self.answer(_CHECK_FAILURE)
        else:
            self.challenge(verdict)

    def _answer_endpoint(self) -> None:
        endpoint = ENDPOINTS.get((self.command, urlsplit(self.path).path))
        if self.state.faults.answers_like_a_web_server:
            self.discard_body()
            self.answer(replace(PAGE, status=HTTPStatus.NOT_FOUND))
        elif endpoint:
            endpoint(self)
        else:
            self.discard_body()
            self.answer(BAD_REQUEST)


class _Server(socketserver.ThreadingTCPServer):
    """Ends every connection when it closes, and waits for the threads that served them."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], handler: Callable[..., Exchange], tls: SSLContext | None = None
    ) -> None:
        self._tls = tls
        self._connections: set[socket] = set()
        # Guards the set against the threads that leave it.
        self._lock = Lock()
        super().__init__(address, handler)

    def get_request(self) -> tuple[socket, Any]:
        connection, address = super().get_request()
        if self._tls:
            # Shaken hands by the thread that serves it: who dawdles keeps nobody waiting.
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away; that is their right."""
        if not isinstance(sys.exception(), ConnectionError | SSLError):
            super().handle_error(request, client_address)


class SimulatedCamera:
    """An Amcrest camera on loopback for the body of a `with`.

    Args:
        photos: a folder; its `*.jpg` are the pictures the camera takes, by name, in turn.
        port: 0 lets the system choose.
        clock: epoch seconds.
        sleep: how the camera takes its time; by default for real, cut short when it is switched off.
        listener: told of every event as it happens, one at a time.
        tls: with it the camera speaks HTTPS.

    Raises:
        ValueError: there is no photograph in the folder.
    """

    def __init__(  # noqa: PLR0913 (all by name, all but two optional)
        self,
        *,
        photos: Path,
        password: str,
        username: str = "admin",
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], object] | None = None,
        listener: Callable[[Event], None] | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        account = Account(username, password)
        self.state = CameraState(photos, account, clock=clock, sleep=sleep, listener=listener)
        self._address = (host, port)
        self._tls = tls
        self._server: _Server | None = None

    @property
    def host(self) -> str:
        """`address:port`, as the worker's CAMERA_HOST wants it; the port is known once the camera is on."""
        return "{}:{}".format(*self._address)

    def switch_on(self) -> None:
        """Listen, on the same port as before if this is not the first time."""
        self.state.off.clear()
        self._server = _Server(self._address, partial(_Handler, self.state), self._tls)
        self._address = (self._address[0], self._server.server_address[1])
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), name=f"camera {self.host}")
        self._thread.start()

    def switch_off(self) -> None:
        """End every connection and refuse new ones; what the state knows is kept, the nonces are not."""
        if self._server:
            self.state.off.set()
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None
            self.state.logins.expire_nonces()

    def __enter__(self) -> Self:
        self.switch_on()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.switch_off()
