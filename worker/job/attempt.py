"""One delivery of a message, from its place of work to the queue's last word on it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import structlog

from worker.domain.command import Command, Message, TakePicture
from worker.domain.errors import (
    CameraError,
    CameraRefused,
    CameraUnsupported,
    ClaimRefused,
    CloudError,
    CloudRefused,
    LeaseLost,
)
from worker.domain.forget import Forget
from worker.domain.ports import Queue
from worker.domain.press import Press
from worker.domain.record import Attributes, Status, is_stored
from worker.domain.record_video import RecordVideo
from worker.domain.retry import Random, Redrive, is_last_receive, retry_delay
from worker.domain.say import Say
from worker.domain.timestamp import iso, parse_iso
from worker.domain.watch_commands import StartWatching, StopWatching
from worker.job.erasing import InWork
from worker.job.forget import ForgetJob
from worker.job.job import Crowded, Expired, InTheWay, Job, NotKept, NotSeen, Overruled, SwitchedOff, reason
from worker.job.lease import Lease
from worker.job.priority_semaphore import Closed, NotAdmitted, Permit, TimedOut
from worker.job.record_video import RecordVideoJob
from worker.job.say import SayJob
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.job.speaking import Speaking
from worker.job.start_watching import StartWatchingJob
from worker.job.stop_watching import StopWatchingJob
from worker.job.take_picture import TakePictureJob
from worker.job.timings import Timings

PLACE_WAIT_SECONDS = 600
MAX_LEASES_WAITED_FOR = 20
"""Of another press, on the last receive: with VISIBILITY_SECONDS of 30 ten minutes, more than any press takes."""

JOBS: Mapping[type[Command], type[Job[Any]]] = {
    TakePicture: TakePictureJob,
    Say: SayJob,
    RecordVideo: RecordVideoJob,
    StartWatching: StartWatchingJob,
    StopWatching: StopWatchingJob,
    Forget: ForgetJob,
}

_FINAL = (CameraRefused, CameraUnsupported, CloudRefused, SwitchedOff, Overruled, NotSeen)
"""What another attempt cannot make good."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Terms:
    """What the queue allows: seconds of visibility, and what it does with what is received too often."""

    visibility_seconds: int
    redrive: Callable[[], Redrive]
    random: Random


class Stage(Enum):
    """WAITING for a place, WORKING in it, then out of it and only SPEAKING, or waiting for the speaker.

    A command that takes no place begins with the last.
    """

    WAITING = auto()
    WORKING = auto()
    SPEAKING = auto()


