import gc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.local_cloud import local_cloud
from tests.support.sharing_out import SharingOut, rank

# A busy machine is no reason to fail, and a commit is judged by the same examples as the one before it: new ones are
# looked for by `make fuzz`.
settings.register_profile("gate", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("fuzz", settings.get_profile("gate"), derandomize=False, max_examples=2000)
settings.load_profile("gate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: to look through it again and again takes an eighth of a run."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharingOut:
    return SharingOut(config, log)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a local cloud, in which every Site has an account of its own."""
    with local_cloud(folder=tmp_path_factory.mktemp("cloud")) as program:
        yield str(program.wait_for_document("endpoint")["endpoint"])
