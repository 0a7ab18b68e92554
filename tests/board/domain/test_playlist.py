"""Which item of a mood is on."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.playlist import Item, Kind, Mood, Playlist, turn_at

ITEMS = st.lists(
    st.builds(Item, st.just(Kind.IMAGE), st.text("abc"), st.floats(1, 100), st.integers(1, 20)), min_size=1, max_size=12
)


def mood(*items: Item) -> Mood:
    return Mood("calm", frozenset(), items)


def image(name: str, seconds: float = 10.0, weight: int = 1, version: str = "") -> Item:
    return Item(Kind.IMAGE, name, seconds, weight, version)


def test_items_follow_one_another_by_their_seconds() -> None:
    both = mood(image("a", 10), image("b", 5))
    on = [turn_at(both, 100.0, 100.0 + second).item.source for second in (0, 9.9, 10, 14.9, 15, 25)]
    assert on == ["a", "a", "b", "b", "a", "b"]


def test_a_round_is_as_long_as_its_items_with_their_weights() -> None:
    both = mood(image("a", 10, weight=2), image("b", 5))
    turns = [turn_at(both, 100.0, 100.0 + second) for second in (0, 10, 15, 24.9, 25)]
    assert [turn.item.source for turn in turns] == ["a", "b", "a", "a", "a"]
    assert [turn.begins for turn in turns] == [100, 110, 115, 115, 125]


def test_a_round_whose_fractions_do_not_quite_add_up_goes_on_with_the_next() -> None:
    turn = turn_at(mood(image("a", 18.1)), 1_700_000_000.0223222, 1_700_000_633.5223222)
    assert (turn.item.source, turn.ends > 1_700_000_633.5223222) == ("a", True)


def test_a_turn_tells_when_it_began_and_when_it_ends() -> None:
    turn = turn_at(mood(image("a", 10), image("b", 5)), 100.0, 127.0)
    assert (turn.item.source, turn.begins, turn.ends) == ("b", 125.0, 130.0)


@pytest.mark.parametrize(
    ("weights", "order"), [((1,), "a"), ((1, 1), "ab"), ((2, 1), "aba"), ((1, 3), "babb"), ((2, 1, 1), "abca")]
)
def test_a_heavier_item_comes_more_often_and_not_all_at_once(weights: tuple[int, ...], order: str) -> None:
    items = [image("abc"[number], weight=weight) for number, weight in enumerate(weights)]
    assert "".join("abc"[number] for number in mood(*items).order) == order


@given(ITEMS)
def test_in_a_round_each_item_comes_as_often_as_its_weight(items: list[Item]) -> None:
    assert Counter(mood(*items).order) == {number: item.weight for number, item in enumerate(items)}


@given(ITEMS, st.floats(0, 2e9), st.floats(-100, 1e7))
def test_there_is_an_item_at_any_time(items: list[Item], since: float, elapsed: float) -> None:
    now = since + elapsed
    turn = turn_at(mood(*items), since, now)
    assert turn.ends > now
    assert turn.begins <= max(now, since) + 1e-3
    assert turn_at(mood(*items), since, now) == turn


def test_a_playlist_is_another_one_when_something_else_would_be_seen() -> None:
    one = Playlist("calm", {"calm": mood(image("a", version="1"))})
    assert one.version == Playlist("calm", {"calm": mood(image("a", version="1"))}, switch_margin=40.0).version
    assert one.version != Playlist("calm", {"calm": mood(image("a", version="2"))}).version


def test_only_a_file_is_found_as_a_file() -> None:
    listed = Playlist("calm", {"calm": mood(image("a.jpg"), Item(Kind.URL, "https://example.org/", 10.0))})
    assert listed.file("a.jpg") == image("a.jpg")
    assert listed.file("https://example.org/") is None
    assert listed.file("b.jpg") is None
