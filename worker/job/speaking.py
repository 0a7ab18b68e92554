"""At most one sentence per press, however often the queue delivers it."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from threading import Lock

import structlog

from worker.domain.errors import CameraError, CloudError, LeaseLost
from worker.domain.press import Press
from worker.domain.record import Attributes, Speech
from worker.domain.sound import BYTES_PER_SECOND, Played
from worker.job.lease import Lease
from worker.job.parallel import settle
from worker.job.priority_semaphore import NotAdmitted
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera
from worker.job.timings import Timings

MARK_WAIT_SECONDS = 60

MakeSound = Callable[[], bytes]
"""Headerless 8 kHz G.711 in the camera's format. Raises CloudError or TimeoutError."""

log = structlog.get_logger(__name__)


class State(Enum):
    """How far the sentence of one attempt has come."""

    OPEN = auto()
    """Nothing is decided."""
    SILENT = auto()
    """Nothing will be said."""
    MARKING = auto()
    """`speech=started` is being written, and may stand in the record."""
    MARKED = auto()
    """It stands there: a crash from here on is told as `unknown`."""
    SOUNDING = auto()
    """The first byte may have left: this press has had its sentence."""
    ENDED = auto()
    """How it went is known."""
    WITHDRAWN = auto()
    """The press was given back, and no sound may begin any more."""


NEXT = {
    State.OPEN: {State.SILENT, State.MARKING, State.ENDED, State.WITHDRAWN},
    State.SILENT: {State.ENDED, State.WITHDRAWN},
    State.MARKING: {State.MARKING, State.MARKED, State.WITHDRAWN},
    State.MARKED: {State.SOUNDING, State.ENDED, State.WITHDRAWN},
    State.SOUNDING: {State.ENDED},
    State.ENDED: set(),
    State.WITHDRAWN: set(),
}
"""MARKING follows itself where the mark failed and an apology tries it again."""


