"""Whose turn it is on a billboard."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.playlist import Item, Kind, Mood, turn_at

SEA = Item(Kind.IMAGE, "sea.jpg", 15, weight=2)
HILLS = Item(Kind.IMAGE, "hills.jpg", 10)
CALM = Mood("calm", frozenset({"CALM"}), (SEA, HILLS))

items = st.builds(
    Item,
    st.just(Kind.IMAGE),
    st.text("abc", min_size=1, max_size=3),
    st.floats(1, 60),
    st.integers(1, 5),
)
moods = st.builds(Mood, st.just("calm"), st.just(frozenset()), st.lists(items, min_size=1, max_size=5).map(tuple))


def test_the_heavier_item_comes_more_often_and_not_twice_at_once() -> None:
    assert CALM.turns == (SEA, HILLS, SEA)


@pytest.mark.parametrize(
    ("seconds", "item", "begins", "ends"),
    [
        (0, SEA, 0, 15),
        (14.9, SEA, 0, 15),
        (15, HILLS, 15, 25),
        (25, SEA, 25, 40),
        (40, SEA, 40, 55),
        (95, HILLS, 95, 105),
    ],
)
def test_each_has_its_seconds(seconds: float, item: Item, begins: float, ends: float) -> None:
    turn = turn_at(CALM, 1000, 1000 + seconds)
    assert (turn.item, turn.begins - 1000, turn.ends - 1000) == (item, begins, ends)


@given(moods)
def test_in_a_round_each_has_as_many_turns_as_its_weight(mood: Mood) -> None:
    wanted = Counter[Item]()
    for item in mood.items:
        wanted[item] += item.weight
    assert Counter(mood.turns) == wanted


@given(moods, st.floats(0, 10**9), st.floats(0, 10**5))
def test_there_is_always_one_on(mood: Mood, since: float, later: float) -> None:
    turn = turn_at(mood, since, since + later)
    assert turn.begins <= since + later < turn.ends
    assert turn.item in mood.items


@given(moods, st.lists(st.floats(0, 1000), min_size=2))
def test_time_goes_on(mood: Mood, moments: list[float]) -> None:
    turns = [turn_at(mood, 0, moment) for moment in sorted(moments)]
    assert all(one.begins <= other.begins for one, other in pairwise(turns))
