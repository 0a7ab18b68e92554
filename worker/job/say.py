"""The job of `Say`: a text is said through the camera, and its record says that it was."""

from dataclasses import dataclass
from typing import ClassVar

from worker.domain.chime import chime
from worker.domain.record import Attributes
from worker.domain.say import Say
from worker.job.job import Expired, Job, SwitchedOff
from worker.job.parallel import Parallel


def say(job: "SayJob") -> None:
    """The job, in the order of its steps; raises as `Job.do` does.

    A crash before the mark leaves nothing that the next attempt must know; after it, nothing is said again.
    """
    job.claim_in_time()
    job.check_allowed()
    with Parallel() as parallel:
        parallel.start(job.speaking.mark)
        job.speak()
    job.complete()
    job.delete_message()


@dataclass(eq=False, kw_only=True)
class SayJob(Job[Say]):
    """It needs neither the lens nor an analysis, only the speaker, where one waits for the other."""

    takes_place: ClassVar[bool] = False
    _begun: bool = False

    def do(self) -> None:
        say(self)

    @property
    def said(self) -> str:
        return self.command.said if self._begun else ""

    def claim_in_time(self) -> None:
        """What an earlier attempt may have said is no longer too old to be begun."""
        earlier = self.claim()
        if self.seconds_left < 0 and "speech" not in earlier:
            raise Expired

    def check_allowed(self) -> None:
        if not self.services.settings.allows_say:
            raise SwitchedOff("ALLOW_SAY=false: this worker says no texts")
        self._begun = True

    def speak(self) -> None:
        self.speaking.speak(self._sound)

    def note_return(self, delay_seconds: float) -> None:
        """It leaves nothing on this disk that should know."""

    def let_go(self) -> None:
        """It keeps nothing."""

    def _result(self) -> Attributes:
        return {"said": self.said} if self._begun else {}

    def _sound(self) -> bytes:
        spoken = self.services.voice.spoken(self.command.what, self.camera.audio_format)
        return chime(self.camera.audio_format) + spoken if self.command.chime else spoken
