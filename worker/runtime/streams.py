"""The stream of each camera: who needs it, and for how long."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread

import structlog

from worker.aws.clock import AwsClock
from worker.camera.account import CameraAccount
from worker.domain.ports import Camera, Recorder
from worker.domain.video import AccessUnit
from worker.runtime.observer import DaemonObserver
from worker.settings import CameraSettings
from worker.settings.extras import video_installed
from worker.stream.account import Account, NoAccount
from worker.stream.address import Address, camera_address, is_at_camera, read_address
from worker.stream.reader import StreamReader
from worker.stream.session import Session
from worker.video.hedged import HEDGE_SECONDS
from worker.video.hot import Hot
from worker.video.lazy import Lazy
from worker.video.lens import StreamLens
from worker.video.recorder import StreamRecorder

CLOSE_SECONDS = 0.4
"""For all of them together: the worker stops within a second."""

Task = Callable[[Event], None]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Filmed:
    """A camera with what its stream adds to it; `tasks` go on as long as the daemon does."""

    device: Camera
    recorder: Recorder | None = None
    tasks: tuple[Task, ...] = ()
    reader: StreamReader | None = None
    watches_stream: bool = False
    """Whether a watch looks through the reader; with a lens of the stream, `device` does so already."""


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
        before = self.before_seconds if camera.streams else 0.0
        reader = make_reader(name, camera, account, before)
        lens, tasks = self._lens(name, camera, device, reader)
        if not tasks and before:
            tasks = (partial(_keep_open, reader),)
        watches_stream = camera.streams and camera.lens == "snapshot"
        return Filmed(lens, StreamRecorder(reader), tasks, reader, watches_stream)

    def _lens(
        self, name: str, camera: CameraSettings, device: Camera, reader: StreamReader
    ) -> tuple[Camera, tuple[Task, ...]]:
        if camera.lens == "snapshot":
            return device, ()
        told = partial(self.observer.photographed, name)
        if camera.lens == "lazy":
            lens = StreamLens(device, Lazy(reader), self.clock.now, told, patience=HEDGE_SECONDS)
            return lens, (partial(_keep_open, reader),)
        hot = Hot(reader)
        return StreamLens(device, hot, self.clock.now, told), (partial(_keep_decoding, reader, hot),)


def make_reader(name: str, camera: CameraSettings, account: CameraAccount, before_seconds: float = 0.0) -> StreamReader:
    """Of the stream that the settings name, and of the main one where they switch it off: clips are still taken."""
    address = stream_address(camera)
    # The camera's login is for the camera alone.
    login = account if is_at_camera(address, camera.host) else NoAccount()
    return StreamReader(partial(_session, address, login), before_seconds, camera=name)


def stream_address(camera: CameraSettings) -> Address:
    if camera.streams and camera.stream_url is not None:
        return read_address(camera.stream_url)
    return camera_address(camera.host, "sub" if camera.stream == "sub" else "main", camera.channel, camera.rtsp_port)


def close_all(readers: Iterable[StreamReader]) -> None:
    """Let each camera hear that its session is over; one that does not listen is not waited for."""
    threads = [Thread(target=reader.close, name="close stream", daemon=True) for reader in readers]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + CLOSE_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _session(
    address: Address, account: Account, is_over: Callable[[], bool]
) -> AbstractContextManager[Iterable[AccessUnit]]:
    return Session(address, account, is_over)


def _keep_open(reader: StreamReader, stopping: Event) -> None:
    with reader.needed():
        stopping.wait()


def _keep_decoding(reader: StreamReader, hot: Hot, stopping: Event) -> None:
    with reader.needed():
        try:
            hot.keep_decoding(stopping)
        except ImportError as error:
            message = "PyAV is installed and does not load: photos are snapshots"
            log.error(message, action="decoding_unavailable", error=str(error))
            stopping.wait()
