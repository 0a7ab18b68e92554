"""A watch from the moment when it is held here: taken up where another holder left it, filmed, and its end told."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from worker.domain.audience import Audience
from worker.domain.engagement import EXPECTED_SECONDS
from worker.domain.errors import CameraError, CloudError, LeaseLost
from worker.domain.record import Attributes
from worker.domain.sections import Grid, read_grid
from worker.domain.timestamp import iso
from worker.domain.watch import EndReason, Watch, opened
from worker.domain.watch_state import resume
from worker.job.priority_semaphore import NotAdmitted
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.watch.eyes import Eyes
from worker.watch.filming import Filming, Watching, film
from worker.watch.hold import Hold

ANNOUNCE_WAIT_SECONDS = 30.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Watcher:
    """Of one camera; fits `worker.runtime.watchman.Film`.

    Args:
        open_eyes: What gives frames within its body; opens the camera's stream where it has one.
    """

    camera: SharedCamera
    services: Services
    terms: Watching
    grid: Grid
    announces: bool
    open_eyes: Callable[[], AbstractContextManager[Callable[[], bytes]]]

    def __call__(self, watch: Watch, attempt: str, hold: Hold) -> None:
        settings = self.services.settings
        # Whoever began it may have died before.
        self.services.watches.create(watch, opened(watch, self.grid, settings.worker, settings.retention))
        try:
            item = self.services.watches.take_up(watch, self._holder(attempt))
        except LeaseLost:
            # Its last holder died between its end and leaving the camera.
            log.info("this watch has ended before", action="watch_ended_before")
            self.services.watches.leave(watch.camera, attempt)
            return
        with self.open_eyes() as photograph:
            filming = self._filming(watch, attempt, hold, item, Eyes(self.camera, photograph))
            log.info("watching", action="watching", ends_at=iso(watch.ends_at), calls=filming.calls)
            try:
                reason = self._to_its_end(filming)
            finally:
                self.services.observer.unwatched(watch.camera)
        self.services.watches.leave(watch.camera, attempt)
        log.info("the watch has ended", action="watch_ended", reason=reason, calls=filming.calls)
        self._announce_end()

    def _holder(self, attempt: str) -> Attributes:
        now = self.services.clock.now()
        lease = {"attempt": attempt, "lease_until": iso(now + self.terms.lease)}
        return {"worker": self.services.settings.worker, **lease}

    def _filming(self, watch: Watch, attempt: str, hold: Hold, item: Attributes, eyes: Eyes) -> Filming:
        return Filming(
            watch=watch,
            attempt=attempt,
            hold=hold,
            audience=self._audience(watch, item),
            calls=int(item.get("calls", 0)),
            terms=self.terms,
            eyes=eyes,
            analyst=self.services.analyst,
            watches=self.services.watches,
            clock=self.services.clock,
            observer=self.services.observer,
        )

    def _audience(self, watch: Watch, item: Attributes) -> Audience:
        """As the last holder left it; unseen where nobody has measured, or what it wrote cannot be read."""
        now = self.services.clock.now()
        since = max(watch.started_at - timedelta(seconds=10), now - timedelta(seconds=EXPECTED_SECONDS))
        try:
            grid = self._grid(item)
            past = [
                one
                for one in self.services.watches.buckets(watch.camera, since, now)
                if one["watch"] == watch.capture_id
            ]
            return resume(grid, item.get("baseline", {}), past)
        except (KeyError, TypeError, ValueError) as error:
            log.warning(
                "a watch begins anew: what was measured before cannot be read",
                action="watch_begins_anew",
                error=f"{type(error).__name__}: {error}",
            )
            return Audience.unseen(self.grid)

    def _grid(self, item: Attributes) -> Grid:
        """As the watch began, whatever the settings are now. Raises KeyError, ValueError."""
        return replace(read_grid(item["grid"]), names=tuple(item["sections"]))

    def _to_its_end(self, filming: Filming) -> EndReason:
        try:
            return film(filming)
        except (LeaseLost, CloudError):
            raise
        except Exception as error:
            log.exception("an error that nobody foresaw ends the watch", action="unforeseen")
            filming.fail(error)
            filming.end(EndReason.FAILED)
            return EndReason.FAILED

    def _announce_end(self) -> None:
        """At most once: whoever wrote the end says it. It is a courtesy, what goes wrong with it is only logged."""
        settings = self.services.settings
        if not (self.announces and settings.speaks and self.camera.speaks):
            return
        text = self.services.phrases.watched
        try:
            sound = self.services.voice.sound(text, self.camera.audio_format)
            with self.camera.speaker.permit(ANNOUNCE_WAIT_SECONDS):
                self.camera.device.play(sound, self.camera.audio_format, _nothing)
        except (CameraError, CloudError, NotAdmitted, TimeoutError) as error:
            log.warning("nobody was told that the watch has ended", action="watch_end_not_said", error=str(error))


def _nothing(*_: Any) -> None:
    """Nobody waits for the first byte."""
