"""What a crash left in the spool is brought home: no photo is lost, and none is kept longer than it must be."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from uuid import uuid4

import structlog

from worker.domain.errors import ClaimRefused, CloudError, LeaseLost
from worker.domain.photo import SpooledPhoto
from worker.domain.press import Press
from worker.domain.record import Attributes, Speech, Status, ended, pressed
from worker.domain.timestamp import iso, parse_iso
from worker.job.services import Services

INTERVAL_SECONDS = 120
ORPHANED_AFTER = timedelta(minutes=2)
"""Longer than the longest delay between two attempts, so that no message for it is still to come."""

log = structlog.get_logger(__name__)


@dataclass
class Sweeper:
    """`in_hand` tells whether a press is being worked on here; `lease` is how long an attempt may hold a press."""

    services: Services
    in_hand: Callable[[Press], bool]
    lease: timedelta
    _queue_was_empty: bool = field(default=False, init=False)

    def note_empty_queue(self) -> None:
        """The queue had nothing for us just now."""
        self._queue_was_empty = True

    def keep_sweeping(self, stopping: Event) -> None:
        """Now, and every few minutes until `stopping` is set."""
        self.sweep()
        while not stopping.wait(INTERVAL_SECONDS):
            self.sweep()

    def sweep(self) -> None:
        """Once through the spool. Orphans wait until the queue had nothing more: their message may still come."""
        for kept in self.services.spool.kept():
            if self.in_hand(kept.press):
                continue
            try:
                self._bring_home(kept)
            except CloudError as error:
                log.warning("a photo stays in the spool", capture_id=kept.press.capture_id, error=str(error))
            except (ClaimRefused, LeaseLost):
                log.info("another worker has taken up a photo of the spool", capture_id=kept.press.capture_id)

    def _bring_home(self, kept: SpooledPhoto) -> None:
        record = self.services.records.get(kept.press.camera, kept.press.capture_id)
        if record is not None and Status(record["status"]).terminal:
            self._finish(kept, record)
        elif self._queue_was_empty and self._orphaned(kept, record):
            self._fail(kept)

    def _orphaned(self, kept: SpooledPhoto, record: Attributes | None) -> bool:
        over = parse_iso(record["lease_until"]) if record else kept.taken_at + self.lease
        return self.services.clock.now() - over > ORPHANED_AFTER

    def _finish(self, kept: SpooledPhoto, record: Attributes) -> None:
        if "image_key" not in record:
            self._store(kept)
            self.services.records.write(kept.press, record["attempt"], self._where(kept))
        self.services.spool.clear(kept.press)
        log.info("cleared a finished photo from the spool", capture_id=kept.press.capture_id)

    def _fail(self, kept: SpooledPhoto) -> None:
        attempt, now, rules = str(uuid4()), self.services.clock.now(), self.services.settings
        fresh = pressed(kept.press, rules.worker, rules.retention)
        earlier = self.services.records.claim(kept.press, attempt, now + self.lease, now, fresh)
        self._store(kept)
        speech = {"speech": Speech.UNKNOWN} if earlier.get("speech") == Speech.STARTED else {}
        reason = "the worker stopped in the middle of this press, and its message never came back"
        closing = ended(Status.FAILED, self.services.clock.now(), earlier.get("timings_ms", {}), reason)
        self.services.records.write(kept.press, attempt, {**self._where(kept), **speech, **closing})
        self.services.spool.clear(kept.press)
        self.services.observer.ended(kept.press.camera, Status.FAILED)
        log.error("done", outcome=Status.FAILED, error=reason, capture_id=kept.press.capture_id)

    def _store(self, kept: SpooledPhoto) -> None:
        if not kept.progress.get("stored"):
            self.services.photos.store(kept.press.image_key, kept.photo, kept.taken_at)

    def _where(self, kept: SpooledPhoto) -> Attributes:
        bucket, key = self.services.photos.bucket, kept.press.image_key
        return {"image_bucket": bucket, "image_key": key, "taken_at": iso(kept.taken_at)}
