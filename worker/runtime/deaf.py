"""A stop that the main thread cannot hear.

Python runs signal handlers between its own instructions, and looking up a host's name (getaddrinfo) is one instruction
that takes as long as the resolver likes. The signal itself arrives at once, on the wake-up descriptor.
"""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

HEARD_SECONDS = 0.5
"""Within which a main thread that is not stuck has run its handler."""


@contextmanager
def watched(heard: Event, when_deaf: Callable[[], None]) -> Iterator[None]:
    """Call `when_deaf`, from a thread of its own, for a signal after which `heard` is not set.

    Belongs to the main thread, for the body of the `with`.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)  # noqa: FBT003 - the standard library's own
    former = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    thread = Thread(target=_watch, args=(reader, heard, when_deaf), name="deaf", daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(former)
        # The end of the stream ends the thread.
        writer.close()
        thread.join(2 * HEARD_SECONDS)
        reader.close()


def _watch(reader: socket.socket, heard: Event, when_deaf: Callable[[], None]) -> None:
    while reader.recv(1):
        if not heard.wait(HEARD_SECONDS):
            when_deaf()
