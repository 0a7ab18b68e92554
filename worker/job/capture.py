"""What the jobs have in common that leave a photo or a clip, in which something was seen."""

import math
from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from worker.domain.command import Command
from worker.domain.errors import CameraRefused, CameraUnreachable, CloudError, CloudUnavailable
from worker.domain.record import Attributes, is_stored
from worker.domain.timestamp import iso
from worker.job.job import Crowded, Job, SwitchedOff
from worker.job.parallel import Parallel

C = TypeVar("C", bound=Command)

log = structlog.get_logger(__name__)


@dataclass(eq=False, kw_only=True)
class CaptureJob(Job[C]):
    """It is spooled before anything else is done with it, and stored beside the sentence about it."""

    _stored: bool = False
    _findings: dict[str, Any] = field(default_factory=dict)

    @property
    @abstractmethod
    def is_taken(self) -> bool:
        """Whether this host has it, by this attempt or an earlier one."""

    @abstractmethod
    def _store(self) -> None:
        """Bring it to S3, unless it is there or there is none. Raises CloudError, LeaseLost."""

    @abstractmethod
    def _is_elsewhere(self) -> bool:
        """Whether another host has stored it. Raises CloudError."""

    @property
    def patience(self) -> float:
        """What was taken is never thrown away because of age."""
        return math.inf if self.is_taken else self.seconds_left

    @property
    def said(self) -> str:
        """The sentence; empty while there is none."""
        return str(self._findings.get("said", ""))

    def sync(self) -> None:
        """So that a power cut leaves it too; on an SD card that takes longer than the voice may wait."""
        try:
            self.services.spool.sync(self.press)
        except OSError as error:
            message = "a power cut may cost this photo or clip"
            log.warning(message, action="photo_not_synchronised", error=str(error))

    def speak(self) -> None:
        self.speaking.speak(partial(self._sound_of, self.said))

    def record_result(self) -> None:
        """Write down what was seen while it is being said. `complete` writes it again, so a failure can wait."""
        try:
            with self.timings.step("record"):
                self.lease.write(self._result())
        except CloudError as error:
            log.warning("the result is not recorded yet", action="record_delayed", error=str(error))

    def note_return(self, delay_seconds: float) -> None:
        """When the message comes back: until then the sweep leaves what was taken to it."""
        self._note(back_at=iso(self.services.clock.now() + timedelta(seconds=delay_seconds)))

    def expire(self) -> None:
        """What another host has taken does not expire. Raises as `Job.expire` does."""
        earlier = {} if self.lease.claimed else self.claim()
        if is_stored(earlier) or (earlier and self._is_elsewhere()):
            raise CloudUnavailable("another host has taken it, and no place is free here to go on with it")
        super().expire()

    def give_up(self, error: Exception) -> None:
        """What was taken is kept, and its person told, where the camera can speak. Raises as `Job.give_up` does."""
        self.be_claimed()
        with Parallel() as parallel:
            parallel.start(self._keep)
            if not isinstance(error, CameraRefused | CameraUnreachable | Crowded | SwitchedOff):
                self._apologize()
        super().give_up(error)
        self.clear_spool()

    def clear_spool(self) -> None:
        """What is not in S3 yet stays, and is stored when S3 is back."""
        if self._stored:
            self.services.spool.clear(self.press)

    def _keep(self) -> None:
        try:
            self._store()
        except CloudError as error:
            message = "it stays in the spool until it can be stored"
            log.warning(message, action="store_delayed", error=str(error))

    def _apologize(self) -> None:
        sorry = self.services.phrases.sorry
        try:
            if self.speaking.apologize(partial(self._sound_of, sorry)):
                self._findings["said"] = sorry
        except CloudError as error:
            log.warning("nobody was told that it did not work", action="apology_failed", error=str(error))

    def _sound_of(self, sentence: str) -> bytes:
        return self.services.voice.sound(sentence, self.camera.audio_format)

    def _note(self, **finished: Any) -> None:
        try:
            self.services.spool.note(self.press, **finished)
        except OSError as error:
            message = "a finished step may be repeated: DATA_DIR cannot be written"
            log.warning(message, action="spool_note_failed", error=str(error))

    def _recorded(self, earlier: Attributes, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: earlier[name] for name in names if name in earlier}
