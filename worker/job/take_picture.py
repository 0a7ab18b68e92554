"""The job of `TakePicture`: one press becomes a photo, a record and a spoken sentence."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any, ClassVar

import structlog

from worker.domain.command import TakePicture
from worker.domain.errors import CameraError, CameraFaulty, ClaimRefused, CloudError
from worker.domain.photo import MAX_IMAGE_BYTES, StoredPhoto
from worker.domain.record import Attributes, seen
from worker.domain.timestamp import iso
from worker.job.capture import CaptureJob
from worker.job.job import Expired
from worker.job.parallel import Parallel, settle
from worker.job.priority_semaphore import NotAdmitted
from worker.job.shared_camera import NOD_RANK, PHOTO_RANK

NOD_WAIT_SECONDS = 5
STORE_WAIT_SECONDS = 90

_FINDINGS = ("faces", "face_count", "top_emotion", "top_confidence", "mood", "said")

log = structlog.get_logger(__name__)


def take_picture(job: "TakePictureJob") -> None:
    """The job, in the order of its steps; a crash between any two leaves what the next attempt needs.

    Raises as `Job.do` does.
    """
    with Parallel() as parallel:
        parallel.start(job.expect_faces)
        job.claim_beside_snapshot()
        parallel.start(job.sync_photo)
        parallel.start(job.store_photo)
        parallel.start(job.speaking.mark)
        parallel.start(job.read_labels)
        parallel.start(job.read_text)
        parallel.start(job.nod)
        job.read_faces()
        parallel.start(job.record_result)
        job.speak()
    job.complete()
    job.delete_message()
    job.clear_spool()


@dataclass(frozen=True)
class Shot:
    """The photo of a press; `fresh` if this attempt took it."""

    photo: bytes
    taken_at: datetime
    fresh: bool


@dataclass(eq=False, kw_only=True)
class TakePictureJob(CaptureJob[TakePicture]):
    """Its steps, and what they have found so far."""

    takes_place: ClassVar[bool] = True
    _shot: Shot | None = None
    _storing: Future[None] = field(default_factory=Future)
    _extras: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._may_have_traces = self.redelivered

    def do(self) -> None:
        take_picture(self)

    @property
    def is_taken(self) -> bool:
        return self._shot is not None or self.services.spool.load(self.press) is not None

    def expect_faces(self) -> None:
        """While the photo is taken: AWS closes unused connections, and a press comes after hours."""
        if not self.redelivered:
            self.services.analyst.expect_photo()

    def claim_beside_snapshot(self) -> None:
        """The photo comes at once on a first receive; otherwise there may be one, and the claim comes first."""
        if self._may_have_traces or self.seconds_left < 0 or self.is_taken:
            self._resume(self.claim())
        else:
            self._claim_while_taking()

    def store_photo(self) -> None:
        settle(self._storing, self._store)
        self._storing.result()

    def sync_photo(self) -> None:
        """Unless an earlier attempt has."""
        if self._shot is not None and self._shot.fresh:
            self.sync()

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
        if not (self.camera.nods and self._shot and self._shot.fresh):
            return
        try:
            with self.camera.lens.permit(NOD_WAIT_SECONDS, NOD_RANK):
                self.lease.check()
                self.camera.device.nod()
        except NotAdmitted:
            log.debug("no nod: the next photo was more important", action="nod_skipped")
        except CameraError as error:
            message = "the camera did not nod; CAMERA_NOD=false is for cameras that cannot"
            log.warning(message, action="nod_failed", error=str(error))

    def let_go(self) -> None:
        self._shot = None

    def _store(self) -> None:
        if self._stored or self._shot is None:
            return
        self.lease.check()
        with self.timings.step("store"):
            self.services.photos.store(self.press.image_key, self._shot.photo, self._shot.taken_at)
        self._stored = True
        self._note(stored=True)

    def _is_elsewhere(self) -> bool:
        return self.services.photos.find(self.press.image_key) is not None

    def _claim_while_taking(self) -> None:
        refused = Event()
        try:
            with Parallel() as parallel:
                parallel.start(partial(self._take_photo, refused))
                earlier = self._claim_or_stop_taking(refused)
        except ClaimRefused:
            self._drop_photo()
            raise
        if self._is_anothers(earlier):
            self._drop_photo()
            self._resume(earlier)

    def _claim_or_stop_taking(self, refused: Event) -> Attributes:
        try:
            earlier = self.claim()
        except ClaimRefused:
            refused.set()
            raise
        if self._is_anothers(earlier):
            refused.set()
        return earlier

    def _is_anothers(self, earlier: Attributes) -> bool:
        """Whether the press came before, as another message: a first receive is no first attempt then."""
        return bool(earlier) and earlier["attempt"] != self.lease.attempt

    def _drop_photo(self) -> None:
        """Another attempt has, or had, the press: this one begins like a redelivery, if it goes on at all."""
        self.services.spool.clear(self.press)
        self._shot = None
        self._may_have_traces = True

    def _resume(self, earlier: Attributes) -> None:
        """Go on from what was left on disk or by another host; only then take a photo."""
        self._stored = "image_key" in earlier
        self._findings = self._recorded(earlier, _FINDINGS)
        self.timings.go_on_from(earlier.get("timings_ms", {}))
        if (kept := self.services.spool.load(self.press)) is not None:
            self._shot = Shot(kept.photo, kept.taken_at, fresh=False)
            self._stored = self._stored or bool(kept.progress.get("stored"))
            self._findings = self._findings or dict(kept.progress.get("findings", {}))
        elif earlier and (found := self.services.photos.find(self.press.image_key)) is not None:
            photo, taken_at = found
            self._shot, self._stored = Shot(photo, taken_at, fresh=False), True
        elif not self._findings:
            self._take_photo(refused=Event())

    def _take_photo(self, refused: Event) -> None:
        """Unless the claim is refused meanwhile. Raises Expired, rather than wait for the lens any longer."""
        self._check_age()
        try:
            with self.camera.lens.permit(self.seconds_left, PHOTO_RANK):
                if refused.is_set():
                    return
                self._check_age()
                with self.timings.step("snapshot"):
                    taken = self.camera.device.photograph()
        except NotAdmitted as error:
            raise Expired from error
        self._shot = Shot(taken.jpeg, self.services.clock.now() - timedelta(seconds=taken.age), fresh=True)
        self._spool(self._shot)

    def _check_age(self) -> None:
        if self.seconds_left < 0:
            raise Expired

    def _spool(self, shot: Shot) -> None:
        try:
            self.services.spool.save(self.press, shot.photo, shot.taken_at)
        except OSError as error:
            message = "the photo is in memory only: DATA_DIR cannot be written"
            log.warning(message, action="spool_failed", error=str(error))

    def _image(self) -> bytes | StoredPhoto:
        """What Rekognition reads: the photo itself, or where it lies once it is stored, if it is too large to send."""
        if self._shot is None:
            raise CameraFaulty("there is no photo")
        if len(self._shot.photo) <= MAX_IMAGE_BYTES:
            return self._shot.photo
        self._storing.result(timeout=STORE_WAIT_SECONDS)
        return StoredPhoto(self.services.photos.bucket, self.press.image_key)

    def _read_extra(self, analysis: str) -> None:
        """An analysis beside the faces: its failure costs its own attribute, not the press."""
        if analysis not in self.services.settings.analyses or self._shot is None:
            return
        read = {"labels": self.services.analyst.labels, "text": self.services.analyst.text}[analysis]
        try:
            with self.timings.step(analysis):
                self._extras[analysis] = read(self._image())
        except CloudError as error:
            message = "an analysis is missing in the record"
            log.warning(message, action="analysis_failed", analysis=analysis, error=str(error))

    def _result(self) -> Attributes:
        taken = {"taken_at": iso(self._shot.taken_at)} if self._shot else {}
        image = {"image_bucket": self.services.photos.bucket, "image_key": self.press.image_key} if self._stored else {}
        return {**self._findings, **self._extras, **taken, **image}
