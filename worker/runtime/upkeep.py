"""What goes on beside the polls."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

JOIN_SECONDS = 0.3
"""For all of them together: the worker stops within a second."""


@contextmanager
def beside(tasks: Iterable[Callable[[Event], None]]) -> Iterator[None]:
    """Run `tasks` in threads of their own for the body of the `with`; each is told by its event when to end.

    They keep neither the first poll waiting nor the end: one that hangs ends with the process.
    """
    stopping = Event()
    threads = [Thread(target=task, args=(stopping,), name="upkeep", daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        deadline = time.monotonic() + JOIN_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
