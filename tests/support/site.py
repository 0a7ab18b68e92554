"""A house with cameras, a worker in it, and an AWS account: all that a scenario needs, and all that it leaves."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.camera import SimulatedCamera
from demo.camera.stream.film import Film
from demo.program import Program
from tests.support.account import Account
from tests.support.books import Books
from tests.support.cloud_proxy import CloudProxy
from tests.support.host import CHECKOUT, Host
from tests.support.waiting import eventually

PASSWORD = "open sesame, ça va"
PHOTOS = CHECKOUT / "demo" / "photos"
ONLY = "default"
"""The name of a camera that CAMERA_HOST sets."""
MOTO_IN_TIME = 8
"""Messages on the queue that moto can answer for in a second: it grows slow with a deeper one."""

NO_PORT = 1
"""The port where cameras have their stream is another program's here, if anybody's."""

_COMMENT = b"\xff\xfe"


class Site:
    """Whatever happens in the body of its `with`, every process and thread of it has ended afterwards.

    Whatever happens there, no worker may ever have said the cameras' password.
    """

    def __init__(self, cloud: str, folder: Path, *, max_receive_count: int | None = None) -> None:
        self.account = Account(cloud, max_receive_count=max_receive_count)
        self.proxy = CloudProxy(cloud)
        self.cameras: dict[str, SimulatedCamera] = {}
        self.film: Film | None = None
        """What cameras that are put up from now on stream."""
        self.folder = folder
        self.data_dir = folder / "data"
        self._open = ExitStack()
        home = folder / "home"
        home.mkdir()
        self.host = Host(home, self._settings)
        self.books = Books(self.account, self.cameras, self.host)

    def camera(self, name: str = ONLY, *photos: str) -> SimulatedCamera:
        """Put up one more. What it sees carries its name, so that no two cameras' photographs are the same."""
        seen = self._seen(name)
        seen.mkdir(parents=True)
        for photo in photos or ("astronaut.jpg",):
            (seen / photo).write_bytes(_signed((PHOTOS / photo).read_bytes(), name))
        self.cameras[name] = self._open.enter_context(SimulatedCamera(photos=seen, password=PASSWORD, film=self.film))
        self._cameras_file.write_text("".join(map(_table, self.cameras, self.cameras.values())), encoding="utf-8")
        return self.cameras[name]

    def photo(self, camera: str, name: str) -> bytes:
        """What this camera sees when it takes the photograph of this name."""
        return (self._seen(camera) / name).read_bytes()

    def start(self, **settings: str) -> Program:
        """Start a worker for all cameras there are, and wait until it is ready."""
        return self.host.start(**settings)

    def press(self, camera: str = ONLY, **attributes: str) -> str:
        """Press the button of this camera; the id of the message."""
        return self.books.note_press(camera, self.account.press(camera=camera, **attributes))

    def say(self, text: str, camera: str = ONLY, **wished: object) -> str:
        """Let this camera say it; the id of the message."""
        body = json.dumps({"command": "Say", "text": text, **wished})
        return self.books.note_press(camera, self.account.press(body, camera=camera))

    def record_video(self, seconds: float, camera: str = ONLY) -> str:
        """Let this camera record a clip; the id of the message."""
        body = json.dumps({"command": "RecordVideo", "seconds": seconds})
        return self.books.note_press(camera, self.account.press(body, camera=camera))

    def forget(self, capture_id: str, camera: str = ONLY) -> str:
        """Let a press of this camera be forgotten; the id of the message."""
        body = json.dumps({"command": "Forget", "capture_id": capture_id})
        return self.books.note_press(camera, self.account.press(body, camera=camera))

    def press_each(self, cameras: Iterable[str]) -> None:
        """Press them all, as fast as moto can follow."""
        for camera in cameras:
            eventually(lambda: self.account.messages() < MOTO_IN_TIME)
            self.press(camera)

    def send(self, body: str) -> str:
        """Put something else on the queue; the id of the message."""
        return self.books.note_press("", self.account.press(body))

    def kill(self, worker: Program) -> None:
        """As a power cut would; what is in the spool then must come home. Nobody waits for its leases to end."""
        worker.kill()
        self.books.note_spooled()
        # Or the dead's own poll would be handed what is made visible.
        eventually(lambda: not self.proxy.under_way["ReceiveMessage"])
        self.end_leases()

    def stop(self, worker: Program) -> int:
        """As an update of the container would; the exit code."""
        code = worker.stop()
        self.books.note_spooled()
        return code

    def end_leases(self) -> None:
        """As if so much time had passed that all of them, and the messages' visibility timeouts, were over."""
        self.account.end_leases()
        for handle in self.proxy.latest_handles():
            self.account.make_visible(handle)

    def __enter__(self) -> Self:
        self._open.enter_context(self.proxy)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.host.close()
        self._open.close()
        if error is None:
            assert PASSWORD not in self.host.output
            assert PASSWORD not in str(self.account.items())

    def _seen(self, camera: str) -> Path:
        return self.folder / "seen" / camera

    @property
    def _cameras_file(self) -> Path:
        return self.folder / "cameras.toml"

    def _settings(self) -> dict[str, str]:
        return (
            self.account.settings
            | self._camera_settings()
            | {
                "AWS_ENDPOINT_URL": self.proxy.endpoint,
                "DATA_DIR": str(self.data_dir),
                # A sentence that comes late is said all the same: a busy machine is no reason to fail.
                "MAX_SPEECH_AGE_SECONDS": "100",
                "LOG_LEVEL": "debug",
                "LOG_FORMAT": "json",
            }
        )

    def _camera_settings(self) -> dict[str, str]:
        if self.cameras.keys() == {ONLY}:
            camera = self.cameras[ONLY]
            port = {"CAMERA_RTSP_PORT": str(camera.rtsp_port or NO_PORT)}
            return {"CAMERA_HOST": camera.host, "CAMERA_PASSWORD": PASSWORD, **port}
        return {"CAMERAS_FILE": str(self._cameras_file)}


def about(camera: str) -> str:
    """What all calls to AWS speak of that are for a press of this camera."""
    return f'"{camera}"'


def _table(name: str, camera: SimulatedCamera) -> str:
    stream = f"rtsp_port = {camera.rtsp_port or NO_PORT}\n"
    return f'[{name}]\nhost = "{camera.host}"\npassword = "{PASSWORD}"\n{stream}'


def _signed(jpeg: bytes, name: str) -> bytes:
    """With the name in quotes as the photograph's comment."""
    comment = about(name).encode()
    return jpeg[:2] + _COMMENT + (len(comment) + 2).to_bytes(2) + comment + jpeg[2:]
