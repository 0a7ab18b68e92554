"""The job of `RecordVideo`: a clip, what was seen in it, and a sentence about that."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import structlog

from worker.domain import moments
from worker.domain.clip import SpooledClip, Video
from worker.domain.errors import CameraError, CameraFaulty
from worker.domain.moments import Moment
from worker.domain.ports import Recorder
from worker.domain.record import Attributes
from worker.domain.record_video import RecordVideo
from worker.domain.timestamp import iso, parse_iso
from worker.domain.video import ClipWish
from worker.job.capture import CaptureJob
from worker.job.job import Expired, NotKept, NotSeen, SwitchedOff, reason
from worker.job.looks import Looks
from worker.job.parallel import Parallel
from worker.job.priority_semaphore import Closed, TimedOut
from worker.job.ready_clip import Finish, ready_clip

NO_RECORDER = (
    "this worker cannot record: it lacks the extra `video`; "
    "pip install 'camera-to-voice[video]', or run the image worker-video"
)

_FINDINGS = ("moments", "face_count", "top_emotion", "top_confidence", "said")
_DESCRIBED = ("taken_at", "video", "video_bytes", "video_seconds")

log = structlog.get_logger(__name__)


def record_video(job: "RecordVideoJob") -> None:
    """The job, in the order of its steps; a crash between any two leaves what the next attempt needs.

    Raises as `Job.do` does.
    """
    job.claim_and_resume()
    job.record_and_look()
    job.sum_up()
    with Parallel() as parallel:
        parallel.start(job.sync)
        parallel.start(job.store_clip)
        parallel.start(job.speaking.mark)
        parallel.start(job.record_result)
        job.speak()
    job.complete()
    job.delete_message()
    job.clear_spool()


@dataclass(eq=False, kw_only=True)
class RecordVideoJob(CaptureJob[RecordVideo]):
    """It takes no place of work and leaves the lens alone; recordings of one camera wait for each other."""

    takes_place: ClassVar[bool] = False
    fails_before_it_expires: ClassVar[bool] = True
    _kept: SpooledClip | None = None
    _described: Attributes = field(default_factory=dict)
    _looks: Looks = field(init=False)

    def __post_init__(self) -> None:
        self._looks = Looks(self._look, self._note_moments)

    def do(self) -> None:
        record_video(self)

    @property
    def is_taken(self) -> bool:
        return self._kept is not None or self.services.spool.clip(self.press) is not None

    def claim_and_resume(self) -> None:
        """The claim comes first: a clip takes long, and nobody is to be recorded for nothing."""
        earlier = self.claim()
        self.timings.go_on_from(earlier.get("timings_ms", {}))
        self._findings = self._recorded(earlier, _FINDINGS)
        if "video_key" in earlier:
            self._stored = True
            self._know(self._recorded(earlier, _DESCRIBED))
        elif (kept := ready_clip(self.services.spool, self.press, self._finish)) is not None:
            self._take_up(kept)
        elif earlier and (found := self.services.photos.find_clip(self.press.video_key)) is not None:
            self._stored = True
            self._know(found.described)

    def record_and_look(self) -> None:
        """Unless an earlier attempt has. Raises as `Job.do` does."""
        if self._stored or self._kept or self._findings:
            return
        if self.seconds_left < 0:
            raise Expired
        if self.camera.recorder is None:
            raise SwitchedOff(NO_RECORDER)
        with Parallel() as parallel:
            parallel.start(self._looks.work)
            try:
                self._record(self.camera.recorder)
            finally:
                self._looks.end()

    def sum_up(self) -> None:
        """What was seen over the whole clip. Raises NotSeen."""
        seen, settings = self._looks.moments, self.services.settings
        if not (self._findings or seen) and self._looks.failure is not None:
            # Where the record does not take it, the next attempt is to end as this one.
            self._note(unseen=self._looks.failure)
            raise NotSeen(f"it is recorded, and no picture of it could be looked at: {self._looks.failure}")
        if not self._findings and seen:
            said = moments.sentence(seen, self.services.phrases, settings.min_confidence)
            self._findings = {**moments.watched(seen), "said": said}
        if not self.said:
            self.speaking.say_nothing()

    def store_clip(self) -> None:
        self._store()

    def let_go(self) -> None:
        """It keeps nothing that is large."""

    @property
    def _finish(self) -> Finish | None:
        return self.camera.recorder.finish if self.camera.recorder else None

    def _take_up(self, kept: SpooledClip) -> None:
        self._kept = kept
        self._stored = bool(kept.progress.get("stored"))
        self._looks.moments = moments.read(kept.progress.get("moments", []))
        self._looks.failure = kept.progress.get("unseen")
        self._know(kept.clip.described)

    def _know(self, described: Attributes) -> None:
        self._described = described
        ended_at = parse_iso(described["taken_at"]) + timedelta(seconds=described.get("video_seconds", 0))
        self.speaking.count_from(ended_at)

    def _record(self, recorder: Recorder) -> None:
        failure: Exception | None = None
        try:
            shortened_by = self._grow(recorder)
        except (CameraError, OSError) as error:
            failure, shortened_by = error, reason(_why_none(error))
        self.lease.check()
        video = Video.PARTIAL if shortened_by else Video.COMPLETE
        self._note(video=video)
        kept = ready_clip(self.services.spool, self.press, recorder.finish)
        if kept is None:
            self.services.spool.clear(self.press)
            if self.camera.recordings.closed:
                raise Closed from failure
            raise _why_none(failure) from failure
        if shortened_by:
            log.warning("the clip is shorter than was wished", action="clip_shortened", reason=shortened_by)
        self._kept = kept
        self._know(kept.clip.described)

    def _grow(self, recorder: Recorder) -> str | None:
        """Why it became no longer. Raises Closed, Expired, CameraError, OSError, LeaseLost."""
        settings = self.services.settings
        seconds = self.command.seconds or settings.video_seconds
        try:
            with self.camera.recordings.permit(self.seconds_left):
                self.lease.check()
                before = settings.video_before_seconds + self._seconds_since_press
                wish = ClipWish(seconds, before, settings.video_look_seconds)
                growing = self.services.spool.begin_clip(self.press, self.services.clock.now())
                recorded = recorder.record(growing, wish, self._note_begin, self._looks.take, self._must_stop)
                return recorded.shortened_by
        except TimedOut as error:
            raise Expired from error

    @property
    def _seconds_since_press(self) -> float:
        """However long it was on its way, and waited here: that must not make the clip begin later."""
        return max(0.0, (self.services.clock.now() - self.press.pressed_at).total_seconds())

    def _must_stop(self) -> bool:
        return self.camera.recordings.closed or not self.lease.held

    def _look(self, second: float, picture: bytes) -> Moment:
        with self.timings.step("faces"):
            faces = self.services.analyst.faces(picture)
        return moments.moment(second, faces, self.services.settings.min_confidence)

    def _note_begin(self, age: float) -> None:
        self._note(begun_at=iso(self.services.clock.now() - timedelta(seconds=age)))

    def _note_moments(self, found: list[Moment]) -> None:
        if self.lease.held:
            self._note(moments=moments.written(found))

    def _store(self) -> None:
        if self._stored or self._kept is None:
            return
        self.lease.check()
        with self.timings.step("store"):
            self.services.photos.store_clip(self.press.video_key, self._kept)
        self._stored = True
        self._note(stored=True)

    def _is_elsewhere(self) -> bool:
        return self.services.photos.find_clip(self.press.video_key) is not None

    def _result(self) -> Attributes:
        video = {"video_bucket": self.services.photos.bucket, "video_key": self.press.video_key} if self._stored else {}
        return {**self._findings, **self._described, **video}


def _why_none(failure: Exception | None) -> Exception:
    if isinstance(failure, OSError):
        return NotKept(f"DATA_DIR took no more of the clip: {failure}")
    return failure or CameraFaulty("the camera's stream had no picture that can be shown")
