from threading import Event

import pytest
from structlog.testing import capture_logs

from worker.domain.errors import CloudError, CloudRefused, CloudUnavailable
from worker.domain.retry import Redrive
from worker.runtime.redrive import RedrivePolicy


class Impatient(Event):
    """Waits for nothing, and remembers for how long it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        return False


def answering(*answers: int | CloudError | None) -> RedrivePolicy:
    left = list(answers)

    def ask() -> int | None:
        answer = left.pop(0)
        if isinstance(answer, CloudError):
            raise answer
        return answer

    return RedrivePolicy(ask)


@pytest.mark.parametrize("error", [CloudRefused("denied"), CloudUnavailable("away")])
def test_a_policy_that_is_not_to_be_had_is_asked_for_until_it_is_known(error: CloudError) -> None:
    policy, stopping = answering(error, error, error, 3), Impatient()
    policy.ask()
    assert policy.current().known is False
    policy.keep_asking(stopping)
    assert policy.current() == Redrive(known=True, max_receive_count=3)
    assert stopping.waits == [5, 10, 20]


def test_a_known_one_is_not_asked_for_again() -> None:
    policy = answering(5)
    policy.ask()
    policy.keep_asking(Impatient())
    assert policy.current().max_receive_count == 5


def test_a_stop_ends_the_asking() -> None:
    policy, stopping = answering(), Event()
    stopping.set()
    policy.keep_asking(stopping)
    assert not policy.current().known


def test_a_queue_without_a_dead_letter_queue_is_known_and_told() -> None:
    policy = answering(None)
    with capture_logs() as logs:
        policy.ask()
    assert policy.current() == Redrive(known=True, max_receive_count=None)
    assert [entry["action"] for entry in logs] == ["no_dead_letter_queue"]
