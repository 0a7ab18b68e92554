"""A camera with what its stream adds to it: what reads streams is imported where the settings ask for it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from worker.aws.clock import AwsClock
from worker.camera.account import CameraAccount
from worker.domain.ports import Camera, Recorder
from worker.domain.video import ClipWish, Recorded
from worker.runtime.observer import DaemonObserver
from worker.settings import CameraSettings
from worker.settings.extras import video_installed

if TYPE_CHECKING:
    from worker.stream.reader import StreamReader

CLOSE_SECONDS = 0.4
"""For all of them together: the worker stops within a second."""

Task = Callable[[Event], None]


def _nothing() -> None:
    """There is no stream to close."""


@dataclass(frozen=True)
class Filmed:
    """`tasks` go on as long as the daemon does; `close` ends its stream for good."""

    device: Camera
    recorder: Recorder | None = None
    tasks: tuple[Task, ...] = ()
    close: Callable[[], None] = _nothing
    watched: "StreamReader | None" = None
    """What a watch looks through in place of `device`; with a lens of the stream, `device` does so already."""


@dataclass(frozen=True)
class Filming:
    """What all cameras' streams go by."""

    before_seconds: float
    clock: AwsClock
    observer: DaemonObserver

    def filmed(self, name: str, camera: CameraSettings, device: Camera, account: CameraAccount) -> Filmed:
        """`device` itself without the extra `video`. Nothing is opened yet."""
        if not video_installed():
            return Filmed(device)
        if not camera.streams:
            recorder = LateRecorder(partial(_reader, name, camera, account))
            return Filmed(device, recorder, close=recorder.close)
        from worker.runtime.streams import streamed  # noqa: PLC0415 - half a megabyte

        return streamed(name, camera, device, account, self)


class LateRecorder:
    """Fits the port Recorder; what reads streams is imported with the first clip."""

    def __init__(self, make_reader: "Callable[[], StreamReader]") -> None:
        self._make_reader = make_reader
        # Clips begin on threads of their own, and the daemon may end meanwhile.
        self._lock = Lock()
        self._reader: StreamReader | None = None
        self._closed = False

    def record(
        self,
        into: Path,
        wish: ClipWish,
        on_begin: Callable[[float], None],
        on_look: Callable[[float, bytes], None],
        cut: Callable[[], bool],
    ) -> Recorded:
        from worker.video.recorder import StreamRecorder  # noqa: PLC0415 - with what it reads

        return StreamRecorder(self._made()).record(into, wish, on_begin, on_look, cut)

    def finish(self, grown: Path, into: Path) -> float:
        from worker.video.finishing import finish  # noqa: PLC0415 - PyAV

        return finish(grown, into)

    def close(self) -> None:
        """For good."""
        with self._lock:
            self._closed = True
            reader = self._reader
        if reader is not None:
            reader.close()

    def _made(self) -> "StreamReader":
        with self._lock:
            if self._reader is None:
                self._reader = self._make_reader()
                if self._closed:
                    self._reader.close()
            return self._reader


def close_all(filmed: Iterable[Filmed]) -> None:
    """Let each camera hear that its session is over; one that does not listen is not waited for."""
    threads = [Thread(target=one.close, name="close stream", daemon=True) for one in filmed]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + CLOSE_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _reader(name: str, camera: CameraSettings, account: CameraAccount) -> "StreamReader":
    from worker.runtime.streams import make_reader  # noqa: PLC0415 - half a megabyte

    return make_reader(name, camera, account)
