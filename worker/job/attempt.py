"""One delivery of a message, from its place of work to the queue's last word on it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from worker.domain.command import Message
from worker.domain.errors import (
    CameraError,
    CameraRefused,
    CameraUnreachable,
    CameraUnsupported,
    ClaimRefused,
    CloudError,
    CloudRefused,
    LeaseLost,
)
from worker.domain.ports import Queue
from worker.domain.press import Press
from worker.domain.record import Attributes, Status
from worker.domain.retry import Random, is_last_receive, retry_delay
from worker.domain.timestamp import iso, parse_iso
from worker.job.lease import Lease
from worker.job.priority_semaphore import NotAdmitted, Permit
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.job.speaking import Speaking
from worker.job.take_picture import Expired, Job, take_picture
from worker.job.timings import Timings

PLACE_WAIT_SECONDS = 600

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Terms:
    """What the queue allows: seconds of visibility, and how many receives come before its dead-letter queue."""

    visibility_seconds: int
    max_receive_count: int | None
    random: Random


class Crowded(Exception):
    """More presses are in hand for one camera than may be."""


@dataclass(eq=False, kw_only=True)
class Attempt:
    """A press in hand. `run` belongs to a thread of its own; `abandon` may come from another."""

    message: Message
    press: Press
    services: Services
    camera: SharedCamera
    queue: Queue
    terms: Terms
    on_place_left: Callable[[], None]
    seen_before: bool
    pause: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self._place: Permit | None = None
        self._lease = Lease(self.message, self.queue, self.services.clock, self.terms.visibility_seconds)
        waited = max(0.0, (self.services.clock.now() - self.press.pressed_at).total_seconds())
        self.services.observer.received(self.press.camera, waited)
        self._timings = Timings(round(waited * 1000), observer=self.services.observer)
        self._voicing = Speaking(
            press=self.press,
            services=self.services,
            camera=self.camera,
            lease=self._lease,
            timings=self._timings,
            leave_place=self._leave_place,
        )
        self._job = Job(
            press=self.press,
            services=self.services,
            camera=self.camera,
            lease=self._lease,
            timings=self._timings,
            voicing=self._voicing,
            redelivered=self.seen_before or self.message.receive_count > 1,
        )

    def run(self, *, crowded: bool) -> None:
        """Do the job and answer for it to the queue; whatever happens is logged, nothing is raised."""
        with structlog.contextvars.bound_contextvars(
            capture_id=self.press.capture_id, camera=self.press.camera, message_id=self.message.message_id
        ):
            try:
                with self._lease:
                    self._take_place(crowded=crowded)
            except NotAdmitted:
                log.info("handed back, it was not started")
            except LeaseLost:
                log.warning("given up: another attempt has this press")
            except CloudError as error:
                log.error("the queue could not be answered, the message comes back by itself", error=str(error))
            except Exception:
                log.exception("an error that nobody foresaw, the message comes back by itself")
            finally:
                self._job.forget_photo()

    def abandon(self) -> None:
        """Stop before the next side effect, and let another worker have the press at once. Raises as `run` logs."""
        self._give_back_unfinished()

    def _take_place(self, *, crowded: bool) -> None:
        if crowded:
            self._settle(Crowded("more presses wait for this camera than one worker keeps in hand"))
            return
        try:
            with self.camera.places.permit(PLACE_WAIT_SECONDS) as self._place:
                self._settle(None)
        except NotAdmitted:
            self._give_back_unfinished()
            raise

    def _leave_place(self) -> None:
        if self._place is not None:
            self._place.end()
        self.on_place_left()

    def _settle(self, trouble: Exception | None) -> None:
        try:
            if trouble is not None:
                self._fail(trouble)
            else:
                self._work()
        except ClaimRefused as refused:
            if self._leave_to_the_holder(refused.item):
                return
            self._settle(trouble)

    def _work(self) -> None:
        try:
            take_picture(self._job)
        except Expired:
            self._job.expire()
            self.services.observer.ended(self.press.camera, Status.EXPIRED)
            log.warning("done", outcome=Status.EXPIRED, **self._timings.ms)
        except (CameraError, CloudError) as error:
            self._fail(error)
        except (ClaimRefused, LeaseLost):
            raise
        except Exception as error:
            log.exception("an error that nobody foresaw")
            self._fail(error)
        else:
            self.services.observer.ended(self.press.camera, Status.COMPLETED)
            log.info("done", outcome=Status.COMPLETED, speech=self._voicing.outcome, **self._timings.ms)

    def _leave_to_the_holder(self, item: Attributes) -> bool:
        """Whether that is all: on the last receive the lease is waited for, since the message would not come back."""
        if Status(item.get("status", Status.IN_PROGRESS)).terminal:
            log.info("this press is done already", outcome=item["status"])
            self._job.delete_message()
            if "image_key" in item:
                # Left by a crash between the record's end and this: the sweep leaves alone what is in hand.
                self.services.spool.clear(self.press)
            return True
        now = self.services.clock.now()
        rest = max(0.0, (parse_iso(item.get("lease_until", iso(now))) - now).total_seconds())
        log.info("another attempt is working on this press", seconds_left=rest, last_receive=self._is_last)
        if self._is_last:
            self.pause(rest + 1)
        else:
            self._lease.stop()
            self.queue.keep_away(self.message, rest + 1)
        return not self._is_last

    def _fail(self, error: Exception) -> None:
        final = isinstance(error, CameraRefused | CameraUnsupported | CloudRefused)
        if not (final or self._is_last):
            self._retry(error)
            return
        reason = str(error) or type(error).__name__
        try:
            self._job.give_up(reason, camera_answers=not isinstance(error, CameraRefused | CameraUnreachable))
            self.services.observer.ended(self.press.camera, Status.FAILED)
            log.error("done", outcome=Status.FAILED, error=reason, **self._timings.ms)
        except CloudError as unrecorded:
            self._leave_unrecorded(reason, unrecorded)

    def _retry(self, error: Exception) -> None:
        delay = retry_delay(self.message.receive_count, self.terms.random)
        count = self.message.receive_count
        self.services.observer.retried(self.press.camera)
        log.warning("failed, trying again", error=str(error), seconds=delay, receive_count=count)
        self._give_back(delay)

    def _leave_unrecorded(self, reason: str, unrecorded: CloudError) -> None:
        delay = 0 if self._is_last else retry_delay(self.message.receive_count, self.terms.random)
        message = "failed, and it could not be recorded: the message is left to the dead-letter queue"
        log.error(message, error=reason, unrecorded=str(unrecorded), seconds=delay)
        self._give_back(delay)

    def _give_back_unfinished(self) -> None:
        if self._is_last:
            log.error(
                "handed back on its last receive: the message is left to the dead-letter queue",
                message_id=self.message.message_id,
                capture_id=self.press.capture_id,
                reason="the worker was stopped before this press was finished",
            )
        self._give_back(0)

    @property
    def _is_last(self) -> bool:
        return is_last_receive(self.message.receive_count, self.terms.max_receive_count)

    def _give_back(self, delay_seconds: float) -> None:
        values, remove = self._voicing.give_up()
        self._lease.give_back(values, remove, delay_seconds)