@dataclass(eq=False, kw_only=True)
class Attempt:
    """A command in hand. `run` or `turn_away` belongs to a thread of its own; `abandon` may come from another."""

    message: Message
    press: Press
    command: Command
    services: Services
    camera: SharedCamera
    queue: Queue
    terms: Terms
    on_place_left: Callable[[], None]
    seen_before: bool
    pause: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self._told_of_dead_letter = False
        self._leases_waited_for = 0
        self._place: Permit | None = None
        self._lease = Lease(self.message, self.queue, self.services.clock, self.terms.visibility_seconds)
        waited = max(0.0, (self.services.clock.now() - self.press.pressed_at).total_seconds())
        self.services.observer.received(self.press.camera, waited)
        self._timings = Timings(round(waited * 1000), self.services.observer)
        self._speaking = Speaking(
            press=self.press,
            services=self.services,
            camera=self.camera,
            lease=self._lease,
            timings=self._timings,
            leave_place=self._leave_place,
        )
        self._job = JOBS[type(self.command)](
            command=self.command,
            press=self.press,
            services=self.services,
            camera=self.camera,
            lease=self._lease,
            timings=self._timings,
            speaking=self._speaking,
            delete_message=self._delete_message,
            redelivered=self.seen_before or self.message.receive_count > 1,
        )
        self._stage = Stage.WAITING if self._job.takes_place else Stage.SPEAKING

    @property
    def in_work(self) -> bool:
        """Whether it has, or waits for, a place of work; not while it only waits for the speaker."""
        return self._stage is not Stage.SPEAKING

    def run(self) -> None:
        """Do the job and answer for it to the queue; whatever happens is logged, nothing is raised."""
        self._answer_for(self._take_place if self._job.takes_place else self._begin)

    def turn_away(self) -> None:
        """Too many presses of this camera are in hand: one that is not too old comes back later. Raises nothing."""
        self._answer_for(self._be_turned_away if self._job.can_come_back else self._begin)

    def abandon(self) -> None:
        """Stop before the next side effect, and let another worker have the press at once. Raises as `run` logs."""
        self._give_back_unfinished()

    def _answer_for(self, work: Callable[[], None]) -> None:
        with structlog.contextvars.bound_contextvars(
            capture_id=self.press.capture_id, camera=self.press.camera, message_id=self.message.message_id
        ):
            try:
                with self._lease:
                    self._unless_stopped(work)
            except NotAdmitted:
                log.info("handed back, it was not started", action="handed_back")
            except LeaseLost:
                log.warning("given up: another attempt has this press", action="lease_lost")
                self._tell_of_dead_letter("its lease ran out, or another attempt has it")
            except CloudError as error:
                message = "the queue could not be answered, the message comes back by itself"
                log.error(message, action="queue_not_answered", error=str(error))
                self._tell_of_dead_letter(str(error))
            except Exception as error:
                log.exception("an error that nobody foresaw, the message comes back by itself", action="unforeseen")
                self._tell_of_dead_letter(f"an error that nobody foresaw: {error}")
            finally:
                self._job.let_go()

    def _unless_stopped(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Closed:
            self._give_back_unfinished()
            raise

    def _take_place(self) -> None:
        """A press without a photo waits no longer than until it is too old: then it needs no place to expire."""
        try:
            with self.camera.places.permit(min(PLACE_WAIT_SECONDS, self._job.patience)) as self._place:
                self._stage = Stage.WORKING
                self._begin()
        except TimedOut:
            if self._job.patience >= 0 and not self._is_last:
                self._give_back_unfinished()
                raise
            self._be_turned_away()

    def _begin(self) -> None:
        self._settle(self._work)

    def _be_turned_away(self) -> None:
        self._settle(self._expire if self._job.patience < 0 else self._refuse_crowd)

    def _refuse_crowd(self) -> None:
        self._fail(Crowded("more presses wait for this camera than one worker keeps in hand"))

    def _leave_place(self) -> None:
        self._stage = Stage.SPEAKING
        if self._place is not None:
            self._place.release()
        self.on_place_left()

    def _settle(self, work: Callable[[], None]) -> None:
        try:
            work()
        except ClaimRefused as refused:
            if not self._is_left_to(refused.item):
                self._settle(work)
        except InWork as other:
            if not self._is_put_off(other):
                self._settle(work)

    def _work(self) -> None:
        try:
            self._job.do()
        except Expired:
            self._expire()
        except (CameraError, CloudError, SwitchedOff, Overruled, InTheWay, NotKept, NotSeen) as error:
            self._fail(error)
        except (ClaimRefused, InWork, LeaseLost, Closed):
            raise
        except Exception as error:
            log.exception("an error that nobody foresaw", action="unforeseen")
            self._fail(error)
        else:
            self._tell(Status.COMPLETED, said=self._job.said, speech=self._speaking.outcome)

    def _expire(self) -> None:
        try:
            self._job.expire()
        except CloudError as error:
            self._fail(error)
        else:
            self._tell(Status.EXPIRED)

    def _is_left_to(self, item: Attributes) -> bool:
        """Whether that is all: on the last receive the lease is waited for, since the message would not come back."""
        if Status(item.get("status", Status.IN_PROGRESS)).terminal:
            log.info("this press is done already", action="done_already", outcome=item["status"])
            self._delete_message()
            if is_stored(item):
                # Left by a crash between the record's end and this: the sweep leaves alone what is in hand.
                # A forgotten press names nothing: its copies are the sweep's, also one that is being uploaded.
                self.services.spool.clear(self.press)
            return True
        now = self.services.clock.now()
        rest = max(0.0, (parse_iso(item.get("lease_until", iso(now))) - now).total_seconds())
        message = "another attempt is working on this press"
        log.info(message, action="claim_refused", seconds_left=rest, last_receive=self._is_last)
        if self._is_last:
            self.pause(rest + 1)
        else:
            self._lease.stop()
            self.queue.keep_away(self.message, rest + 1)
        return not self._is_last

    def _is_put_off(self, other: InWork) -> bool:
        """Whether that is all for now; another press's lease is waited for as `_is_left_to` waits for this one's."""
        if not self._is_last or self._leases_waited_for == MAX_LEASES_WAITED_FOR:
            self._fail(other)
            return True
        log.info(str(other), action="in_work_elsewhere", seconds_left=other.seconds)
        self._leases_waited_for += 1
        self.pause(min(other.seconds, self.terms.visibility_seconds) + 1)
        return False

    def _fail(self, error: Exception) -> None:
        delay = retry_delay(self.message.receive_count, self.terms.random)
        if not (isinstance(error, _FINAL) or self._is_last or self._comes_too_late(error, delay)):
            self._retry(error, delay)
            return
        try:
            self._job.give_up(error)
        except CloudError as unrecorded:
            self._leave_unrecorded(reason(error), unrecorded)
        else:
            self._tell(Status.FAILED, error=reason(error))

    def _comes_too_late(self, error: Exception, delay: float) -> bool:
        """Whether the camera would not be asked again, and what expires would not say why there is nothing."""
        return self._job.fails_before_it_expires and isinstance(error, CameraError) and self._job.patience < delay

    def _retry(self, error: Exception, delay: int) -> None:
        self.services.observer.retried(self.press.camera)
        log.warning(
            "failed, trying again",
            action="retry",
            error=str(error),
            seconds=delay,
            receive_count=self.message.receive_count,
        )
        self._give_back(delay)

    def _leave_unrecorded(self, why: str, unrecorded: CloudError) -> None:
        if self._is_last:
            self._tell_of_dead_letter(f"{why}; and it could not be recorded: {unrecorded}")
            self._give_back(0)
            return
        delay = retry_delay(self.message.receive_count, self.terms.random)
        message = "failed, and it could not be recorded"
        log.error(message, action="unrecorded", error=why, unrecorded=str(unrecorded), seconds=delay)
        self._give_back(delay)

    def _give_back_unfinished(self) -> None:
        self._tell_of_dead_letter("the worker was stopped before this press was finished")
        self._give_back(0)

    def _tell(self, outcome: Status, **more: object) -> None:
        level = {Status.COMPLETED: log.info, Status.EXPIRED: log.warning, Status.FAILED: log.error}[outcome]
        level("done", action="done", outcome=outcome, **more, **self._timings.ms)
        self.services.observer.ended(self.press.camera, outcome)

    def _tell_of_dead_letter(self, reason: str) -> None:
        if self._is_last and not self._told_of_dead_letter:
            self._told_of_dead_letter = True
            tell_of_dead_letter(self.message, reason, capture_id=self.press.capture_id)

    @property
    def _is_last(self) -> bool:
        return is_last_receive(self.message.receive_count, self.terms.redrive())

    def _delete_message(self) -> None:
        """The record is terminal: a message that cannot be deleted comes back, finds that, and is deleted then."""
        self._lease.stop()
        if not self._lease.message_held:
            return
        try:
            self.queue.delete(self.message)
        except CloudError as error:
            log.warning("the message is not deleted yet", action="delete_delayed", error=str(error))

    def _give_back(self, delay_seconds: float) -> None:
        values, remove = self._speaking.withdraw()
        self._job.note_return(delay_seconds)
        self._lease.give_back(values, remove, delay_seconds)


def tell_of_dead_letter(message: Message, reason: str, **more: object) -> None:
    """A message that goes back on its last receive is the dead-letter queue's, which keeps no reason."""
    log.error(
        "the message is left to the dead-letter queue",
        action="dead_letter",
        message_id=message.message_id,
        reason=reason,
        **more,
    )
