"""What lies between a browser and a board, and can be cut."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_PIECE_BYTES = 65_536


class Network:
    """A relay to the board at `address` for the body of a `with`; whoever goes through it opens `self.address`."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._board = (str(parts.hostname), parts.port)
        self._passes = _set()
        self._lost: list[Event] = []
        self._refuses = False
        # Guards what is refused, and the sockets: connections come on the relay's thread, and are broken on the test's.
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.break_off()
        for passes in (self._passes, *self._lost):
            passes.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()
        for each in self._sockets:
            each.close()

    def pull(self) -> None:
        """As a pulled cable: nothing comes through, and nobody is told."""
        self._passes.clear()

    def lose(self) -> None:
        """As a router that has forgotten what was connected: that is silent for ever, and what is new does well."""
        self._passes.clear()
        self._lost.append(self._passes)
        self._passes = _set()

    def break_off(self) -> None:
        """As a router that starts anew: what was connected is reset, and what comes is refused."""
        with self._lock:
            self._refuses = True
            for each in self._sockets:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """As it was; what a pulled cable held back comes through now."""
        with self._lock:
            self._refuses = False
        self._passes.set()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._refuses:
                    browser.close()
                    continue
                board = socket.create_connection(self._board)
                self._sockets += [browser, board]
            for sender, receiver in ((browser, board), (board, browser)):
                self._start(_pass, sender, receiver, self._passes)

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=target, args=arguments)
        thread.start()
        self._threads.append(thread)


def _pass(sender: socket.socket, receiver: socket.socket, passes: Event) -> None:
    with suppress(OSError):
        while piece := sender.recv(_PIECE_BYTES):
            passes.wait()
            receiver.sendall(piece)
    with suppress(OSError):
        receiver.shutdown(socket.SHUT_WR)


def _set() -> Event:
    event = Event()
    event.set()
    return event
