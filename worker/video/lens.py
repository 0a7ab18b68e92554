"""A camera whose photo is its stream's newest picture, and its snapshot where there is any doubt about that."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import TYPE_CHECKING

import structlog

from worker.domain.photo import Snapshot
from worker.domain.ports import Camera
from worker.domain.sound import AudioFormat, Played
from worker.video.doubt import Doubt, TooSlow
from worker.video.hedged import HedgedSnapshot

if TYPE_CHECKING:
    from worker.video.decoding import Seen

OFTEN = 2
"""Once it may have been PyAV, which is loaded with the first photo."""
MAX_TOLD = 10
"""Troubles at a time; a text may hold what the camera has said."""
TOO_SLOW = (
    "the photo is a snapshot: it was there before this machine had decoded the pictures since the last key frame; "
    "let the camera send a key frame a second (an I frame interval as large as its frame rate), or set CAMERA_LENS=hot"
)

log = structlog.get_logger(__name__)


@dataclass
class StreamLens:
    """Fits the port Camera; all but the photo is the camera's own.

    Args:
        newest: The stream's newest picture; it may be given up once what it is given says that this is enough. Raises
            Doubt.
        now: The time that is written into the photo.
        on_photo: Told where each came from, `stream` or `snapshot`.
        patience: After so many seconds without the stream's picture a snapshot is asked for beside it, and the first
            of the two is the photo; None: only once there is a doubt.
        over_within: As for HedgedSnapshot.
    """

    camera: Camera
    newest: Callable[[Callable[[], bool]], "Seen"]
    now: Callable[[], datetime]
    on_photo: Callable[[str], None]
    monotonic: Callable[[], float] = time.monotonic
    patience: float | None = None
    over_within: Callable[[Event, float], bool] = Event.wait
    # Held while a snapshot is taken: that of an earlier press may still be under way.
    _one_snapshot: Lock = field(default_factory=Lock)
    _troubles: set[str] = field(default_factory=set)
    _slow: int = 0
    # Presses come on threads of their own.
    _lock: Lock = field(default_factory=Lock)

    def photograph(self) -> Snapshot:
        snapshot = HedgedSnapshot(self.camera.photograph, self._one_snapshot, self.over_within)
        try:
            photo = self._from_stream(snapshot)
        except (Doubt, ImportError) as doubt:
            # PyAV may be there and still not load, where a library of the system is missing.
            self._note_doubt(doubt)
            self.on_photo("snapshot")
            return snapshot.result()
        self._note_recovery()
        self.on_photo("stream")
        return photo

    def nod(self) -> None:
        self.camera.nod()

    def play(self, sound: bytes, audio_format: AudioFormat, on_start: Callable[[], None]) -> Played:
        return self.camera.play(sound, audio_format, on_start)

    def _from_stream(self, snapshot: HedgedSnapshot) -> Snapshot:
        with nullcontext() if self.patience is None else snapshot.asked_after(self.patience):
            seen = self.newest(snapshot.is_there)
        from worker.video.exif import dated  # noqa: PLC0415 - as below
        from worker.video.jpeg import jpeg  # noqa: PLC0415 - PyAV, 24 MB

        photo = jpeg(seen.frame)
        age = self.monotonic() - seen.received_at
        return Snapshot(dated(photo, (self.now() - timedelta(seconds=age)).astimezone()), age)

    def _note_doubt(self, doubt: Doubt | ImportError) -> None:
        if not isinstance(doubt, TooSlow):
            self._note_trouble(str(doubt))
            return
        with self._lock:
            self._slow += 1
            slow = self._slow
        if slow == OFTEN:
            log.warning(TOO_SLOW, action="lens_too_slow", why=str(doubt))

    def _note_trouble(self, trouble: str) -> None:
        """Said once until a photo comes from the stream again, not once a press; also of troubles that take turns."""
        with self._lock:
            is_told = trouble in self._troubles or len(self._troubles) == MAX_TOLD
            if not is_told:
                self._troubles.add(trouble)
        if not is_told:
            message = "the photo is a snapshot: the stream's newest picture would not do"
            log.warning(message, action="lens_fell_back", error=trouble)

    def _note_recovery(self) -> None:
        with self._lock:
            had_trouble = bool(self._troubles)
            self._troubles.clear()
        if had_trouble:
            log.info("the photo comes from the stream again", action="lens_recovered")
