"""Holding on to a watch: it is ours as long as its lease is, and nobody has asked for its end."""

import time
from collections.abc import Callable
from threading import Condition

from worker.domain.errors import LeaseLost


class Hold:
    """Between the thread that renews the lease and the one that films.

    Args:
        seconds: For how long a lease lasts.
        asked_at: When it was asked for, by the monotonic clock.
    """

    def __init__(self, seconds: float, asked_at: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        # Guards what follows, and wakes the one that films.
        self._changed = Condition()
        self._until = asked_at + seconds
        self._stopped = False
        self._lost = False

    def renewed(self, asked_at: float) -> None:
        with self._changed:
            self._until = asked_at + self._seconds

    def stop(self) -> None:
        """Somebody has asked for its end."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def lose(self) -> None:
        """It is another worker's now, or will be."""
        with self._changed:
            self._lost = True
            self._changed.notify_all()

    @property
    def stopped(self) -> bool:
        return self._stopped

    def check(self) -> None:
        """To be asked before every side effect. Raises LeaseLost."""
        with self._changed:
            if self._lost or self._monotonic() >= self._until:
                self._lost = True
                raise LeaseLost

    def wait_until(self, moment: float) -> None:
        """Until then by the monotonic clock, or until there is no more to wait for. Raises LeaseLost."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._lost, max(0.0, moment - self._monotonic()))
        self.check()
