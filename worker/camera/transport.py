"""Connections to one camera, kept for the next request and made anew where none is left."""

import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from selectors import EVENT_READ, DefaultSelector
from urllib.parse import urlsplit

from worker.camera import tls
from worker.camera.connection import Connection, Reply, Request
from worker.domain.errors import CameraUnreachable

CONNECT_SECONDS = 3.0
"""For TCP, and as much again for TLS."""

_KEPT = 4
_KEEP_NONE_SECONDS = 600
"""After a request that met an end which the camera had not told: the next would meet one, too."""


class Transport:
    """HTTP to `url`, for many threads; with `fingerprint` only to whoever shows the certificate with that SHA-256.

    Neither a proxy nor .netrc stands between the worker and a camera on its own LAN.
    """

    def __init__(
        self, url: str, fingerprint: str | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        parts = urlsplit(url)
        self.url = url
        self._secure = parts.scheme == "https"
        self._name = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._host = parts.netloc.rpartition("@")[2]
        self._fingerprint = fingerprint
        self._monotonic = monotonic
        self._idle: deque[Connection] = deque()
        self._closed = False
        self._keeps_from = float("-inf")

    def send(self, request: Request, login: Callable[[], Mapping[str, str]] = dict) -> Reply:
        """One exchange, within `request.seconds` and those for connecting; `login` gives headers that are used once.

        Many cameras end connections without saying so. So a request that met such an end is sent once more, and a
        sound, which cannot be, gets a new connection.

        Raises:
            CameraError: as Connection.exchange does, and CameraUntrusted where TLS fails.
        """
        began = self._monotonic()
        idle = self._take_idle() if request.body is None else None
        if idle is not None:
            try:
                return self._exchange(idle, request, login())
            except CameraUnreachable:
                left = request.seconds - (self._monotonic() - began)
                if left <= 0 or not idle.hung_up:
                    raise
                # Else each login would be sent twice, and some cameras refuse nc=2 without a word.
                self._keeps_from = self._monotonic() + _KEEP_NONE_SECONDS
                request = replace(request, seconds=left)
        return self._exchange(self._connect(), request, login())

    def close(self) -> None:
        """Those that are idle; one in use is closed after its answer."""
        self._closed = True
        while (connection := self._pop()) is not None:
            connection.close()

    def _exchange(self, connection: Connection, request: Request, headers: Mapping[str, str]) -> Reply:
        try:
            return connection.exchange(request, headers)
        finally:
            if (
                connection.reusable
                and self._monotonic() >= self._keeps_from
                and len(self._idle) < _KEPT
                and not self._closed
            ):
                self._idle.append(connection)
            else:
                connection.close()

    def _take_idle(self) -> Connection | None:
        while (connection := self._pop()) is not None:
            if _is_quiet(connection):
                return connection
            connection.close()
        return None

    def _pop(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self) -> Connection:
        try:
            sock = self._secured() if self._secure else self._dial()
        except OSError as error:
            raise CameraUnreachable(f"no answer from the camera at {self.url}: {error}") from error
        return Connection(sock, self._host, self._monotonic)

    def _dial(self) -> socket.socket:
        sock = socket.create_connection((self._name, self._port), CONNECT_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def _secured(self) -> ssl.SSLSocket:
        context = self._trust
        try:
            return tls.handshake(self._dial(), context, self._name, CONNECT_SECONDS, self._fingerprint)
        except tls.CertificateChanged as error:
            raise tls.changed(self.url, error.found) from error
        except ssl.SSLError as error:
            raise tls.untrusted(self.url, error, self._shown_certificate()) from error

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return tls.by_fingerprint() if self._fingerprint else tls.by_authorities()

    def _shown_certificate(self) -> tls.Certificate | None:
        """What the camera shows to somebody who trusts everybody; nothing is sent to it."""
        with suppress(OSError), tls.handshake(self._dial(), tls.by_fingerprint(), self._name, CONNECT_SECONDS) as found:
            return tls.Certificate(tls.fingerprint(found), self._certificate_names())
        return None

    def _certificate_names(self) -> tuple[str, ...] | None:
        """They can be read only of a certificate that an authority vouches for."""
        context = tls.by_authorities()
        context.check_hostname = False
        with suppress(OSError), tls.handshake(self._dial(), context, self._name, CONNECT_SECONDS) as found:
            return tls.names(found.getpeercert())
        return None


def _is_quiet(connection: Connection) -> bool:
    """Whether nothing waits there to be read: neither the end of the connection nor an answer to nothing."""
    with DefaultSelector() as selector:
        selector.register(connection, EVENT_READ)
        return not selector.select(0)
