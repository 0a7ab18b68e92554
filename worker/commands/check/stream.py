"""One camera's stream: whether it comes, how it is encoded, and whether a clip can be made of it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from worker.camera.amcrest import AmcrestCamera
from worker.commands.check import encoding
from worker.commands.check.line import Level, Line, failed, ok, warning
from worker.domain.errors import CameraError, CameraUnreachable
from worker.domain.video import AccessUnit, ClipWish
from worker.runtime.streams import stream_address
from worker.settings import CameraSettings
from worker.stream.address import is_at_camera
from worker.stream.reader import StreamReader
from worker.video.doubt import Doubt
from worker.video.lazy import Lazy
from worker.video.recorder import StreamRecorder
from worker.video.stream import follow

FIRST_SECONDS = 15.0
"""For the login, and the first key frame."""
WATCH_SECONDS = 12.0
"""For the second key frame after that: cameras send one every ten seconds at the least."""


@dataclass(frozen=True, kw_only=True)
class StreamCheck:
    """Only with `aloud` a clip of one second is recorded, in a file in `folder` that does not stay."""

    name: str
    camera: AmcrestCamera
    settings: CameraSettings
    reader: StreamReader
    folder: Path
    aloud: bool
    monotonic: Callable[[], float] = time.monotonic

    def lines(self) -> Iterator[Line]:
        with self.reader.needed():
            if self.settings.streams:
                came = self._stream(f"{self.name} stream")
                yield came
                if is_at_camera(stream_address(self.settings), self.settings.host):
                    yield from self._encoding(f"{self.name} encoding")
                if came.level is Level.FAILED:
                    return
            if self.aloud:
                yield self._clip(f"{self.name} clip")

    def _stream(self, name: str) -> Line:
        try:
            pictures = self._watch()
        except CameraError as error:
            return failed(name, str(error), self._remedy(error))
        if not pictures:
            found = f"nothing has come for {FIRST_SECONDS:g} s"
            return failed(name, found, "is the stream on in the camera's settings, with a key frame now and then?")
        try:
            Lazy(self.reader)()
        except Doubt as doubt:
            return failed(name, str(doubt), "photos would be snapshots: CAMERA_LENS=snapshot, or another CAMERA_STREAM")
        return encoding.measured(name, pictures)

    def _watch(self) -> list[AccessUnit]:
        """Pictures from one key frame to the next, or for as long as that is waited for. Raises CameraError."""
        pictures: list[AccessUnit] = []
        deadline = self.monotonic() + FIRST_SECONDS
        for units in follow(self.reader, self.monotonic()):
            if not pictures and units:
                deadline = self.monotonic() + WATCH_SECONDS
            pictures += units
            if sum(unit.key for unit in pictures) > 1 or self.monotonic() >= deadline:
                break
            if self.reader.trouble is not None:
                raise self.reader.trouble
        return pictures

    def _encoding(self, name: str) -> Iterator[Line]:
        try:
            found = self.camera.encoding("sub" if self.settings.stream == "sub" else "main")
        except CameraError as error:
            yield warning(name, f"could not tell: {error}")
            return
        if found is not None:
            yield encoding.advice(name, found)

    def _clip(self, name: str) -> Line:
        # Nobody may want clips: where the stream is off, what is wrong with them is no failure.
        level = failed if self.settings.streams else warning
        recorder = StreamRecorder(self.reader)
        try:
            if not self.settings.streams and not self._watch():
                return level(name, f"nothing has come for {FIRST_SECONDS:g} s")
            with TemporaryDirectory(dir=self.folder, prefix="check-") as folder:
                grown, clip = Path(folder, "grown.mp4"), Path(folder, "clip.mp4")
                recorded = recorder.record(grown, ClipWish(1.0), _nothing, _nothing, lambda: False)
                seconds, size = recorder.finish(grown, clip), clip.stat().st_size
        except CameraError as error:
            return level(name, str(error), self._remedy(error))
        except OSError as error:
            return level(name, f"it cannot be written: {error}", "let this user write to DATA_DIR")
        if recorded.shortened_by:
            return warning(name, f"only {seconds:.1f} s: {recorded.shortened_by}")
        return ok(name, f"{seconds:.1f} s, {size // 1000} kB; it begins with the key frame before")

    def _remedy(self, error: CameraError) -> str:
        if not isinstance(error, CameraUnreachable):
            return ""
        if self.settings.streams and self.settings.stream_url:
            return "is CAMERA_STREAM_URL right, and does what is there run?"
        return (
            f"is RTSP on in the camera's network settings, and {self.settings.rtsp_port} its port (CAMERA_RTSP_PORT)?"
        )


def _nothing(*_: Any) -> None:
    """Nobody looks."""
