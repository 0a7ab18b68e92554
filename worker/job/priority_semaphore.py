"""A semaphore for the camera's lens, its speaker, and the places of work: the lower rank goes first."""

import bisect
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class NotAdmitted(Exception):
    """No permit was to be had."""


class TimedOut(NotAdmitted):
    """None came up in time."""


class Closed(NotAdmitted):
    """None will come up any more."""


class PrioritySemaphore:
    """At most `places` permits at a time; lower ranks first, and within a rank in order of arrival."""

    def __init__(self, places: int = 1) -> None:
        # Guards the three fields below, and wakes those who wait for a change of them.
        self._changed = Condition()
        self._free = places
        self._waiting: list[tuple[int, int]] = []
        self._closed = False
        self._tickets = itertools.count()

    @contextmanager
    def permit(self, timeout: float, rank: int = 0) -> Iterator["Permit"]:
        """Hold a permit for the body of the `with`, or until it is released early.

        Raises:
            TimedOut: after `timeout` seconds of waiting.
            Closed: the semaphore was closed before or meanwhile.
        """
        self._acquire((rank, next(self._tickets)), timeout)
        permit = Permit(self)
        try:
            yield permit
        finally:
            permit.release()

    def close(self) -> None:
        """Refuse everybody who still waits, and whoever comes later; permits that were given go on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    def release(self) -> None:
        with self._changed:
            self._free += 1
            self._changed.notify_all()

    def _acquire(self, ticket: tuple[int, int], timeout: float) -> None:
        with self._changed:
            bisect.insort(self._waiting, ticket)
            try:
                self._changed.wait_for(lambda: self._closed or self._is_next(ticket), timeout)
                if self._closed:
                    raise Closed
                if not self._is_next(ticket):
                    raise TimedOut
                self._free -= 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _is_next(self, ticket: tuple[int, int]) -> bool:
        return self._free > 0 and self._waiting[0] == ticket


class Permit:
    """It belongs to one thread."""

    def __init__(self, semaphore: PrioritySemaphore) -> None:
        self._semaphore: PrioritySemaphore | None = semaphore

    def release(self) -> None:
        """Let the next one in; a second call does nothing."""
        if self._semaphore is not None:
            self._semaphore.release()
            self._semaphore = None
