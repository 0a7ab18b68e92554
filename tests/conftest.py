from collections.abc import Iterator

import pytest

from tests.support.local_cloud import local_cloud


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a local cloud, in which every Site has an account of its own."""
    with local_cloud(folder=tmp_path_factory.mktemp("cloud")) as program:
        yield str(program.wait_for_document("endpoint")["endpoint"])
