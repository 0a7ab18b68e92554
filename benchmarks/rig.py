"""The cloud, the cameras and whoever works for them, each in a process of its own."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from benchmarks.camera import PASSWORD
from benchmarks.usage import program
from demo.program import Entry, Program


@dataclass(frozen=True)
class Rig:
    """`cameras` by name; the first is the default. Times are epoch seconds."""

    cloud: Program
    cameras: dict[str, Program]
    folder: Path

    @property
    def camera(self) -> Program:
        return next(iter(self.cameras.values()))

    @property
    def settings(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "benchmark",
            "AWS_SECRET_ACCESS_KEY": "benchmark",
            "BUCKET_NAME": "captures",
            "TABLE_NAME": "captures",
            "CAMERA_PASSWORD": PASSWORD,
            "LOG_FORMAT": "json",
        }

    @property
    def endpoint(self) -> str:
        return str(self.cloud.logged("ready")[0]["endpoint"])

    @property
    def host(self) -> str:
        return str(self.camera.logged("ready")[0]["host"])

    def worker(self, *, nod: bool = True, lens: str = "snapshot", **settings: str) -> Program:
        """One that has a DATA_DIR of its own, with nothing in it; `lens` is for cameras that stream."""
        folder = self._folder()
        cameras = {"CAMERAS_FILE": str(self._cameras_file(folder, nod=nod, lens=lens))}
        data = {"DATA_DIR": str(folder / "data")}
        return program("worker", environment=self.settings | cameras | data | settings, folder=folder)

    def other(self, module: str, *arguments: str) -> Program:
        """A program of this folder that the worker is compared with."""
        environment = self.settings | {"CAMERA_HOST": self.host}
        return program(module, *arguments, environment=environment, folder=self._folder())

    def press(self, camera: str | None = None) -> float:
        """Put a command on the queue; the moment it is there."""
        return float(json.loads(self._ask(f"/-/press{f'?camera={camera}' if camera else ''}"))["at"])

    def show_faces(self, count: int) -> None:
        """Let Rekognition see that many from now on: each number is a sentence of its own."""
        self._ask(f"/-/faces?count={count}")

    def _ask(self, target: str) -> bytes:
        connection = HTTPConnection(urlsplit(self.endpoint).netloc, timeout=10)
        connection.request("POST", target)
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def _folder(self) -> Path:
        number = len(list(self.folder.iterdir()))
        folder = self.folder / str(number)
        folder.mkdir()
        return folder

    def _cameras_file(self, folder: Path, *, nod: bool, lens: str) -> Path:
        file = folder / "cameras.toml"
        file.write_text(
            "".join(camera_table(name, camera, nod=nod, lens=lens) for name, camera in self.cameras.items()),
            encoding="utf-8",
        )
        return file


def camera_table(name: str, camera: Program, *, nod: bool, lens: str) -> str:
    """As CAMERAS_FILE has it; with any lens but `snapshot` its stream is on."""
    ready = camera.logged("ready")[0]
    table = f'[{name}]\nhost = "{ready["host"]}"\npassword = "{PASSWORD}"\nnod = {str(nod).lower()}\n'
    stream = "" if lens == "snapshot" else f'stream = "main"\nrtsp_port = {ready["rtsp_port"]}\nlens = "{lens}"\n'
    return table + stream


@contextmanager
def rig(*cloud: str, snapshot_ms: float = 400, cameras: int = 1, film: bool = False) -> Iterator[Rig]:
    """A cloud, given these arguments, and cameras, which stream with a `film`."""
    streams = ["--film"] if film else []
    with TemporaryDirectory(prefix="benchmark-") as name, ExitStack() as running:
        folder = Path(name)
        programs = {
            f"camera-{number}": running.enter_context(
                program("benchmarks.camera", "--snapshot-ms", str(snapshot_ms), *streams, environment={}, folder=folder)
            )
            for number in range(cameras)
        }
        stand_in = running.enter_context(program("benchmarks.cloud", *cloud, environment={}, folder=folder))
        for started in (stand_in, *programs.values()):
            started.wait_for("ready")
        yield Rig(stand_in, programs, folder)


@dataclass(frozen=True)
class Answered:
    """A press as the camera and the cloud saw it."""

    pressed_at: float
    snapshot: Entry
    faces: Entry
    sound: Entry

    @property
    def to_sound(self) -> float:
        """Seconds from the press to the first byte at the speaker."""
        return float(self.sound["at"]) - self.pressed_at

    @property
    def floor(self) -> float:
        """Seconds that the snapshot and DetectFaces took by themselves."""
        return sum(float(entry["at"]) - float(entry["asked_at"]) for entry in (self.snapshot, self.faces))

    @property
    def ratio(self) -> float:
        return self.to_sound / self.floor


def answer_one(rig: Rig) -> Answered:
    """Press, and wait until the message has been deleted."""
    cloud, camera = rig.cloud.mark, rig.camera.mark
    pressed_at = rig.press()
    rig.cloud.wait_for("DeleteMessage", since=cloud)
    # The last look is the one that the sentence waited for; the camera's last word may come after the delete.
    sound = rig.camera.wait_for("SoundStarted", since=camera)[0]
    snapshot = rig.camera.logged("SnapshotTaken", since=camera)[0]
    return Answered(pressed_at, snapshot, rig.cloud.logged("DetectFaces", since=cloud)[-1], sound)


def wait_until_prepared(rig: Rig, worker: Program, since: int = 0) -> None:
    """Until it polls, has logged in, and has the sentences for up to ten faces."""
    rig.cloud.wait_for("Polling", since=since)
    worker.wait_for("the camera answers", count=len(rig.cameras))
    worker.wait_for("the voice is ready")
