"""The job of `Forget`: what is known of another press is deleted, as the command line's `forget` does it."""

import math
from dataclasses import dataclass
from typing import ClassVar

import structlog

from worker.domain.errors import CloudRefused
from worker.domain.forget import Forget
from worker.domain.record import Attributes
from worker.job.erasing import Archive, erase
from worker.job.job import InTheWay, Job

log = structlog.get_logger(__name__)


def forget(job: "ForgetJob") -> None:
    """The job, in the order of its steps; raises as `Job.do` does. Each of them may be done again."""
    job.claim()
    job.erase()
    job.complete()
    job.delete_message()


@dataclass(eq=False, kw_only=True)
class ForgetJob(Job[Forget]):
    """However late and however crowded: a wish to be forgotten does not grow old. Where nothing is left it is done."""

    takes_place: ClassVar[bool] = False
    can_come_back: ClassVar[bool] = False

    def do(self) -> None:
        forget(self)

    @property
    def said(self) -> str:
        return ""

    @property
    def patience(self) -> float:
        return math.inf

    def erase(self) -> None:
        """Raises CloudError, InTheWay, InWork, LeaseLost."""
        services = self.services
        archive = Archive(services.photos, services.records, services.spool, services.clock)
        self.lease.check()
        try:
            for what in erase(self.command.of(self.press.camera), archive):
                log.info("deleted", action="forgotten", what=what, forgets=self.command.capture_id)
                self.lease.check()
        except CloudRefused as error:
            raise CloudRefused(
                f"not all is deleted, forget it once more when this is mended: {error}", error.code
            ) from error
        except OSError as error:
            raise InTheWay(f"not all is deleted, the copy on this host stays: {error}") from error

    def note_return(self, delay_seconds: float) -> None:
        """It leaves nothing on this disk that should know."""

    def let_go(self) -> None:
        """It keeps nothing."""

    def _result(self) -> Attributes:
        return {"forgets": self.command.capture_id}
