import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.level import Level, Shown, due, show, smooth, trend

GREEN, YELLOW, RED = Level.GREEN, Level.YELLOW, Level.RED


def test_a_score_is_smoothed_over_twenty_seconds() -> None:
    assert smooth(80.0, 20.0, 20.0) == pytest.approx(20 + 60 / math.e)
    assert smooth(80.0, 20.0, 0.0) == 80.0
    assert smooth(50.0, 100.0, 5.0) == pytest.approx(61.0599608)


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 1e9))
def test_a_smoothed_score_lies_between_what_it_was_and_the_new_score(was: float, new: float, seconds: float) -> None:
    assert min(was, new) - 1e-9 <= smooth(was, new, seconds) <= max(was, new) + 1e-9


@given(st.floats(0, 100), st.floats(0, 100), st.floats(600, 1e9))
def test_after_a_gap_of_any_length_the_new_score_stands(was: float, new: float, seconds: float) -> None:
    assert smooth(was, new, seconds) == pytest.approx(new, abs=1e-6)


@pytest.mark.parametrize(
    ("smoothed", "shown", "level"),
    [
        *((60.0, None, GREEN), (59.9, None, YELLOW), (40.1, None, YELLOW), (40.0, None, RED)),
        *((64.9, YELLOW, YELLOW), (65.0, YELLOW, GREEN), (55.0, GREEN, GREEN), (54.9, GREEN, YELLOW)),
        *((35.1, YELLOW, YELLOW), (35.0, YELLOW, RED), (45.0, RED, RED), (45.1, RED, YELLOW)),
        *((64.9, RED, YELLOW), (65.0, RED, GREEN), (35.1, GREEN, YELLOW), (35.0, GREEN, RED)),
    ],
)
def test_a_level_is_entered_five_points_beyond_its_border_and_left_five_before(
    smoothed: float, shown: Level | None, level: Level
) -> None:
    assert due(smoothed, shown) is level


def test_the_first_level_is_shown_at_once() -> None:
    assert show(None, 20.0, 0.0, silent=0.0) == Shown(RED)


def test_another_level_is_shown_once_it_has_been_due_for_ten_seconds() -> None:
    shown = Shown(GREEN)
    for at, level in [(0.0, GREEN), (5.0, GREEN), (9.0, GREEN), (9.9, YELLOW)]:
        shown = show(shown, 50.0, at, silent=5.0)
        assert shown.level is level
    assert shown == Shown(YELLOW)


def test_a_level_that_was_not_due_in_between_begins_again() -> None:
    shown = show(Shown(GREEN), 50.0, 0.0, silent=5.0)
    shown = show(shown, 56.0, 5.0, silent=5.0)
    shown = show(shown, 50.0, 10.0, silent=5.0)
    assert show(shown, 50.0, 15.0, silent=5.0).level is GREEN
    assert show(shown, 50.0, 20.0, silent=5.0).level is YELLOW


def test_who_falls_through_yellow_while_it_is_held_is_shown_red() -> None:
    shown = show(Shown(GREEN), 50.0, 0.0, silent=5.0)
    assert show(shown, 30.0, 10.0, silent=5.0).level is RED


def test_after_a_gap_nothing_is_held_and_hysteresis_stays() -> None:
    assert show(Shown(GREEN), 20.0, 0.0, silent=31.0) == Shown(RED)
    assert show(Shown(GREEN), 57.0, 0.0, silent=31.0) == Shown(GREEN)
    assert show(Shown(GREEN), 20.0, 0.0, silent=30.0) == Shown(GREEN, other_since=0.0)


@pytest.mark.parametrize(
    ("past", "change"),
    [
        ([], None),
        ([(0.0, 50.0)], None),
        ([(0.0, 50.0), (50.0, 60.0)], None),
        ([(0.0, 50.0), (10.0, 55.0), (60.0, 62.0)], 12.0),
        ([(0.0, 50.0), (10.0, 55.0), (70.1, 62.0)], 7.0),
        ([(0.0, 50.0), (90.0, 40.0)], -10.0),
        ([(0.0, 50.0), (91.0, 40.0)], None),
    ],
)
def test_a_trend_is_the_change_in_a_minute_where_that_is_known(
    past: list[tuple[float, float]], change: float | None
) -> None:
    assert trend(past) == change
