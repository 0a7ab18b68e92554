from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.local_cloud import cloud
from tests.support.worker_process import CHECKOUT, Host

__all__ = ["cloud"]

PHOTOS = CHECKOUT / "demo" / "photos"
PASSWORD = "open sesame, ça va"


@pytest.fixture
def account(cloud: str) -> Account:
    return Account(cloud)


@pytest.fixture
def camera() -> Iterator[SimulatedCamera]:
    """Its first two photographs are an astronaut who looks happy, and a cat."""
    with SimulatedCamera(photos=PHOTOS, password=PASSWORD) as camera:
        yield camera


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def host(tmp_path: Path, data_dir: Path, account: Account, camera: SimulatedCamera) -> Iterator[Host]:
    """Settings for one camera; whatever a test does, no worker may ever have said the password."""
    home = tmp_path / "home"
    home.mkdir()
    logs = {"LOG_LEVEL": "debug", "LOG_FORMAT": "json", "DATA_DIR": str(data_dir)}
    host = Host(home, account.settings | logs | {"CAMERA_HOST": camera.host, "CAMERA_PASSWORD": PASSWORD})
    try:
        yield host
    finally:
        host.close()
    assert PASSWORD not in host.output
    assert PASSWORD not in str(account.items())


@pytest.fixture
def proxy(cloud: str) -> Iterator[CloudProxy]:
    with CloudProxy(cloud) as proxy:
        yield proxy


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A folder with one photograph, of one face."""
    folder = tmp_path / "portrait"
    folder.mkdir()
    (folder / "astronaut.jpg").write_bytes((PHOTOS / "astronaut.jpg").read_bytes())
    return folder
