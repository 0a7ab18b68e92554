"""The job of `StartWatching`: a watch stands in the table, for a worker to film it, and who is there is told."""

from dataclasses import dataclass
from typing import ClassVar

import structlog

from worker.domain.errors import CloudUnavailable
from worker.domain.record import Attributes
from worker.domain.watch import Standing, Watch, opened
from worker.domain.watch_commands import StartWatching
from worker.job.job import Expired, InTheWay, Job, Overruled, SwitchedOff
from worker.job.parallel import Parallel
from worker.job.services import WatchTerms

NOT_WATCHING = (
    "WATCH=off: this worker watches no audience, because that films people who pressed nothing; "
    "set WATCH=on once they have been told"
)
STOPPED_SINCE = "a StopWatching was pressed at the same moment or later, so no watch has begun"
ENDING = "the watch before this one is still ending"

log = structlog.get_logger(__name__)


def start_watching(job: "StartWatchingJob") -> None:
    """The job, in the order of its steps; raises as `Job.do` does.

    A crash between any two is harmless: what was begun is found again, neither begun anew nor prolonged.
    """
    job.claim_and_find()
    job.begin()
    job.create()
    with Parallel() as parallel:
        parallel.start(job.speaking.mark)
        job.announce()
    job.complete()
    job.delete_message()


@dataclass(eq=False, kw_only=True)
class StartWatchingJob(Job[StartWatching]):
    """It films nothing: a watcher does, on this worker or another one."""

    takes_place: ClassVar[bool] = False
    _begun: Watch | None = None
    """The watch of this very press, as long as it goes on."""
    _running: str | None = None
    """The capture_id of what runs now."""

    def do(self) -> None:
        start_watching(self)

    @property
    def said(self) -> str:
        terms = self.services.settings.watch
        if self._begun is None or terms is None or not terms.announced:
            return ""
        return self.services.phrases.watching_for(self._begun.minutes)

    def claim_and_find(self) -> None:
        """What an earlier attempt has begun is no longer too old. Raises as `Job.do` does."""
        self.claim()
        wanted = self._wanted()
        # In this order: its item is written before a watch that has ended leaves the camera.
        standing = self.services.watches.standing(self.press.camera)
        if standing.watch is not None and standing.watch.capture_id == self.press.capture_id:
            self._begun = standing.watch
            self._running = self.press.capture_id
        elif self.services.watches.get(wanted) is not None:
            self._running = self.press.capture_id
        elif self.seconds_left < 0:
            raise Expired

    def begin(self) -> None:
        """Unless that was done. Raises Overruled, InTheWay, CloudError, LeaseLost."""
        if self._running is not None:
            return
        self.lease.check()
        wanted = self._wanted()
        against = self.services.watches.begin(wanted)
        if against is None:
            log.info("a watch has begun", action="watch_begun", minutes=wanted.minutes)
            self._begun = wanted
            self._running = wanted.capture_id
        else:
            self._running = self._other(against)
            log.info("another watch goes on", action="watch_goes_on", watch=self._running)

    def create(self) -> None:
        """Let the watch have its item, and somebody who films it at once; nothing is said of none."""
        if not self.said:
            self.speaking.say_nothing()
        if self._begun is not None:
            settings = self.services.settings
            item = opened(self._begun, self._terms.grid, settings.worker, settings.retention)
            self.services.watches.create(self._begun, item)
            self.camera.look_after()

    def announce(self) -> None:
        self.speaking.speak(lambda: self.services.voice.sound(self.said, self.camera.audio_format))

    def note_return(self, delay_seconds: float) -> None:
        """It leaves nothing on this disk that should know."""

    def let_go(self) -> None:
        """It keeps nothing."""

    def _result(self) -> Attributes:
        said = {"said": self.said} if self.said else {}
        return {**said, **({} if self._running is None else {"watch": self._running})}

    @property
    def _terms(self) -> WatchTerms:
        """Raises Expired, SwitchedOff."""
        terms = self.services.settings.watch
        if terms is None:
            raise Expired if self.seconds_left < 0 else SwitchedOff(NOT_WATCHING)
        return terms

    def _wanted(self) -> Watch:
        minutes = self.command.minutes or self._terms.minutes
        return Watch.begun(self.press, self.services.clock.now(), minutes)

    def _other(self, against: Standing) -> str:
        """The watch that goes on instead of this one. Raises Overruled, InTheWay, CloudUnavailable."""
        if against.refuses(self.press.pressed_at):
            raise Overruled(STOPPED_SINCE)
        if against.watch is None:
            raise CloudUnavailable("the camera's watch has changed in this moment")
        if against.is_stopped or against.watch.is_over(self.services.clock.now()):
            raise InTheWay(ENDING)
        return against.watch.capture_id
