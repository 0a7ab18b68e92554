"""The job of `StopWatching`: what was started before ends, and does not begin any more."""

import math
from dataclasses import dataclass
from typing import ClassVar

from worker.domain.record import Attributes
from worker.domain.watch_commands import StopWatching
from worker.job.job import Job


def stop_watching(job: "StopWatchingJob") -> None:
    """The job, in the order of its steps; raises as `Job.do` does. Each of them may be done again."""
    job.claim()
    job.stop()
    job.complete()
    job.delete_message()


@dataclass(eq=False, kw_only=True)
class StopWatchingJob(Job[StopWatching]):
    """However late and however crowded, also where WATCH=off. The end is told by whoever has filmed."""

    takes_place: ClassVar[bool] = False
    can_come_back: ClassVar[bool] = False
    _ended: str | None = None

    def do(self) -> None:
        stop_watching(self)

    @property
    def said(self) -> str:
        return ""

    @property
    def patience(self) -> float:
        return math.inf

    def stop(self) -> None:
        """Raises CloudError."""
        standing = self.services.watches.stop(self.press.camera, self.press.pressed_at)
        if standing.watch is not None and standing.is_stopped:
            self._ended = standing.watch.capture_id
        self.camera.look_after()

    def note_return(self, delay_seconds: float) -> None:
        """It leaves nothing on this disk that should know."""

    def let_go(self) -> None:
        """It keeps nothing."""

    def _result(self) -> Attributes:
        return {} if self._ended is None else {"watch": self._ended}
