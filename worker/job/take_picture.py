"""The job: one press becomes a photo, a record and a spoken sentence."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from worker.domain.errors import CameraError, CameraFaulty, ClaimRefused, CloudError
from worker.domain.photo import MAX_IMAGE_BYTES, StoredPhoto
from worker.domain.press import Press
from worker.domain.record import Attributes, Status, ended, pressed, seen
from worker.domain.timestamp import iso
from worker.job.lease import Lease
from worker.job.parallel import Parallel
from worker.job.priority_semaphore import NotAdmitted
from worker.job.services import Services
from worker.job.shared_camera import NOD_RANK, PHOTO_RANK, SharedCamera
from worker.job.speaking import Speaking
from worker.job.timings import Timings

LENS_WAIT_SECONDS = 120
NOD_WAIT_SECONDS = 5
STORE_WAIT_SECONDS = 90

_FINDINGS = ("faces", "face_count", "top_emotion", "top_confidence", "mood", "said")

log = structlog.get_logger(__name__)


class Expired(Exception):
    """Nobody stands there any more, and no photo was taken while somebody did."""


def take_picture(job: "Job") -> None:
    """The job, in the order of its steps; a crash between any two leaves what the next attempt needs.

    Raises:
        ClaimRefused, LeaseLost: somebody else's press.
        Expired: too old, and there is no photo.
        CameraError, CloudError: a step failed.
    """
    with Parallel() as beside:
        beside.start(job.expect_faces)
        job.claim_beside_snapshot()
        job.storing = beside.start(job.store_photo)
        job.voicing.marking = beside.start(job.voicing.mark)
        beside.start(job.read_labels)
        beside.start(job.read_text)
        beside.start(job.nod)
        job.read_faces()
        beside.start(job.record_result)
        job.speak()
    job.complete()
    job.delete_message()
    job.clear_spool()


@dataclass(eq=False, kw_only=True)
class Job:
    """One attempt at one press: its steps, and what they have found so far."""

    press: Press
    services: Services
    camera: SharedCamera
    lease: Lease
    timings: Timings
    voicing: Speaking
    redelivered: bool
    storing: Future[None] | None = None
    _photo: bytes | None = None
    _taken_at: datetime | None = None
    _fresh: bool = False
    _stored: bool = False
    _unwanted: bool = False
    _findings: dict[str, Any] = field(default_factory=dict)
    _extras: dict[str, Any] = field(default_factory=dict)

    def expect_faces(self) -> None:
        """While the photo is taken: AWS closes unused connections, and a press comes after hours."""
        if not self.redelivered:
            self.services.analyst.expect_photo()

    def claim_beside_snapshot(self) -> None:
        """The photo comes at once on a first receive; otherwise there may be one, and the claim comes first."""
        if self.redelivered or self._too_old() or self.services.spool.load(self.press) is not None:
            self._resume(self._claim())
        else:
            self._claim_while_taking()

    def store_photo(self) -> None:
        if self._stored or self._photo is None or self._taken_at is None:
            return
        self.lease.check()
        with self.timings.step("store"):
            self.services.photos.store(self.press.image_key, self._photo, self._taken_at)
        self._stored = True
        self._note(stored=True)

    def read_faces(self) -> None:
        if self._findings:
            return
        image = self._image()
        with self.timings.step("faces"):
            faces = self.services.analyst.faces(image)
        min_confidence = self.services.settings.min_confidence
        said = self.services.phrases.sentence(faces, min_confidence)
        self._findings = {**seen(faces, min_confidence), "said": said}
        self._note(findings=self._findings)

    def read_labels(self) -> None:
        self._read_extra("labels")

    def read_text(self) -> None:
        self._read_extra("text")

    def nod(self) -> None:
        """Show that the picture was taken. It is a courtesy: what goes wrong with it is only logged."""
        if not (self._fresh and self.camera.nods):
            return
        try:
            with self.camera.lens.permit(NOD_WAIT_SECONDS, NOD_RANK):
                self.lease.check()
                self.camera.device.nod()
        except NotAdmitted:
            log.debug("no nod: the next photo was more important")
        except CameraError as error:
            log.warning("the camera did not nod; CAMERA_NOD=false is for cameras that cannot", error=str(error))

    def speak(self) -> None:
        self.voicing.speak(str(self._findings["said"]))

    def record_result(self) -> None:
        """Write down what was seen while it is being said. `complete` writes it again, so a failure can wait."""
        try:
            with self.timings.step("record"):
                self.lease.write(self._result())
        except CloudError as error:
            log.warning("the result is not recorded yet", error=str(error))

    def complete(self) -> None:
        self.end(Status.COMPLETED)

    def expire(self) -> None:
        self.end(Status.EXPIRED)
        self.delete_message()

    def give_up(self, reason: str, *, camera_answers: bool) -> None:
        """The end of a press that failed: its photo is kept, its person is told, its record says why.

        Raises:
            ClaimRefused, LeaseLost: somebody else's press.
            CloudError: not even the record could be written.
        """
        if not self.lease.claimed:
            self._claim()
        with Parallel() as beside:
            beside.start(self._keep_photo)
            if camera_answers:
                self._apologize()
        self.end(Status.FAILED, reason)
        self.delete_message()
        self.clear_spool()

    def end(self, status: Status, error: str | None = None) -> None:
        """Write the terminal record. Raises CloudError and LeaseLost."""
        self.timings.mark("total")
        spoken, not_spoken = self.voicing.closing()
        closing = ended(status, self.services.clock.now(), self.timings.ms, error)
        self.lease.write({**self._result(), **spoken, **closing}, not_spoken)

    def delete_message(self) -> None:
        """The record is terminal: a message that cannot be deleted comes back, finds that, and is deleted then."""
        try:
            self.lease.delete_message()
        except CloudError as error:
            log.warning("the message is not deleted yet", error=str(error))

    def clear_spool(self) -> None:
        """A photo that is not in S3 yet stays, and is stored when S3 is back."""
        if self._stored:
            self.services.spool.clear(self.press)

    def forget_photo(self) -> None:
        """An attempt and its voicing know each other: without this, its photo would wait for the garbage collector."""
        self._photo = None

    def _keep_photo(self) -> None:
        try:
            self.store_photo()
        except CloudError as error:
            log.warning("the photo stays in the spool until it can be stored", error=str(error))

    def _apologize(self) -> None:
        sorry = self.services.phrases.sorry
        try:
            if self.voicing.apologize(sorry):
                self._findings["said"] = sorry
        except CloudError as error:
            log.warning("nobody was told that it did not work", error=str(error))

    def _claim(self) -> Attributes:
        fresh = pressed(self.press, self.services.settings.worker, self.services.settings.retention)
        with self.timings.step("claim"):
            earlier = self.lease.claim(self.services.records, self.press, fresh)
        self.voicing.remember(earlier)
        return earlier

    def _claim_while_taking(self) -> None:
        try:
            with Parallel() as beside:
                beside.start(self._take_photo)
                self._claim_or_stop_taking()
        except ClaimRefused:
            self._drop_photo()
            raise

    def _drop_photo(self) -> None:
        """Another attempt has the press. If this one gets it all the same, it begins like a redelivery."""
        self.services.spool.clear(self.press)
        self._photo = self._taken_at = None
        self._fresh = self._unwanted = False
        self.redelivered = True

    def _claim_or_stop_taking(self) -> None:
        try:
            self._claim()
        except ClaimRefused:
            self._unwanted = True
            raise

    def _resume(self, earlier: Attributes) -> None:
        """Go on from what was left on disk or by another host; only then take a photo."""
        self._stored = "image_key" in earlier
        self._findings = {name: earlier[name] for name in _FINDINGS if name in earlier}
        self.timings.ms = {**earlier.get("timings_ms", {}), **self.timings.ms}
        if (kept := self.services.spool.load(self.press)) is not None:
            self._photo, self._taken_at = kept.photo, kept.taken_at
            self._stored = self._stored or bool(kept.progress.get("stored"))
            self._findings = self._findings or dict(kept.progress.get("findings", {}))
        elif earlier and (found := self.services.photos.find(self.press.image_key)) is not None:
            self._photo, self._taken_at = found
            self._stored = True
        elif not self._findings:
            self._take_photo()

    def _take_photo(self) -> None:
        try:
            with self.camera.lens.permit(LENS_WAIT_SECONDS, PHOTO_RANK):
                if self._unwanted:
                    return
                if self._too_old():
                    raise Expired
                with self.timings.step("snapshot"):
                    self._photo = self.camera.device.snapshot()
        except NotAdmitted as error:
            raise CameraFaulty("the camera was busy with other photos for too long") from error
        self._taken_at = self.services.clock.now()
        self._fresh = True
        self._spool_photo(self._photo, self._taken_at)

    def _spool_photo(self, photo: bytes, taken_at: datetime) -> None:
        try:
            self.services.spool.save(self.press, photo, taken_at)
        except OSError as error:
            log.warning("the photo is in memory only: DATA_DIR cannot be written", error=str(error))

    def _note(self, **finished: Any) -> None:
        try:
            self.services.spool.note(self.press, **finished)
        except OSError as error:
            log.warning("a finished step may be repeated: DATA_DIR cannot be written", error=str(error))

    def _image(self) -> bytes | StoredPhoto:
        """What Rekognition reads: the photo itself, or where it lies once it is stored, if it is too large to send."""
        if self._photo is None:
            raise CameraFaulty("there is no photo")
        if len(self._photo) <= MAX_IMAGE_BYTES:
            return self._photo
        if self.storing is not None:
            self.storing.result(timeout=STORE_WAIT_SECONDS)
        return StoredPhoto(self.services.photos.bucket, self.press.image_key)

    def _read_extra(self, analysis: str) -> None:
        """An analysis beside the faces: its failure costs its own attribute, not the press."""
        if analysis not in self.services.settings.analyses or self._photo is None:
            return
        read = {"labels": self.services.analyst.labels, "text": self.services.analyst.text}[analysis]
        try:
            with self.timings.step(analysis):
                self._extras[analysis] = read(self._image())
        except CloudError as error:
            log.warning("an analysis is missing in the record", analysis=analysis, error=str(error))

    def _result(self) -> Attributes:
        taken = {"taken_at": iso(self._taken_at)} if self._taken_at else {}
        image = {"image_bucket": self.services.photos.bucket, "image_key": self.press.image_key} if self._stored else {}
        return {**self._findings, **self._extras, **taken, **image}

    def _too_old(self) -> bool:
        return self.services.clock.now() - self.press.pressed_at > self.services.settings.max_command_age
