"""How one photo or clip that a crash left in the spool is brought home, erased, or given up with a reason."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from worker.domain.errors import ClaimRefused, CloudError, CloudRefused, LeaseLost
from worker.domain.photo import Kind, SpoolFolder, SpoolNote
from worker.domain.press import Press
from worker.domain.record import Attributes, Speech, Status, asked, ended, pressed
from worker.domain.record_video import RecordVideo
from worker.job.lease import new_attempt
from worker.job.ready_clip import Finish
from worker.job.services import Services
from worker.runtime.kept import Kept, kept_for

NEVER_CAME_BACK = "the worker stopped in the middle of this press, and its message never came back"
TORN = f"{NEVER_CAME_BACK}; its {{}} on this host is broken"
"""With what it is."""

_COMMANDS: Mapping[Kind, Attributes] = {Kind.PHOTO: {}, Kind.CLIP: asked(RecordVideo())}

log = structlog.get_logger(__name__)


class NotTried(Exception):
    """AWS has just failed to do the same for another: this one has its turn in a later round."""


@dataclass
class Recovery:
    """All raise OSError where the spool cannot be written.

    `record_of`, `store`, `fail` and `erase` also raise CloudError, ClaimRefused, LeaseLost, and NotTried.
    """

    services: Services
    lease: timedelta
    finish: Finish | None = None
    """None on a worker that cannot record: a clip of an earlier one is stored as it grew."""
    attempt: str = field(default_factory=new_attempt)
    """The same for all rounds of a worker: a claim that was not followed up stays its own."""
    _refused: set[str] = field(default_factory=set, init=False)

    def begin(self) -> None:
        """A new round: what was refused may be asked for again."""
        self._refused.clear()

    def record_of(self, press: Press) -> Attributes | None:
        with self._once("table"):
            return self.services.records.get(press.camera, press.capture_id)

    def store(self, folder: SpoolFolder, note: SpoolNote, record: Attributes) -> None:
        """Store what was taken for a press whose record is terminal already."""
        attempt = record["attempt"]
        if (kept := self._kept(note)) is not None:
            self._store(note, kept)
            with self._taken_back_if_forgotten(note):
                self.services.records.write(note.press, attempt, kept.told(self.services.photos))
        self.services.spool.remove(folder)

    def fail(self, folder: SpoolFolder, note: SpoolNote) -> None:
        """Store what was taken for a press that nobody finishes any more, and end its record."""
        kept = self._kept(note)
        if kept is not None and not self._is_stored(note) and "bucket" in self._refused:
            raise NotTried
        earlier = self._claim(note)
        if kept is not None:
            self._store(note, kept)
        why, told = (NEVER_CAME_BACK, kept.told(self.services.photos)) if kept else (TORN.format(note.kind), {})
        with self._taken_back_if_forgotten(note):
            self._end(note, earlier, why, told)
        self.services.spool.remove(folder)

    def erase(self, folder: SpoolFolder, note: SpoolNote) -> None:
        """Delete what was forgotten on another host, also in S3: perhaps it was being stored at that moment."""
        try:
            with self._once("bucket"):
                self.services.photos.delete(note.key)
        except CloudRefused as error:
            log.error(
                "what was forgotten is deleted on this host; in case it was stored meanwhile, run `forget` once more",
                action="forgotten_photo_perhaps_stored",
                capture_id=note.press.capture_id,
                camera=note.press.camera,
                error=str(error),
            )
        self.services.spool.remove(folder)

    def give_up(self, folder: SpoolFolder, note: SpoolNote, reason: str) -> None:
        """Delete what was taken for good and say so, in the record too as long as that is not terminal."""
        self.services.spool.remove(folder)
        unrecorded = None
        try:
            self._end(note, self._claim(note), reason, {})
        except (ClaimRefused, LeaseLost):
            unrecorded = "its record is terminal, or another worker's"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is gone and that has to be said
            unrecorded = f"{type(error).__name__}: {error}"
        _say_given_up(folder, reason, unrecorded=unrecorded)

    def discard(self, folder: SpoolFolder, reason: str) -> None:
        """Delete what must not get a record, and say so."""
        self.services.spool.remove(folder)
        _say_given_up(folder, reason)

    def _claim(self, note: SpoolNote) -> Attributes:
        now, rules = self.services.clock.now(), self.services.settings
        fresh = {**pressed(note.press, rules.worker, rules.retention), **_COMMANDS[note.kind]}
        with self._once("table"):
            return self.services.records.claim(note.press, self.attempt, now + self.lease, now, fresh)

    def _end(self, note: SpoolNote, earlier: Attributes, reason: str, where: Attributes) -> None:
        speech = {"speech": Speech.UNKNOWN} if earlier.get("speech") == Speech.STARTED else {}
        closing = ended(Status.FAILED, self.services.clock.now(), earlier.get("timings_ms", {}), reason)
        self.services.records.write(note.press, self.attempt, {**where, **speech, **closing})
        self.services.observer.ended(note.press.camera, Status.FAILED)
        log.error("done", action="done", outcome=Status.FAILED, error=reason, capture_id=note.press.capture_id)

    def _kept(self, note: SpoolNote) -> Kept | None:
        return kept_for(note, self.services.spool, self.finish)

    def _store(self, note: SpoolNote, kept: Kept) -> None:
        if self._is_stored(note):
            return
        with self._once("bucket"):
            kept.store(self.services.photos)
        # What fails after this does not upload it again; but a full disk must not keep what frees it from leaving.
        with suppress(OSError):
            self.services.spool.note(note.press, stored=True)

    @contextmanager
    def _taken_back_if_forgotten(self, note: SpoolNote) -> Iterator[None]:
        """What was just stored is deleted again where the press was forgotten meanwhile."""
        try:
            yield
        except LeaseLost:
            record = self.record_of(note.press)
            if record is None or record.get("status") == Status.FORGOTTEN:
                self.services.photos.delete(note.key)
            raise

    def _is_stored(self, note: SpoolNote) -> bool:
        return bool(note.progress.get("stored"))

    @contextmanager
    def _once(self, service: str) -> Iterator[None]:
        """Whatever keeps a service from serving one keeps it from the others for this round."""
        if service in self._refused:
            raise NotTried
        try:
            yield
        except CloudError:
            self._refused.add(service)
            raise


def _say_given_up(folder: SpoolFolder, reason: str, **more: str | None) -> None:
    whose = {"capture_id": folder.note.press.capture_id, "camera": folder.note.press.camera} if folder.note else {}
    log.error(
        "a photo or clip that could not be stored is given up",
        action="spooled_photo_given_up",
        folder=folder.name,
        reason=reason,
        **whose,
        **more,
    )
