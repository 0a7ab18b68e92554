from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera
from tests.camera_simulator.conftest import PASSWORD, USERNAME, photos
from tests.support.clock import Clock
from worker.camera.amcrest import AmcrestCamera
from worker.camera.digest import Credentials
from worker.camera.http import CameraHttp
from worker.camera.lockout import Lockout

__all__ = ["photos"]


@dataclass
class Access:
    """Clients of the simulated camera; each is closed at the end of the test."""

    camera: SimulatedCamera
    memory: Path
    time: Clock
    opened: list[CameraHttp] = field(default_factory=list)

    def channel(self, password: str = PASSWORD) -> CameraHttp:
        url, credentials = f"http://{self.camera.host}", Credentials(USERNAME, password)
        lockout = Lockout(self.memory, url, credentials, self.time.utc)
        self.opened.append(CameraHttp(url, credentials, lockout, self.time))
        return self.opened[-1]

    def client(self, password: str = PASSWORD, channel_number: int | None = None) -> AmcrestCamera:
        return AmcrestCamera(self.channel(password), channel_number, self.time.sleep, self.time)


@pytest.fixture
def camera(photos: Path) -> Iterator[SimulatedCamera]:
    clock = Clock()
    with SimulatedCamera(photos=photos, username=USERNAME, password=PASSWORD, clock=clock, sleep=clock.sleep) as camera:
        yield camera


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def access(camera: SimulatedCamera, time: Clock, tmp_path: Path) -> Iterator[Access]:
    access = Access(camera, tmp_path / "lockout.json", time)
    yield access
    for channel in access.opened:
        channel.close()


@pytest.fixture
def client(access: Access) -> AmcrestCamera:
    return access.client()


@pytest.fixture
def first_photo(photos: Path) -> bytes:
    return (photos / "first.jpg").read_bytes()
