"""The local cloud, the simulated camera and the worker, each in a process of its own."""

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from demo.inbox import DemoFailed, Inbox
from demo.processes import Processes
from demo.story import read_event
from demo.terminal import Style, Terminal

ROOT = Path(__file__).resolve().parent.parent
PHOTOS = ROOT / "demo" / "photos"
BILLBOARD = ROOT / "demo" / "billboard" / "billboard.toml"
REGION = "us-east-1"
START_SECONDS = 60

CAMERA_NAME, HOT_CAMERA = "default", "moment"
"""The same camera twice: its photo is a snapshot, or the newest picture of its stream."""
HALL_CAMERA = "hall"
"""Another one, which sees an audience."""
WATCHING = {"WATCH": "on", "WATCH_SECONDS": "1", "WATCH_CALIBRATE_SECONDS": "5"}
"""A watch for people in a hurry; all else is as it comes."""
_CAMERA = """[{name}]
host = "{host}"
password_file = "{password_file}"
stream = "main"
rtsp_port = {rtsp_port}
lens = "{lens}"
"""

_HALL_CAMERA = """
[{name}]
host = "{host}"
password_file = "{password_file}"
"""

_NOT_READY = ("the camera is not ready", "Polly is not ready, sentences are fetched when they are needed")

CLOUD, CAMERA, HALL, WORKER, BOARD = "local cloud", "camera", "hall's camera", "worker", "board"


@dataclass(frozen=True)
class Addresses:
    """Where a camera is; `rtsp_port` is 0 where it does not stream."""

    host: str
    rtsp_port: int


@dataclass(frozen=True)
class Surroundings:
    """What the cloud says of itself, and where the cameras are."""

    cloud: dict[str, str]
    camera: Addresses
    hall: Addresses


@dataclass(frozen=True)
class Rig:
    """`folder` is for what nobody needs afterwards: the password, the worker's DATA_DIR, the camera's recordings."""

    processes: Processes
    inbox: Inbox
    terminal: Terminal
    folder: Path
    begun: float = field(default_factory=time.monotonic)

    @property
    def heard(self) -> Path:
        return self.folder / "heard"

    @property
    def turned_away(self) -> Path:
        """The file that names the sections of the hall which are turned away from its stage."""
        return self.folder / "turned-away"

    def start_surroundings(self) -> None:
        """Start the cloud and the cameras, at the same time."""
        self._password_file.touch(0o600)
        self._password_file.write_text(secrets.token_urlsafe(), encoding="ascii")
        self.processes.start(CLOUD, "localcloud", AWS_REGION=REGION)
        self._start_camera(CAMERA, "--film", "--photos", PHOTOS, "--heard", self.heard)
        self._start_camera(HALL, "--hall", self.turned_away, "--heard", self.folder / "heard-in-the-hall")

    def _start_camera(self, name: str, *options: object) -> None:
        self.processes.start(name, "demo.camera", "--password-file", str(self._password_file), *map(str, options))

    def surroundings(self) -> Surroundings:
        """Wait for them. Raises as Inbox.line does."""
        ready = self._wait({CLOUD: read_cloud, CAMERA: CameraReader(), HALL: CameraReader()})
        return Surroundings(ready[CLOUD], ready[CAMERA], ready[HALL])

    def start_worker(self, around: Surroundings, aws: Mapping[str, str], language: str) -> None:
        """Start it and wait until it knows the cameras and its sentences. Raises as Inbox.line does."""
        lenses = {CAMERA_NAME: "snapshot", HOT_CAMERA: "hot"}
        tables = [
            _CAMERA.format(name=name, lens=lens, password_file=self._password_file, **vars(around.camera))
            for name, lens in lenses.items()
        ]
        hall = _HALL_CAMERA.format(name=HALL_CAMERA, host=around.hall.host, password_file=self._password_file)
        self._cameras_file.write_text("\n".join([*tables, hall]), encoding="utf-8")
        shared = {**aws, **self._shared(around.cloud)}
        self.processes.start(WORKER, "worker", **shared, SPEECH_LANGUAGE=language, **WATCHING, DRAIN_SECONDS="1")
        self._wait({WORKER: read_worker})

    def start_board(self, around: Surroundings, aws: Mapping[str, str]) -> str:
        """Start the screens, which nobody but this machine sees; their address. Raises as Inbox.line does."""
        shared = {**aws, **self._shared(around.cloud)}
        screens = {"BOARD_AUTH": "none", "BOARD_PORT": "0", "BOARD_ACTIONS": "on", "BILLBOARD_FILE": str(BILLBOARD)}
        self.processes.start(BOARD, "board", **shared, **screens)
        return str(self._wait({BOARD: read_board})[BOARD])

    def _shared(self, cloud: Mapping[str, str]) -> dict[str, str]:
        """The settings of worker and board alike."""
        return {
            "QUEUE_NAME": cloud["queue"],
            "BUCKET_NAME": cloud["bucket"],
            "TABLE_NAME": cloud["table"],
            "CAMERAS_FILE": str(self._cameras_file),
            "DATA_DIR": str(self.folder / "data"),
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "json",
        }

    @property
    def _cameras_file(self) -> Path:
        return self.folder / "cameras.toml"

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    def _wait(self, readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
        deadline, ready = time.monotonic() + START_SECONDS, dict[str, Any]()
        while ready.keys() != readers.keys():
            try:
                line = self.inbox.line(deadline)
            except TimeoutError as error:
                late = ", ".join(readers.keys() - ready.keys())
                raise DemoFailed(f"not ready within {START_SECONDS} seconds: {late}") from error
            read = readers.get(line.process)
            if read is not None and (said := read(line.text)) is not None:
                ready[line.process] = said
                self.terminal.say(f"{time.monotonic() - self.begun:7.1f} s  {line.process} is ready", Style.FAINT)
        return ready


def read_cloud(line: str) -> dict[str, str] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) and "endpoint" in said else None


class CameraReader:
    """Reads both of the camera's addresses from its lines, of which that of its web page is the last."""

    def __init__(self) -> None:
        self._rtsp_port = 0

    def __call__(self, line: str) -> Addresses | None:
        found = re.fullmatch(r"camera (streaming|listening) on (\w+://\S+)", line)
        if found is None:
            return None
        if found[1] == "streaming":
            self._rtsp_port = urlsplit(found[2]).port or 0
            return None
        return Addresses(found[2], self._rtsp_port)


def read_worker(line: str) -> str | None:
    """Raises DemoFailed if the worker cannot use the camera, or has no voice."""
    event = read_event(line)
    if event and event.said in _NOT_READY:
        raise DemoFailed(f"the worker cannot begin: {event.said}: {event.more['error']}")
    return event.said if event and event.said == "the voice is ready" else None


def read_board(line: str) -> str | None:
    event = read_event(line)
    return event.more["address"] if event and event.more.get("action") == "board_ready" else None
