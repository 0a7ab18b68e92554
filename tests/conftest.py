from collections.abc import Iterator

import pytest

from tests.support.local_cloud import local_cloud


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those first that wait for long: several processes do the rest meanwhile."""
    items.sort(key=lambda item: "faults" not in item.path.parts)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a local cloud, in which every Site has an account of its own."""
    with local_cloud(folder=tmp_path_factory.mktemp("cloud")) as program:
        yield str(program.wait_for_document("endpoint")["endpoint"])
