"""A house with cameras, a worker in it, and an AWS account: all that a scenario needs, and all that it leaves."""

import signal
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.camera import SimulatedCamera
from tests.faults.books import Books
from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.waiting import eventually
from tests.support.worker_process import CHECKOUT, Host, WorkerProcess

PASSWORD = "open sesame, ça va"
PHOTOS = CHECKOUT / "demo" / "photos"
LEASE_SECONDS = 3
"""Short, or who takes over from the dead would keep the suite waiting; not too short for a busy machine."""
MOTO_IN_TIME = 8
"""Messages on the queue that moto can answer for within such a lease: it grows slow with a deeper one."""

_COMMENT = b"\xff\xfe"


class Site:
    """Whatever happens in the body of its `with`, every process and thread of it has ended afterwards."""

    def __init__(self, cloud: str, folder: Path, *, max_receive_count: int | None = None) -> None:
        self.account = Account(cloud, max_receive_count=max_receive_count)
        self.proxy = CloudProxy(cloud)
        self.cameras: dict[str, SimulatedCamera] = {}
        self.folder = folder
        self.data_dir = folder / "data"
        self._open = ExitStack()
        home = folder / "home"
        home.mkdir()
        self.host = Host(home, self._settings)
        self.books = Books(self.account, self.cameras, self.host)

    def camera(self, name: str, photo: str = "astronaut.jpg") -> SimulatedCamera:
        """Put up one more. What it sees carries the camera's name, so that no two photographs are the same."""
        seen = self.folder / "seen" / name
        seen.mkdir(parents=True)
        (seen / photo).write_bytes(_signed((PHOTOS / photo).read_bytes(), name))
        self.cameras[name] = self._open.enter_context(SimulatedCamera(photos=seen, password=PASSWORD))
        return self.cameras[name]

    def start(self, **settings: str) -> WorkerProcess:
        """Start a worker for all cameras there are, and wait until it is ready."""
        worker = self.launch(**settings)
        worker.wait_for("ready")
        return worker

    def launch(self, **settings: str) -> WorkerProcess:
        tables = (
            f'[{name}]\nhost = "{camera.host}"\npassword = "{PASSWORD}"\n' for name, camera in self.cameras.items()
        )
        (self.folder / "cameras.toml").write_text("".join(tables))
        data_dir = Path(settings.get("DATA_DIR", self.data_dir))
        self.books.spools.add(data_dir / "spool")
        return self.host.launch(**settings)

    def press(self, camera: str, **attributes: str) -> str:
        """Press the button of this camera; the id of the message."""
        return self.books.note_press(camera, self.account.press(camera=camera, **attributes))

    def press_each(self, cameras: Iterable[str]) -> None:
        """Press them all, as fast as moto can follow."""
        for camera in cameras:
            eventually(lambda: self.account.messages() < MOTO_IN_TIME, 60)
            self.press(camera)

    def send(self, body: str) -> str:
        """Put something else on the queue; the id of the message."""
        return self.books.note_press("", self.account.press(body))

    def kill(self, worker: WorkerProcess) -> None:
        """As a power cut would; what is in the spool then must come home."""
        worker.signal(signal.SIGKILL)
        worker.wait()
        self.books.note_spooled()

    def stop(self, worker: WorkerProcess) -> int:
        """As an update of the container would; the exit code."""
        code, _ = worker.stop(within=30)
        self.books.note_spooled()
        return code

    def __enter__(self) -> Self:
        self._open.enter_context(self.proxy)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.host.close()
        self._open.close()

    @property
    def _settings(self) -> dict[str, str]:
        return self.account.settings | {
            "AWS_ENDPOINT_URL": self.proxy.endpoint,
            "CAMERAS_FILE": str(self.folder / "cameras.toml"),
            "DATA_DIR": str(self.data_dir),
            "VISIBILITY_SECONDS": str(LEASE_SECONDS),
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "json",
        }


def about(camera: str) -> str:
    """What all calls to AWS speak of that are for a press of this camera."""
    return f'"{camera}"'


def _signed(jpeg: bytes, name: str) -> bytes:
    """With the name in quotes as the photograph's comment."""
    comment = about(name).encode()
    return jpeg[:2] + _COMMENT + (len(comment) + 2).to_bytes(2) + comment + jpeg[2:]
