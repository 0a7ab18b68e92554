"""The last of these tests, as what it waits for began with the first."""

import pytest

from tests.container.stack import Stack, docker
from tests.support.waiting import eventually
from worker.runtime.heartbeat import MAX_AGE_SECONDS

pytestmark = pytest.mark.container


def test_a_worker_that_is_cut_off_becomes_unhealthy_and_recovers(cut_off: Stack) -> None:
    eventually(lambda: cut_off.health("worker") == "unhealthy", MAX_AGE_SECONDS + 30)
    docker("network", "connect", f"{cut_off.project}_local", cut_off.container("worker"))
    eventually(lambda: cut_off.health("worker") == "healthy", 90)
