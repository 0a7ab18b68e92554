from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.site import Site


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """With a camera called "lobby"."""
    with Site(cloud, tmp_path) as site:
        site.camera("lobby")
        yield site
