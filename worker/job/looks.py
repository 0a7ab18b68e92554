"""Pictures of a clip that are looked at while it is still recorded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import structlog

from worker.domain.errors import CloudError
from worker.domain.moments import Moment

MAX_WAITING = 4
"""Pictures, of a few hundred kilobytes each: more come together only when Rekognition hardly answers."""
QUIET_SECONDS = 600

Look = Callable[[float, bytes], Moment]
"""Raises CloudError."""

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Looks:
    """`take` may be called from any thread and never waits; `work` belongs to one of its own, until `end`."""

    look: Look
    on_moment: Callable[[list[Moment]], None]
    moments: list[Moment] = field(default_factory=list)
    failure: str | None = None
    """Why the first of those that could not be looked at could not."""
    _waiting: SimpleQueue[tuple[float, bytes] | None] = field(default_factory=SimpleQueue)

    def take(self, second: float, picture: bytes) -> None:
        if self._waiting.qsize() >= MAX_WAITING:
            self._miss(second, "the ones before it still wait to be looked at")
        else:
            self._waiting.put((second, picture))

    def end(self) -> None:
        """No more will come."""
        self._waiting.put(None)

    def work(self) -> None:
        """Look at each as it comes. A failure costs its moment, and nothing else."""
        try:
            while (taken := self._waiting.get(timeout=QUIET_SECONDS)) is not None:
                self._look_at(*taken)
        except Empty:
            log.error("no picture came, and no end of them", action="looks_abandoned")

    def _look_at(self, second: float, picture: bytes) -> None:
        try:
            self.moments.append(self.look(second, picture))
        except CloudError as error:
            self._miss(second, str(error))
        else:
            self.on_moment(self.moments)

    def _miss(self, second: float, why: str) -> None:
        if self.failure is None:
            self.failure = why
            message = "a picture of the clip was not looked at; more of the kind are not told"
            log.warning(message, action="look_failed", second=second, error=why)
