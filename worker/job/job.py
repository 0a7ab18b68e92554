"""What the jobs of all commands share: their press is claimed, and its record is ended."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from worker.domain.command import Command
from worker.domain.press import Press
from worker.domain.record import Attributes, Status, asked, ended, pressed
from worker.job.lease import Lease
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.job.speaking import Speaking
from worker.job.timings import Timings

C = TypeVar("C", bound=Command)


class Crowded(Exception):
    """More presses are in hand for one camera than may be."""


class Expired(Exception):
    """Nobody waits for it any more, and nothing was begun while somebody did."""


class SwitchedOff(Exception):
    """Not on this worker as it is set up; the text names the setting, or what is missing."""


class Overruled(Exception):
    """Somebody has asked for the contrary since; the text says what."""


class InTheWay(Exception):
    """Something is there that will be gone in a moment: try again later."""


class NotKept(Exception):
    """The disk does not take what was to be recorded; the text says why."""


class NotSeen(Exception):
    """It was recorded, and nothing of it could be looked at, which another attempt cannot make good."""


@dataclass(eq=False, kw_only=True)
class Job(ABC, Generic[C]):
    """One attempt at one command. `delete_message` is the queue's last word, to be called when the record has ended."""

    takes_place: ClassVar[bool]
    """Whether only so many of a camera may be in work at a time."""
    can_come_back: ClassVar[bool] = True
    """Whether it may be turned away while too many of a camera are in hand."""
    fails_before_it_expires: ClassVar[bool] = False
    """Whether a camera that gave nothing ends it, with the reason, where another try would come too late."""

    command: C
    press: Press
    services: Services
    camera: SharedCamera
    lease: Lease
    timings: Timings
    speaking: Speaking
    delete_message: Callable[[], None]
    redelivered: bool

    @abstractmethod
    def do(self) -> None:
        """The whole of it, from the claim to the deleted message.

        Raises:
            ClaimRefused, LeaseLost: somebody else's press.
            Expired: too old, and there is nothing to go on from.
            SwitchedOff, Overruled: not on this worker, or not any more.
            CameraError, CloudError, InTheWay, NotKept, NotSeen: a step failed.
            InWork: another press is to be dealt with, and somebody works on it.
            Closed: the worker stops, and it was not begun.
        """

    @property
    @abstractmethod
    def said(self) -> str:
        """What is or was to be said; empty as long as there is nothing."""

    @abstractmethod
    def note_return(self, delay_seconds: float) -> None:
        """The message comes back so many seconds from now."""

    @abstractmethod
    def let_go(self) -> None:
        """The attempt is over: an attempt and its speaking know each other, and would keep in memory what is large."""

    @abstractmethod
    def _result(self) -> Attributes:
        """What the record says of this command alone, as far as it is known."""

    @property
    def seconds_left(self) -> float:
        """Until the press is too old to be begun; negative once it is."""
        deadline = self.press.pressed_at + self.services.settings.max_command_age
        return (deadline - self.services.clock.now()).total_seconds()

    @property
    def patience(self) -> float:
        """For how many seconds it may still wait, as long as nothing is begun; what is begun may wait for ever."""
        return self.seconds_left

    def complete(self) -> None:
        self._end(Status.COMPLETED)

    def expire(self) -> None:
        """Raises ClaimRefused, CloudError, LeaseLost."""
        self.be_claimed()
        self._end(Status.EXPIRED)
        self.delete_message()

    def give_up(self, error: Exception) -> None:
        """The end of a press that failed: its record says why.

        Raises:
            ClaimRefused, LeaseLost: somebody else's press.
            CloudError: not even the record could be written.
        """
        self.be_claimed()
        self._end(Status.FAILED, reason(error))
        self.delete_message()

    def claim(self) -> Attributes:
        """What an earlier attempt has left in the record, or nothing."""
        settings = self.services.settings
        fresh = {**pressed(self.press, settings.worker, settings.retention), **asked(self.command)}
        with self.timings.step("claim"):
            earlier = self.lease.claim(self.services.records, self.press, fresh)
        self.speaking.remember(earlier)
        return earlier

    def be_claimed(self) -> None:
        if not self.lease.claimed:
            self.claim()

    def _end(self, status: Status, error: str | None = None) -> None:
        """Write the terminal record. Raises CloudError and LeaseLost."""
        self.timings.mark("total")
        spoken, not_spoken = self.speaking.closing()
        closing = ended(status, self.services.clock.now(), self.timings.ms, error)
        self.lease.write({**self._result(), **spoken, **closing}, not_spoken)


def reason(error: Exception) -> str:
    return str(error) or type(error).__name__
