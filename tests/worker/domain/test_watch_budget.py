import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.watch_budget import affordable, dollars


@pytest.mark.parametrize(
    ("calls", "max_dollars", "may"),
    [
        *((0, 2.0, True), (1999, 2.0, True), (2000, 2.0, False), (2001, 2.0, False)),
        *((0, 0.001, True), (1, 0.001, False), (0, 0.0, False), (0, 0.0009, False)),
        *((569, 0.57, True), (570, 0.57, False), (289, 0.29, True)),
    ],
)
def test_a_call_is_made_while_it_stays_within_the_budget(calls: int, max_dollars: float, *, may: bool) -> None:
    assert affordable(calls, max_dollars) is may


def test_an_hour_of_a_call_every_five_seconds() -> None:
    assert dollars(720) == 0.72


@given(st.integers(1, 100_000))
def test_a_budget_of_whole_calls_is_used_up_and_not_exceeded(calls: int) -> None:
    assert affordable(calls - 1, dollars(calls))
    assert not affordable(calls, dollars(calls))
