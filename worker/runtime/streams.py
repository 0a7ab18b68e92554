"""The stream of each camera: who needs it, and for how long."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from threading import Event

import structlog

from worker.camera.account import CameraAccount
from worker.domain.ports import Camera
from worker.domain.video import AccessUnit
from worker.runtime.filmed import Filmed, Filming, Task
from worker.settings import CameraSettings
from worker.stream.account import Account, NoAccount
from worker.stream.address import Address, camera_address, is_at_camera, read_address
from worker.stream.pictures import MAX_GROUP_BYTES, MAX_GROUP_PICTURES
from worker.stream.reader import StreamReader
from worker.stream.session import Session
from worker.video.hedged import HEDGE_SECONDS
from worker.video.hot import Hot
from worker.video.lazy import Lazy
from worker.video.lens import StreamLens
from worker.video.recorder import StreamRecorder

_TOO_FAR_APART = (
    f"pictures of the stream are left out: its key frames are more than {MAX_GROUP_PICTURES} pictures or "
    f"{MAX_GROUP_BYTES // 1024 // 1024} MB apart; in the camera's video settings, let it send one a second (an I frame "
    "interval as large as its frame rate), and switch Smart Codec off"
)

log = structlog.get_logger(__name__)


def streamed(name: str, camera: CameraSettings, device: Camera, account: CameraAccount, terms: Filming) -> Filmed:
    """With all that the settings ask of its stream."""
    reader = make_reader(name, camera, account, terms.before_seconds)
    lens, tasks = _lens(name, camera, device, reader, terms)
    if not tasks and terms.before_seconds:
        tasks = (partial(_keep_open, reader),)
    watched = reader if camera.lens == "snapshot" else None
    return Filmed(lens, StreamRecorder(reader), tasks, reader.close, watched)


def make_reader(name: str, camera: CameraSettings, account: CameraAccount, before_seconds: float = 0.0) -> StreamReader:
    """Of the stream that the settings name, and of the main one where they switch it off: clips are still taken."""
    address = stream_address(camera)
    # The camera's login is for the camera alone.
    login = account if is_at_camera(address, camera.host) else NoAccount()
    return StreamReader(partial(_session, address, login, _Overlong(name)), before_seconds, camera=name)


def stream_address(camera: CameraSettings) -> Address:
    if camera.streams and camera.stream_url is not None:
        return read_address(camera.stream_url)
    return camera_address(camera.host, "sub" if camera.stream == "sub" else "main", camera.channel, camera.rtsp_port)


def _lens(
    name: str, camera: CameraSettings, device: Camera, reader: StreamReader, terms: Filming
) -> tuple[Camera, tuple[Task, ...]]:
    if camera.lens == "snapshot":
        return device, ()
    told = partial(terms.observer.photographed, name)
    if camera.lens == "lazy":
        lens = StreamLens(device, Lazy(reader), terms.clock.now, told, patience=HEDGE_SECONDS)
        return lens, (partial(_keep_open, reader),)
    hot = Hot(reader)
    return StreamLens(device, hot, terms.clock.now, told), (partial(_keep_decoding, reader, hot),)


@dataclass
class _Overlong:
    """Says once, not at each key frame, that those of this camera are too far apart."""

    camera: str
    _said: bool = False

    def __call__(self) -> None:
        if not self._said:
            self._said = True
            log.warning(_TOO_FAR_APART, action="key_frames_too_far_apart", camera=self.camera)


def _session(
    address: Address, account: Account, on_overlong: Callable[[], object], is_over: Callable[[], bool]
) -> AbstractContextManager[Iterable[AccessUnit]]:
    return Session(address, account, is_over, on_overlong=on_overlong)


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
