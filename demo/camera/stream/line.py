"""The one connection that answers, pictures and reports go out on."""

from contextlib import suppress
from socket import SHUT_RDWR, socket
from threading import Lock


class Line:
    """Writes whole messages from whichever thread."""

    def __init__(self, connection: socket) -> None:
        self._connection = connection
        # Keeps an answer out of the middle of a packet.
        self._lock = Lock()

    def write(self, data: bytes) -> None:
        """Raises OSError when the client has gone."""
        with self._lock:
            self._connection.sendall(data)

    def end(self) -> None:
        """End the connection; whoever reads from it notices."""
        with suppress(OSError):
            self._connection.shutdown(SHUT_RDWR)
