"""Clips of a camera's stream."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from worker.domain.video import MAX_CLIP_BYTES, ClipWish, Recorded
from worker.video.stream import Stream


@dataclass(frozen=True)
class StreamRecorder:
    """Fits the port Recorder. PyAV, which takes 24 MB, is imported with the first clip."""

    stream: Stream
    monotonic: Callable[[], float] = time.monotonic
    max_bytes: int = MAX_CLIP_BYTES

    def record(
        self,
        into: Path,
        wish: ClipWish,
        on_begin: Callable[[float], None],
        on_look: Callable[[float, bytes], None],
        cut: Callable[[], bool],
    ) -> Recorded:
        asked_at = self.monotonic()
        with self.stream.needed():
            # While the session is opened, where it was not.
            from worker.video.looker import Looker  # noqa: PLC0415
            from worker.video.recording import Recording  # noqa: PLC0415

            with Looker(on_look) as looker:
                recording = Recording(
                    self.stream, into, wish, on_begin, looker, cut, self.monotonic, self.max_bytes, asked_at
                )
                return recording.run()

    def finish(self, grown: Path, into: Path) -> float:
        from worker.video.finishing import finish  # noqa: PLC0415 - PyAV

        return finish(grown, into)
