"""Taking turns: for the camera's lens, its speaker, and the places of work."""

import bisect
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class NotAdmitted(Exception):
    """No turn came up in time, or none will come up any more."""


class PrioritySemaphore:
    """At most `places` at a time; lower ranks first, and within a rank in order of arrival."""

    def __init__(self, places: int = 1) -> None:
        # Guards the three fields below, and wakes those who wait for a change of them.
        self._changed = Condition()
        self._free = places
        self._waiting: list[tuple[int, int]] = []
        self._closed = False
        self._tickets = itertools.count()

    @contextmanager
    def permit(self, timeout: float, rank: int = 0) -> Iterator["Permit"]:
        """Hold a place for the body of the `with`, or until the turn is ended early.

        Raises:
            NotAdmitted: after `timeout` seconds of waiting, or when the turns were closed meanwhile.
        """
        self._enter((rank, next(self._tickets)), timeout)
        permit = Permit(self)
        try:
            yield permit
        finally:
            permit.end()

    def close(self) -> None:
        """Refuse everybody who still waits, and whoever comes later; turns that were given go on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def leave(self) -> None:
        with self._changed:
            self._free += 1
            self._changed.notify_all()

    def _enter(self, ticket: tuple[int, int], timeout: float) -> None:
        with self._changed:
            bisect.insort(self._waiting, ticket)
            try:
                self._changed.wait_for(lambda: self._closed or self._is_next(ticket), timeout)
                if self._closed or not self._is_next(ticket):
                    raise NotAdmitted
                self._free -= 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _is_next(self, ticket: tuple[int, int]) -> bool:
        return self._free > 0 and self._waiting[0] == ticket


class Permit:
    """A place that was given; it belongs to one thread."""

    def __init__(self, semaphore: PrioritySemaphore) -> None:
        self._semaphore: PrioritySemaphore | None = semaphore

    def end(self) -> None:
        """Give the place to the next; a second call does nothing."""
        if self._semaphore is not None:
            self._semaphore.leave()
            self._semaphore = None
