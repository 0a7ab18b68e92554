"""SIGTERM and SIGINT: the first ends the polling, the second ends the process."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopRequested(BaseException):
    """Raised in the main thread out of what `Stop.interrupts` allows to be interrupted, and nowhere else."""


class Stop:
    """Whether the worker was asked to stop. Belongs to the main thread, where Python runs signal handlers."""

    def __init__(self) -> None:
        self.requested = False
        self.heard = Event()
        """For other threads: the handler has run."""
        self._armed = False

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Listen to the signals for the body of the `with`; afterwards the former handlers are back."""
        former = [(number, signal.signal(number, self._handle)) for number in _SIGNALS]
        try:
            yield
        finally:
            for number, handler in former:
                signal.signal(number, handler)

    @contextmanager
    def interrupts(self) -> Iterator[None]:
        """Let a stop abort the body, also one that came before it: for waiting, where nothing can be lost."""
        self._armed = True
        try:
            if self.requested:
                raise StopRequested
            yield
        finally:
            self._armed = False

    def disarm(self, **_: object) -> None:
        """From here on the body ends by itself: an answer has arrived and must be looked at. Fits botocore's events."""
        self._armed = False

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self.requested:
            os._exit(128 + number)
        self.requested = True
        self.heard.set()
        if self._armed:
            self._armed = False
            raise StopRequested
