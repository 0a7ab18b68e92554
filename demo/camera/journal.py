"""The camera's memory of what happened to it."""

from collections.abc import Callable
from threading import Condition
from typing import TypeVar

from demo.camera.events import (
    Event,
    PtzCommand,
    Request,
    SessionEnded,
    SnapshotTaken,
    Sound,
    SoundStarted,
    StreamRequest,
)

Kind = TypeVar("Kind", Request, StreamRequest, SessionEnded, SnapshotTaken, PtzCommand, SoundStarted, Sound)


class Journal:
    """Everything that happened, in order; safe to read and to wait on from any thread.

    An event is written before the answer it belongs to is sent, so a client that has its answer finds it here.
    """

    def __init__(self, listener: Callable[[Event], None] | None = None) -> None:
        self._changed = Condition()
        self._events: list[Event] = []
        self._listener = listener

    def write(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            if self._listener:
                self._listener(event)
            self._changed.notify_all()

    def of(self, kind: type[Kind]) -> list[Kind]:
        with self._changed:
            return [event for event in self._events if isinstance(event, kind)]

    def wait_for(self, kind: type[Kind], count: int, timeout: float) -> list[Kind]:
        """Wait until there are `count` such events, at most `timeout` seconds.

        Raises:
            TimeoutError: there are still fewer.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.of(kind)) >= count, timeout):
                raise TimeoutError(f"{len(self.of(kind))} of {count} {kind.__name__}")
            return self.of(kind)
