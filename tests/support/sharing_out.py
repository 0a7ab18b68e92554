"""What each process is given to do when there are several of them: `pytest -n 4`."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

WITH_MOTO_INSIDE = ("tests/localcloud/", "tests/worker/aws/", "tests/lambda_trigger/")
"""They load it into their own process, which takes seconds: one process is enough."""


class SharingOut(LoadScopeScheduling):  # type: ignore[misc]  # it ships no type information
    """A file at a time, in the order of collection; what has moto inside is as one file."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return "moto inside" if nodeid.startswith(WITH_MOTO_INSIDE) else nodeid.partition("::")[0]


def rank(item: pytest.Item) -> int:
    """By which tests are put in order: those first that wait for processes, the rest computes meanwhile."""
    order: tuple[str | tuple[str, ...], ...] = ("tests/faults/", "tests/integration/", WITH_MOTO_INSIDE, "")
    return next(place for place, folders in enumerate(order) if item.nodeid.startswith(folders))
