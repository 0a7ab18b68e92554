"""How long each step of a job took."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import structlog

from worker.domain.ports import Observer

log = structlog.get_logger(__name__)


class Timings:
    """Milliseconds by the name of the step, counted from the receive of the message."""

    def __init__(self, queue_ms: int, observer: Observer, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._observer = observer
        self._start = monotonic()
        self.ms = {"queue": queue_ms}

    def go_on_from(self, earlier: Mapping[str, int]) -> None:
        """Take over what an earlier attempt has measured and this one has not."""
        self.ms = {**earlier, **self.ms}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure the body, also when it fails."""
        start = self._monotonic()
        try:
            yield
        finally:
            self._note(name, start)

    def mark(self, name: str) -> None:
        """Note how long after the receive it is now."""
        self._note(name, self._start)

    def _note(self, name: str, start: float) -> None:
        seconds = self._monotonic() - start
        self.ms[name] = round(seconds * 1000)
        self._observer.stepped(name, seconds)
        log.debug("step", action="step", step=name, ms=self.ms[name])
