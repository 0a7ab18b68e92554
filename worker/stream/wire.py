"""The connection to a stream: every wait is bounded, and ends soon when nobody needs the stream any more."""

import select
import socket
import time
from collections.abc import Callable

from worker.domain.errors import CameraUnreachable
from worker.stream.address import Address
from worker.stream.rtsp import Message, MessageReader

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0

_SLICE_SECONDS = 0.2
"""How often a silent stream is left to see whether it is still needed."""


_END_SECONDS = 0.02
"""How soon behind an answer the connection ends, if it does."""


class Over(Exception):
    """Nobody needs the stream any more."""


class Wire:
    """For one thread."""

    def __init__(
        self, address: Address, is_over: Callable[[], bool], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Raises CameraUnreachable."""
        self._address = address
        self._where = f"{address.host}:{address.port}"
        self._is_over = is_over
        self._monotonic = monotonic
        self._deadline: float | None = None
        self._connect()

    def renew_if_ended(self) -> None:
        """Some cameras end the connection behind a challenge or a refusal. Raises CameraUnreachable."""
        readable, _, _ = select.select([self._sock], [], [], _END_SECONDS)
        if readable and _is_at_end(self._sock):
            self._sock.close()
            self._connect()

    def read(self, until: float | None = None) -> Message | None:
        """The next message; None where it has not come by `until`.

        Raises:
            Over: nobody needs the stream any more.
            CameraUnreachable: nothing came for 5 s, or the connection broke.
            CameraFaulty: it is no RTSP.
        """
        self._deadline = until
        try:
            return self._reader.read()
        except TimeoutError:
            return None

    def send(self, data: bytes) -> None:
        """Raises CameraUnreachable."""
        try:
            self._sock.settimeout(READ_SECONDS)
            self._sock.sendall(data)
            self._sock.settimeout(_SLICE_SECONDS)
        except OSError as error:
            raise CameraUnreachable(f"the stream from {self._where} broke: {error}") from error

    def wait_anew(self) -> None:
        """The camera was asked something, before which it may have had nothing to say."""
        self._heard_at = self._monotonic()

    def outlast(self) -> None:
        """From here on nothing but time and the camera ends a wait."""
        self._is_over = lambda: False

    def close(self) -> None:
        self._sock.close()

    def _connect(self) -> None:
        try:
            self._sock = socket.create_connection((self._address.host, self._address.port), CONNECT_SECONDS)
        except OSError as error:
            raise CameraUnreachable(f"no stream from {self._where}: {error}") from error
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock.settimeout(_SLICE_SECONDS)
        self._heard_at = self._monotonic()
        self._reader = MessageReader(self._receive_into)

    def _receive_into(self, buffer: memoryview) -> int:
        while True:
            if self._is_over():
                raise Over
            self._check_deadline()
            try:
                received = self._sock.recv_into(buffer)
            except TimeoutError:
                self._check_patience()
            except OSError as error:
                raise CameraUnreachable(f"the stream from {self._where} broke: {error}") from error
            else:
                self._heard_at = self._monotonic()
                return received

    def _check_patience(self) -> None:
        if self._monotonic() - self._heard_at >= READ_SECONDS:
            raise CameraUnreachable(f"the stream from {self._where} sent nothing for {READ_SECONDS:g} s")

    def _check_deadline(self) -> None:
        """Also where bytes come all the time, and no whole message."""
        if self._deadline is not None and self._monotonic() >= self._deadline:
            raise TimeoutError


def _is_at_end(sock: socket.socket) -> bool:
    try:
        return not sock.recv(1, socket.MSG_PEEK)
    except OSError:
        return True
