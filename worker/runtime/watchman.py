"""Who watches: each camera has one that looks for a watch to hold, and films while it holds one."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Lock, Thread

import structlog

from worker.domain.errors import ClaimRefused, CloudError, LeaseLost
from worker.domain.ports import Clock, Watches
from worker.domain.watch import Watch
from worker.job.lease import RENEWALS_PER_LEASE, new_attempt
from worker.watch.hold import Hold

LOOK_SECONDS = 5.0
"""How often it is looked for a watch to hold, or for the end of one that is held."""
JOIN_SECONDS = 0.2

Film = Callable[[Watch, str, Hold], None]
"""Films a watch as `attempt` until its end, and leaves it. Raises LeaseLost and CloudError: it has not ended."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Filming:
    watch: Watch
    attempt: str
    hold: Hold
    thread: Thread


@dataclass(eq=False)
class Watchman:
    """`lease` is for how long a worker that died still holds a watch."""

    camera: str
    watches: Watches
    clock: Clock
    film: Film
    lease: timedelta
    monotonic: Callable[[], float] = time.monotonic
    _filming: _Filming | None = None
    _trouble: bool = False
    # One look at a time: jobs look, too, when they have started or stopped a watch.
    _lock: Lock = field(default_factory=Lock)

    def keep_looking(self, stopping: Event) -> None:
        """Every few seconds until `stopping` is set; then another worker may go on at once."""
        # A lease may be as short as VISIBILITY_SECONDS allows.
        pause = min(LOOK_SECONDS, self.lease.total_seconds() / RENEWALS_PER_LEASE)
        while True:
            self.look()
            if stopping.wait(pause):
                break
        self.let_go()

    def look(self) -> None:
        """See who is to watch now. Raises nothing."""
        with self._lock, structlog.contextvars.bound_contextvars(camera=self.camera):
            try:
                self._look()
            except CloudError as error:
                self._note_trouble(str(error))
            except Exception:
                log.exception("it is not known who watches, looking again", action="watch_look_failed")
            else:
                self._trouble = False

    def let_go(self) -> None:
        """Of a watch that is held: it goes on elsewhere, or here when the worker is back."""
        with self._lock:
            if self._filming is None:
                return
            self._filming.hold.lose()
            with suppress(CloudError, LeaseLost):
                self.watches.give_back(self.camera, self._filming.attempt)
            self._filming.thread.join(JOIN_SECONDS)

    def _look(self) -> None:
        if self._filming is not None and not self._filming.thread.is_alive():
            self._filming = None
        if self._filming is None:
            self._find()
        else:
            self._renew(self._filming)

    def _find(self) -> None:
        watch = self.watches.standing(self.camera)
        now = self.clock.now()
        if watch.watch is None or not watch.is_free(now):
            return
        attempt, asked_at = new_attempt(), self.monotonic()
        try:
            self.watches.hold(watch.watch, attempt, now + self.lease, now)
        except ClaimRefused:
            return
        hold = Hold(self.lease.total_seconds(), asked_at, self.monotonic)
        if watch.is_stopped:
            hold.stop()
        thread = Thread(target=self._work, args=(watch.watch, attempt, hold), name="watch", daemon=True)
        self._filming = _Filming(watch.watch, attempt, hold, thread)
        thread.start()

    def _renew(self, filming: _Filming) -> None:
        asked_at = self.monotonic()
        try:
            standing = self.watches.renew(self.camera, filming.attempt, self.clock.now() + self.lease)
        except LeaseLost:
            filming.hold.lose()
            return
        filming.hold.renewed(asked_at)
        if standing.is_stopped:
            filming.hold.stop()

    def _work(self, watch: Watch, attempt: str, hold: Hold) -> None:
        with structlog.contextvars.bound_contextvars(camera=self.camera, watch=watch.capture_id):
            try:
                self.film(watch, attempt, hold)
            except LeaseLost:
                log.warning("another worker goes on with this watch, or will", action="watch_lost")
            except CloudError as error:
                log.warning(
                    "the end of a watch could not be written, trying again",
                    action="watch_end_delayed",
                    error=str(error),
                )
                self._free(attempt)
            except Exception:
                log.exception("an error that nobody foresaw", action="unforeseen")
                self._free(attempt)

    def _free(self, attempt: str) -> None:
        with suppress(CloudError, LeaseLost):
            self.watches.give_back(self.camera, attempt)

    def _note_trouble(self, error: str) -> None:
        """Once a trouble, not every five seconds."""
        if not self._trouble:
            log.warning("it is not known who watches, looking again", action="watch_look_failed", error=error)
        self._trouble = True
