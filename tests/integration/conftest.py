from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.host import Host
from tests.support.site import ONLY, PASSWORD, Site

__all__ = ["PASSWORD"]


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """With one camera, as CAMERA_HOST sets it; its first two photographs are an astronaut, and a cat."""
    with Site(cloud, tmp_path) as site:
        site.camera(ONLY, "astronaut.jpg", "cat.jpg", "group-of-three.jpg", "group-of-four.jpg")
        yield site


@pytest.fixture
def account(site: Site) -> Account:
    return site.account


@pytest.fixture
def camera(site: Site) -> SimulatedCamera:
    return site.cameras[ONLY]


@pytest.fixture
def data_dir(site: Site) -> Path:
    return site.data_dir


@pytest.fixture
def host(site: Site) -> Host:
    return site.host


@pytest.fixture
def proxy(site: Site) -> CloudProxy:
    return site.proxy
