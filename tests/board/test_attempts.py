"""How often somebody may try a password."""

import pytest

from board.attempts import BURST, BURST_OF_ALL, Attempts, household


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock: Clock) -> Attempts:
    return Attempts(clock)


def fail(attempts: Attempts, *who: str, stranger: bool = True) -> None:
    for one in who:
        attempts.failed(one, stranger=stranger)


def test_some_at_once_are_free_and_then_one_each_half_minute(attempts: Attempts, clock: Clock) -> None:
    fail(attempts, *["a"] * (BURST - 1))
    assert attempts.wait("a", stranger=True) == 0
    fail(attempts, "a")
    assert attempts.wait("a", stranger=True) == 30
    clock.seconds += 30
    assert attempts.wait("a", stranger=True) == 0
    fail(attempts, "a")
    assert attempts.wait("a", stranger=True) == 30


def test_after_a_while_all_is_forgotten(attempts: Attempts, clock: Clock) -> None:
    fail(attempts, *["a"] * BURST)
    clock.seconds += 30 * BURST
    fail(attempts, *["a"] * (BURST - 1))
    assert attempts.wait("a", stranger=True) == 0


def test_all_strangers_together_have_a_limit_of_their_own(attempts: Attempts, clock: Clock) -> None:
    fail(attempts, *(f"host-{number}" for number in range(BURST_OF_ALL)))
    assert attempts.wait("another", stranger=True) == 2
    assert attempts.wait("who has logged in before", stranger=False) == 0
    clock.seconds += 2
    assert attempts.wait("another", stranger=True) == 0


def test_who_has_logged_in_before_may_not_guess_without_end_either(attempts: Attempts) -> None:
    fail(attempts, *["known"] * BURST, stranger=False)
    assert attempts.wait("known", stranger=False) == 30
    assert attempts.wait("a stranger", stranger=True) == 0


def test_what_is_kept_does_not_grow_with_what_is_tried(attempts: Attempts, clock: Clock) -> None:
    for number in range(20_000):
        if attempts.wait(f"host-{number}", stranger=True) == 0:
            fail(attempts, f"host-{number}")
        clock.seconds += 0.5
    assert len(attempts._free_at) < 100


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("testclient", "testclient"), ("", "")],
)
def test_a_household_has_a_whole_network_of_ipv6(address: str, counted_as: str) -> None:
    assert household(address) == counted_as
