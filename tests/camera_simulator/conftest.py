from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
import requests
from PIL import Image
from requests.auth import HTTPDigestAuth

from demo.camera import SimulatedCamera
from demo.program import PATIENCE_SECONDS
from tests.support.clock import Clock

USERNAME = "admin"
PASSWORD = "open sesame, \u00e7a va"


class Visitor:
    """A client that knows a password, or thinks so: requests with its own digest."""

    def __init__(self, camera: SimulatedCamera, password: str = PASSWORD, username: str = USERNAME) -> None:
        self._url = f"http://{camera.host}/cgi-bin/"
        self._auth = HTTPDigestAuth(username, password)
        self.session = requests.Session()

    def get(self, path: str, timeout: float = PATIENCE_SECONDS, *, stream: bool = False) -> requests.Response:
        return self.session.get(
            self._url + path, auth=self._auth, timeout=timeout, stream=stream, allow_redirects=False
        )

    def play(
        self, audio: bytes, content_type: str = "Audio/G.711A", timeout: float = PATIENCE_SECONDS
    ) -> requests.Response:
        return self.session.post(
            self._url + "audio.cgi?action=postAudio&httptype=singlepart&channel=1",
            data=audio,
            auth=self._auth,
            headers={"Content-Type": content_type},
            timeout=timeout,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("first", "second", "third"):
        Image.effect_noise((320, 240), sigma=40).save(folder / f"{name}.jpg")
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def camera(photos: Path, clock: Clock) -> Iterator[SimulatedCamera]:
    with SimulatedCamera(photos=photos, username=USERNAME, password=PASSWORD, clock=clock, sleep=clock.sleep) as camera:
        yield camera


@pytest.fixture
def visitor(camera: SimulatedCamera) -> Iterator[Visitor]:
    with Visitor(camera) as visitor:
        yield visitor
