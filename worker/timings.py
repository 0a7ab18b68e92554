"""How long each step of a job took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


class Timings:
    """Milliseconds by the name of the step, counted from the receive of the message."""

    def __init__(self, queue_ms: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._start = monotonic()
        self.ms = {"queue": queue_ms}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure the body, also when it fails."""
        start = self._monotonic()
        try:
            yield
        finally:
            self.ms[name] = self._since(start)
            log.debug("step", step=name, ms=self.ms[name])

    def mark(self, name: str) -> None:
        """Note how long after the receive it is now."""
        self.ms[name] = self._since(self._start)
        log.debug("step", step=name, ms=self.ms[name])

    def _since(self, start: float) -> int:
        return round((self._monotonic() - start) * 1000)