@dataclass(eq=False, kw_only=True)
class Speaking:
    """The voice of one attempt: marked in the record first, then heard, then known.

    `leave_place` is called when the sentence only waits for the speaker: the next press may be worked on then.
    """

    press: Press
    services: Services
    camera: SharedCamera
    lease: Lease
    timings: Timings
    leave_place: Callable[[], None]
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    _state: State = State.OPEN
    _outcome: Speech | None = None
    _heard_from: float | None = None
    _seen_at: datetime | None = None
    _mark: Future[None] = field(default_factory=Future)
    # Decides between the first byte of sound and giving the press back: never both.
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        if not (self.services.settings.speaks and self.camera.speaks):
            self._be_silent(Speech.OFF)

    @property
    def outcome(self) -> Speech | None:
        """How it went, once that is known."""
        return self._outcome if self._state is State.ENDED else None

    def count_from(self, seen_at: datetime) -> None:
        """What is to be said is as old as this: it was not there to be seen when the press came."""
        self._seen_at = seen_at

    def say_nothing(self) -> None:
        """There is nothing to say; what an earlier attempt has said stands."""
        if self._state is State.OPEN:
            self._be_silent(Speech.OFF)

    def remember(self, earlier: Attributes) -> None:
        """What an earlier attempt did stands: begun is `unknown`, ended is how it ended."""
        if "speech" in earlier:
            spoken = Speech(earlier["speech"])
            self._end(Speech.UNKNOWN if spoken is Speech.STARTED else spoken)

    def mark(self) -> None:
        """Write `speech=started`, unless nothing will be said; `speak` waits for it. Raises CloudError, LeaseLost."""
        settle(self._mark, self._write_mark)
        self._mark.result()

    def speak(self, make_sound: MakeSound) -> None:
        """Say it, once the mark is confirmed. A failing Polly or speaker is an outcome, not an error.

        The sound is made beside the mark, and not at all where nothing will be said.

        Raises:
            CloudError, LeaseLost: the mark could not be written, and nothing was said.
        """
        sound = self._made(make_sound)
        self._mark.result(timeout=MARK_WAIT_SECONDS)
        self._say_or_be_silent(sound)

    def apologize(self, make_sound: MakeSound) -> bool:
        """Say that it did not work, unless something was said; whether it was tried. Raises as `speak` does."""
        if self._state in {State.SOUNDING, State.ENDED, State.WITHDRAWN}:
            return False
        if self._state is not State.MARKED:
            self._write_mark()
        self._say_or_be_silent(self._made(make_sound))
        return True

    def withdraw(self) -> tuple[Attributes, tuple[str, ...]]:
        """Begin no sound any more; what to set and remove in the record so that the next attempt knows."""
        with self._lock:
            if self._state is State.SOUNDING:
                return {}, ()
            closing = self.closing()
            if self._state is not State.ENDED:
                self._state = State.WITHDRAWN
            return closing

    def closing(self) -> tuple[Attributes, tuple[str, ...]]:
        """What to set and remove in the record at the end of the job: a mark that came to nothing is taken back."""
        if self._state is State.ENDED:
            return {"speech": self._outcome}, ()
        if self._state is State.SOUNDING:
            return {"speech": Speech.UNKNOWN}, ()
        return {}, ("speech",) if self._state in {State.MARKING, State.MARKED} else ()

    def _write_mark(self) -> None:
        if self._state is State.OPEN and self._too_old():
            self._be_silent(Speech.STALE)
        if self._state in {State.OPEN, State.MARKING}:
            self._move(State.MARKING)
            self.lease.write({"speech": Speech.STARTED})
            try:
                self._move(State.MARKED)
            except LeaseLost:
                # Given back while the mark was under way: it may have overtaken what took it back.
                self.lease.take_back(("speech",))
                raise

    def _made(self, make_sound: MakeSound) -> bytes | Speech:
        """The sound, or why there is none."""
        if self._state in {State.SILENT, State.ENDED} or self._too_old():
            return Speech.STALE
        try:
            return make_sound()
        except (CloudError, TimeoutError) as error:
            log.error("there is no voice for this sentence", action="voice_missing", error=str(error))
            return Speech.FAILED

    def _say_or_be_silent(self, sound: bytes | Speech) -> None:
        if self._state is State.SILENT and self._outcome is not None:
            self._end(self._outcome)
        elif self._state is not State.ENDED:
            self._end(sound if isinstance(sound, Speech) else self._say(sound))

    def _say(self, sound: bytes) -> Speech:
        self.leave_place()
        try:
            with self.camera.speaker.permit(timeout=self._patience()):
                return Speech.STALE if self._too_old() else self._play(sound)
        except NotAdmitted:
            return Speech.STALE

    def _play(self, sound: bytes) -> Speech:
        self.lease.check()
        self._move(State.SOUNDING)
        try:
            played = self.camera.device.play(sound, self.camera.audio_format, self._on_start)
        except CameraError as error:
            log.error("the camera did not say it", action="speech_failed", error=str(error))
            return Speech.FAILED
        finally:
            # Held for as long as the sound lasts: an overlapping call silences some speakers until a reboot.
            if self._heard_from is not None:
                self.sleep(max(0.0, self._heard_from + len(sound) / BYTES_PER_SECOND - self.monotonic()))
        return Speech.SPOKEN if played is Played.CONFIRMED else Speech.PROBABLY_SPOKEN

    def _on_start(self) -> None:
        self._heard_from = self.monotonic()
        self.timings.mark("speech_start")

    def _be_silent(self, why: Speech) -> None:
        self._outcome = why
        self._move(State.SILENT)

    def _end(self, outcome: Speech) -> None:
        self._outcome = outcome
        self._move(State.ENDED)

    def _move(self, to: State) -> None:
        """Raises LeaseLost when the press was given back meanwhile."""
        with self._lock:
            if self._state is State.WITHDRAWN:
                raise LeaseLost
            if to not in NEXT[self._state]:
                raise RuntimeError(f"a sentence cannot go from {self._state.name} to {to.name}")
            self._state = to

    def _too_old(self) -> bool:
        return self._patience() <= 0

    def _patience(self) -> float:
        since = self._seen_at or self.press.pressed_at
        return (since + self.services.settings.max_speech_age - self.services.clock.now()).total_seconds()
