"""A port of the camera, and the hard end of a connection."""

import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from ssl import SSLContext, SSLError
from threading import Lock
from typing import Any

_LINGER_NOT_AT_ALL = struct.pack("ii", 1, 0)


def reset(connection: socket) -> None:
    """End a connection with a RST."""
    connection.setsockopt(SOL_SOCKET, SO_LINGER, _LINGER_NOT_AT_ALL)
    # Closed by its number: the object would wait for the request's open files, and say good-bye first.
    socket(fileno=connection.detach()).close()


class ConnectionServer(ThreadingTCPServer):
    """Ends every connection when it closes, and waits for the threads that served them."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], handler: Callable[..., BaseRequestHandler], tls: SSLContext | None = None
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

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away; that is their right."""
        if not isinstance(sys.exception(), ConnectionError | SSLError):
            super().handle_error(request, client_address)
