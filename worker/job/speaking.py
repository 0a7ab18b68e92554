"""At most one sentence per press, however often the queue delivers it."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock

import structlog

from worker.domain.errors import CameraError, CloudError, LeaseLost
from worker.domain.press import Press
from worker.domain.record import Attributes, Speech
from worker.domain.sound import BYTES_PER_SECOND, Played
from worker.job.lease import Lease
from worker.job.priority_semaphore import NotAdmitted
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.job.timings import Timings

MARK_WAIT_SECONDS = 60

log = structlog.get_logger(__name__)


@dataclass(eq=False, kw_only=True)
class Speaking:
    """The voice of one attempt: marked in the record first, then heard, then known.

    `leave_place` is called when the sentence only waits for its turn: the next press may be worked on then.
    """

    press: Press
    services: Services
    camera: SharedCamera
    lease: Lease
    timings: Timings
    leave_place: Callable[[], None]
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    marking: Future[None] | None = None
    outcome: Speech | None = None
    _silence: Speech | None = None
    _mark_tried: bool = False
    _marked: bool = False
    _sounding: bool = False
    _heard_from: float | None = None
    _given_up: bool = False
    # Decides between the first byte of sound and giving the press back: never both.
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        if not (self.services.settings.speaks and self.camera.speaks):
            self._silence = Speech.OFF

    def remember(self, earlier: Attributes) -> None:
        """What an earlier attempt did stands: begun is `unknown`, ended is how it ended."""
        if "speech" in earlier:
            spoken = Speech(earlier["speech"])
            self._silence = Speech.UNKNOWN if spoken is Speech.STARTED else spoken

    def mark(self) -> None:
        """Write `speech=started`, unless nothing will be said. Raises CloudError and LeaseLost."""
        if self._silence is None and self._too_old():
            self._silence = Speech.STALE
        if self._silence is None:
            self._mark_tried = True
            self.lease.write({"speech": Speech.STARTED})
            self._marked = True

    def speak(self, sentence: str) -> None:
        """Say it, once the mark is confirmed. A failing Polly or speaker is an outcome, not an error.

        Raises:
            CloudError, LeaseLost: the mark could not be written, and nothing was said.
        """
        if self.marking is not None:
            self.marking.result(timeout=MARK_WAIT_SECONDS)
        self.outcome = self._silence or self._say(sentence)

    def apologize(self, sentence: str) -> bool:
        """Say that it did not work, if nothing was said yet; whether it was tried. Raises as `speak` does."""
        if self.outcome is not None or self._sounding:
            return False
        if not self._marked:
            self.mark()
        self.marking = None
        self.speak(sentence)
        return True

    def give_up(self) -> tuple[Attributes, tuple[str, ...]]:
        """Begin no sound any more; what to set and remove in the record so that the next attempt knows."""
        with self._lock:
            self._given_up = True
            if self._sounding and self.outcome is None:
                return {}, ()
        return self.closing()

    def closing(self) -> tuple[Attributes, tuple[str, ...]]:
        """What to set and remove in the record at the end of the job: a mark that came to nothing is taken back."""
        if self.outcome is not None:
            return {"speech": self.outcome}, ()
        if self._sounding:
            return {"speech": Speech.UNKNOWN}, ()
        return {}, ("speech",) if self._mark_tried else ()

    def _say(self, sentence: str) -> Speech:
        try:
            sound = self.services.voice.sound(sentence, self.camera.audio_format)
        except (CloudError, TimeoutError) as error:
            log.error("there is no voice for this sentence", error=str(error))
            return Speech.FAILED
        self.leave_place()
        try:
            with self.camera.speaker.permit(timeout=self._patience()):
                return Speech.STALE if self._too_old() else self._play(sound)
        except NotAdmitted:
            return Speech.STALE

    def _play(self, sound: bytes) -> Speech:
        self._begin()
        try:
            played = self.camera.device.play(sound, self.camera.audio_format, self._on_start)
        except CameraError as error:
            log.error("the camera did not say it", error=str(error))
            return Speech.FAILED
        finally:
            # Held for as long as the sound lasts: an overlapping call silences some speakers until a reboot.
            if self._heard_from is not None:
                self.sleep(max(0.0, self._heard_from + len(sound) / BYTES_PER_SECOND - self.monotonic()))
        return Speech.SPOKEN if played is Played.CONFIRMED else Speech.PROBABLY_SPOKEN

    def _begin(self) -> None:
        self.lease.check()
        with self._lock:
            if self._given_up:
                raise LeaseLost
            self._sounding = True

    def _on_start(self) -> None:
        self._heard_from = self.monotonic()
        self.timings.mark("speech_start")

    def _too_old(self) -> bool:
        return self._patience() <= 0

    def _patience(self) -> float:
        return (
            self.press.pressed_at + self.services.settings.max_speech_age - self.services.clock.now()
        ).total_seconds()
