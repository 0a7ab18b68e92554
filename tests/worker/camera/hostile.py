"""What may sit at a camera's address and is none: a server on loopback that does to each connection what it is told."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

Behaviour = Callable[[socket.socket, Event], None]
"""What happens to a connection; the event is set when the test is over."""


class HostileServer:
    """Listens for the body of a `with`; each connection is dealt with by a thread of its own."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "{}:{}".format(*self._listener.getsockname())
        self._over = Event()
        self._connections: list[socket.socket] = []
        self._threads = [Thread(target=self._accept, name="hostile server")]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        for sock in (self._listener, *self._connections):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                self._threads.append(Thread(target=self._deal_with, args=(connection,), name="hostile connection"))
                self._threads[-1].start()

    def _deal_with(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            self._behaviour(connection, self._over)


def after_a_request(*pieces: bytes, repeat: bytes = b"", every: float = 0.0) -> Behaviour:
    """Answer whatever is asked with `pieces`, then `repeat` for ever, with a pause of `every` seconds each time."""

    def behave(connection: socket.socket, over: Event) -> None:
        read_head(connection)
        for piece in pieces:
            connection.sendall(piece)
        while repeat and not over.wait(every):
            connection.sendall(repeat)
        if not repeat:
            connection.shutdown(socket.SHUT_WR)
            over.wait()

    return behave


def read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
        head += piece
    return head
