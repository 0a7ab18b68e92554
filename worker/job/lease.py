"""Holding on to a press: the message stays invisible and the record leased for as long as the job runs."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Self
from uuid import uuid4

import structlog

from worker.domain.command import Message
from worker.domain.errors import CloudError, CloudRefused, LeaseLost
from worker.domain.ports import Clock, Queue, Records
from worker.domain.press import Press
from worker.domain.record import Attributes
from worker.domain.timestamp import iso

RENEWALS_PER_LEASE = 3
STOP_SECONDS = 5

log = structlog.get_logger(__name__)


def new_attempt() -> str:
    """Whose lease it is: of no other, on whatever host."""
    return str(uuid4())


class Lease:
    """One attempt at one press. Extends visibility from the start, and the record's lease once it was claimed."""

    def __init__(
        self,
        message: Message,
        queue: Queue,
        clock: Clock,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.attempt = new_attempt()
        self._message = message
        self._queue = queue
        self._clock = clock
        self._seconds = seconds
        self._monotonic = monotonic
        self._claimed: tuple[Records, Press] | None = None
        self._lost = False
        self._held_until = self._invisible_until = monotonic() + seconds
        self._stopped = Event()
        self._thread = Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def claim(self, records: Records, press: Press, fresh: Attributes) -> Attributes:
        """What stood on the record: of an earlier attempt, or of this claim itself where its first answer was lost.

        Raises:
            CloudError, ClaimRefused, LeaseLost: the press is not ours.
        """
        asked, now = self._monotonic(), self._clock.now()
        earlier = records.claim(press, self.attempt, now + self._length, now, fresh)
        self._held_until = asked + self._seconds
        self._claimed = (records, press)
        if self._lost:
            # Given back while the claim was under way: nobody would know that it is free again.
            self.take_back(())
            raise LeaseLost
        return earlier

    def write(self, values: Attributes, remove: tuple[str, ...] = ()) -> None:
        """Write to the record as its holder. Raises CloudError and LeaseLost."""
        self.check()
        self._write(values, remove)

    def take_back(self, names: tuple[str, ...]) -> None:
        """Free the record, and remove what was written while it was given back. Raises CloudError, LeaseLost."""
        self._write({"lease_until": iso(self._clock.now())}, names)

    def check(self) -> None:
        """To be asked before every side effect. Raises LeaseLost."""
        if not self.held:
            self._lost = True
            raise LeaseLost

    @property
    def held(self) -> bool:
        """Whether the press is still this attempt's; what takes long asks it now and then."""
        return not self._lost and self._monotonic() < self._held_until

    @property
    def claimed(self) -> bool:
        return self._claimed is not None

    @property
    def message_held(self) -> bool:
        """Whether the message has been invisible all the time: only then may it be deleted."""
        return self._monotonic() < self._invisible_until

    def stop(self) -> None:
        """Renew no more; what is held runs out by itself."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=STOP_SECONDS)

    def give_back(self, values: Attributes, remove: tuple[str, ...], delay_seconds: float) -> None:
        """Let others have the record now and the message after a delay; the job does nothing more.

        Raises:
            CloudError: the message comes back when its visibility ends.
            LeaseLost: another attempt has the press, and both are left alone.
        """
        self._lost = True
        self.stop()
        if self._claimed is not None:
            try:
                self._write({"lease_until": iso(self._clock.now()), **values}, remove)
            except CloudError as error:
                log.warning(
                    "the record could not be given back, its lease runs out by itself",
                    action="give_back_failed",
                    error=str(error),
                )
        self._queue.keep_away(self._message, delay_seconds)

    @property
    def _length(self) -> timedelta:
        return timedelta(seconds=self._seconds)

    def _write(self, values: Attributes, remove: tuple[str, ...] = ()) -> None:
        if self._claimed is None:
            raise LeaseLost
        records, press = self._claimed
        try:
            records.write(press, self.attempt, values, remove)
        except LeaseLost:
            self._lost = True
            raise

    def _keep(self) -> None:
        while not self._stopped.wait(self._seconds / RENEWALS_PER_LEASE):
            for renew in (self._renew_record, self._renew_message):
                try:
                    renew()
                except LeaseLost:
                    log.warning("another worker has taken the press over", action="lease_lost")
                    return
                except CloudError as error:
                    log.warning(
                        "the lease could not be renewed, trying again", action="renewal_failed", error=str(error)
                    )

    def _renew_record(self) -> None:
        if self._claimed is None:
            self._held_until = self._monotonic() + self._seconds
            return
        asked = self._monotonic()
        self._write({"lease_until": iso(self._clock.now() + self._length)})
        self._held_until = asked + self._seconds

    def _renew_message(self) -> None:
        asked = self._monotonic()
        try:
            self._queue.keep_away(self._message, self._seconds)
        except CloudRefused:
            self._invisible_until = float("-inf")
            raise
        self._invisible_until = asked + self._seconds
