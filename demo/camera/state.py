"""All that the simulated camera is, knows and remembers: set it, change it under way, and read it afterwards."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from threading import Lock
from typing import Protocol

from demo.camera.digest import Account
from demo.camera.events import Event, PtzCommand, Request, SnapshotTaken, Sound
from demo.camera.faults import Faults
from demo.camera.journal import Journal
from demo.camera.login import Logins
from demo.camera.stream.state import StreamState


@dataclass(frozen=True)
class Identity:
    """What the camera answers when it is asked who it is."""

    device_type: str = "IP2M-841"
    serial: str = "AMC0SIMULATED0001"
    version: str = "2.800.0000000.5.R"
    build: str = "2021-02-04"
    name: str = "Simulated"


class Gauge:
    """How many are inside now, and how many there ever were at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self.peak = 0

    @contextmanager
    def entered(self) -> Iterator[int]:
        """Count as inside for the body of the `with`, which is told how many there are, itself included."""
        with self._lock:
            self._inside += 1
            self.peak = max(self.peak, self._inside)
            inside = self._inside
        try:
            yield inside
        finally:
            with self._lock:
                self._inside -= 1


@dataclass(frozen=True)
class Photograph:
    name: str
    jpeg: bytes


class Pictures(Protocol):
    """What the camera sees."""

    def next(self) -> Photograph:
        """The next picture; it may be asked for by several threads at once."""


class Photos:
    """The `*.jpg` of a folder, by name, in turn and again from the start.

    Raises:
        ValueError: the folder has none.
    """

    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.glob("*.jpg"))
        if not paths:
            raise ValueError(f"no *.jpg in {folder}")
        self._lock = Lock()
        self._turn = itertools.cycle(paths)

    def next(self) -> Photograph:
        with self._lock:
            path = next(self._turn)
        return Photograph(path.name, path.read_bytes())


class CameraState:
    """`clock` gives epoch seconds; `sleep` waits, by default until the camera is switched off if that comes first."""

    def __init__(
        self,
        photos: Path,
        account: Account,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], object] | None = None,
        listener: Callable[[Event], None] | None = None,
    ) -> None:
        self.clock = clock
        self.off = Flag()
        self.sleep = sleep or self.off.wait
        self.identity = Identity()
        self.photos: Pictures = Photos(photos)
        self.logins = Logins(account, f"Login to {self.identity.serial}", clock)
        self.journal = Journal(listener)
        self.faults = Faults()
        self.stream = StreamState(photos, clock, self.journal)
        self.snapshot_seconds = 0.0
        """How long a picture takes."""
        self.volume = 80
        """Of the speaker, 0 to 100; some cameras come out of a reboot with 0."""
        self.lens = Gauge()
        self.speaker = Gauge()

    @property
    def requests(self) -> list[Request]:
        return self.journal.of(Request)

    @property
    def snapshots(self) -> list[SnapshotTaken]:
        return self.journal.of(SnapshotTaken)

    @property
    def ptz_commands(self) -> list[PtzCommand]:
        return self.journal.of(PtzCommand)

    @property
    def sounds(self) -> list[Sound]:
        return self.journal.of(Sound)

    @property
    def max_concurrent_snapshots(self) -> int:
        """More than one means that a client asked for a picture while another was being taken."""
        return self.lens.peak

    @property
    def max_concurrent_sounds(self) -> int:
        return self.speaker.peak
