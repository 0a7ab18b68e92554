"""A camera whose photo is its stream's newest picture, and its snapshot where there is any doubt about that."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from worker.domain.photo import Snapshot
from worker.domain.ports import Camera
from worker.domain.sound import AudioFormat, Played
from worker.video.doubt import Doubt

if TYPE_CHECKING:
    from worker.video.decoding import Seen

log = structlog.get_logger(__name__)


@dataclass
class StreamLens:
    """Fits the port Camera; all but the photo is the camera's own.

    Args:
        newest: The stream's newest picture. Raises Doubt.
        now: The time that is written into the photo.
        on_photo: Told where each came from, `stream` or `snapshot`.
    """

    camera: Camera
    newest: Callable[[], "Seen"]
    now: Callable[[], datetime]
    on_photo: Callable[[str], None]
    monotonic: Callable[[], float] = time.monotonic
    _trouble: str | None = None
    # Presses come on threads of their own.
    _lock: Lock = field(default_factory=Lock)

    def photograph(self) -> Snapshot:
        try:
            photo = self._from_stream()
        except (Doubt, ImportError) as doubt:
            # PyAV may be there and still not load, where a library of the system is missing.
            self._note(str(doubt))
            self.on_photo("snapshot")
            return self.camera.photograph()
        self._note(None)
        self.on_photo("stream")
        return photo

    def nod(self) -> None:
        self.camera.nod()

    def play(self, sound: bytes, audio_format: AudioFormat, on_start: Callable[[], None]) -> Played:
        return self.camera.play(sound, audio_format, on_start)

    def _from_stream(self) -> Snapshot:
        seen = self.newest()
        from worker.video.exif import dated  # noqa: PLC0415 - as below
        from worker.video.jpeg import jpeg  # noqa: PLC0415 - PyAV, 24 MB

        photo = jpeg(seen.frame)
        age = self.monotonic() - seen.received_at
        return Snapshot(dated(photo, (self.now() - timedelta(seconds=age)).astimezone()), age)

    def _note(self, trouble: str | None) -> None:
        """Said once a trouble, not once a press."""
        with self._lock:
            before, self._trouble = self._trouble, trouble
        if trouble is not None and trouble != before:
            message = "the photo is a snapshot: the stream's newest picture would not do"
            log.warning(message, action="lens_fell_back", error=trouble)
        elif trouble is None and before is not None:
            log.info("the photo comes from the stream again", action="lens_recovered")
