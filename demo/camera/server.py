"""The camera on the network: a real HTTP server with the camera's doors and rooms behind it."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from socketserver import BaseRequestHandler
from ssl import SSLContext
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from demo.camera import about
from demo.camera.digest import Account
from demo.camera.events import Event
from demo.camera.exchange import BAD_REQUEST, PAGE, Answer, Exchange
from demo.camera.faults import ConnectionFault
from demo.camera.login import Attempt, Verdict
from demo.camera.ptz import ptz
from demo.camera.snapshot import snapshot
from demo.camera.sockets import ConnectionServer
from demo.camera.speaker import speaker
from demo.camera.state import CameraState
from demo.camera.stream.connection import StreamConnection
from demo.camera.stream.film import Film
from demo.camera.stream.methods import PATH

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


class _Listener:
    """A port that is open between `open` and `close`; the first time it may be any, and from then on it is the same."""

    def __init__(
        self, host: str, port: int, handler: Callable[..., BaseRequestHandler], tls: SSLContext | None = None
    ) -> None:
        self._host = host
        self.port = port
        self._handler = handler
        self._tls = tls

    def open(self) -> None:
        self._server = ConnectionServer((self._host, self.port), self._handler, self._tls)
        self.port = self._server.port
        name = f"camera {self._host}:{self.port}"
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), name=name)
        self._thread.start()

    def close(self) -> None:
        """End every connection, and wait for the threads that served them."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class SimulatedCamera:
    """An Amcrest camera on loopback for the body of a `with`.

    Args:
        photos: a folder; its `*.jpg` are the pictures the camera takes, by name, in turn.
        port: 0 lets the system choose.
        clock: epoch seconds.
        sleep: how the camera takes its time; by default for real, cut short when it is switched off.
        listener: told of every event as it happens, one at a time.
        tls: with it the camera speaks HTTPS.
        film: with it the camera streams over RTSP, on a port of its own; rendered when it is switched on.
        rtsp_port: 0 lets the system choose.

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
        film: Film | None = None,
        rtsp_port: int = 0,
    ) -> None:
        account = Account(username, password)
        self.state = CameraState(photos, account, clock=clock, sleep=sleep, listener=listener)
        self.state.stream.film = film
        self._host = host
        self._http = _Listener(host, port, partial(_Handler, self.state), tls)
        self._rtsp = _Listener(host, rtsp_port, partial(StreamConnection, self.state)) if film else None
        self._is_on = False

    @property
    def host(self) -> str:
        """`address:port`, as the worker's CAMERA_HOST wants it; the port is known once the camera is on."""
        return f"{self._host}:{self._http.port}"

    @property
    def rtsp_port(self) -> int:
        """As the worker's CAMERA_RTSP_PORT wants it, known once the camera is on; 0 for a camera without a film."""
        return self._rtsp.port if self._rtsp else 0

    def stream_url(self, subtype: int = 0) -> str:
        """Give the address of the main stream, 0, or of the second, 1; without a login."""
        return f"rtsp://{self._host}:{self.rtsp_port}{PATH}?channel=1&subtype={subtype}"

    def switch_on(self) -> None:
        """Listen, on the same ports as before if this is not the first time."""
        if self._rtsp:
            self.state.stream.reel(0)
        self.state.off.clear()
        self._http.open()
        if self._rtsp:
            self._rtsp.open()
        self._is_on = True

    def switch_off(self) -> None:
        """End every connection and refuse new ones; what the state knows is kept, nonces and sessions are not."""
        if self._is_on:
            self._is_on = False
            self.state.off.set()
            self._http.close()
            if self._rtsp:
                self._rtsp.close()
            self.state.logins.expire_nonces()
            self.state.stream.sessions.clear()

    def __enter__(self) -> Self:
        self.switch_on()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.switch_off()
