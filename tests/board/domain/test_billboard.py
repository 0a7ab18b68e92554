"""Which mood a billboard shows."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.billboard import Seen, Showing, after, begin, shares, turn
from board.domain.playlist import Item, Kind, Mood, Playlist

PARTY = Mood("happy", frozenset({"HAPPY", "SURPRISED"}), (Item(Kind.IMAGE, "party.jpg", 10),), min_dwell=20)
SEA = Mood("calm", frozenset({"CALM"}), (Item(Kind.IMAGE, "sea.jpg", 15),), min_dwell=5)
PLAYLIST = Playlist("calm", {"happy": PARTY, "calm": SEA})
DANCE = replace(PARTY, items=(Item(Kind.VIDEO, "dance.mp4", 30),), min_dwell=0)


def happy(at: float, of: float = 1.0, faces: float = 10.0) -> Seen:
    """So many `of` all faces are happy, the others calm."""
    return Seen(at, {"HAPPY": faces * of, "CALM": faces * (1 - of)})


def walk(playlist: Playlist, samples: list[Seen], until: float, step: float = 1.0) -> list[tuple[float, Showing]]:
    """What is shown at each look, from 0 on."""
    showing, found, now = begin(playlist, 0), [], 0.0
    while now <= until:
        showing = after(playlist, showing, samples, now)
        found.append((now, showing))
        now += step
    return found


def test_it_begins_with_the_default_and_stays_there_without_data() -> None:
    assert {showing.mood for _, showing in walk(PLAYLIST, [], 300)} == {"calm"}


def test_it_follows_the_mood_once_the_shown_one_has_had_its_time() -> None:
    shown = dict(walk(PLAYLIST, [happy(1)], 10))
    assert shown[4.0].mood == "calm"
    assert shown[5.0] == Showing("happy", 5.0)


def test_a_mood_stays_for_its_dwell_whatever_comes() -> None:
    samples = [happy(0), *(happy(at, of=0) for at in range(6, 60))]
    changes = [(now, showing.mood) for now, showing in walk(PLAYLIST, samples, 60) if showing.since == now]
    assert changes[:3] == [(0.0, "calm"), (5.0, "happy"), (25.0, "calm")]


def test_a_lead_below_the_margin_changes_nothing() -> None:
    samples = [happy(at, of=0.57) for at in range(0, 60, 10)]
    assert {showing.mood for _, showing in walk(PLAYLIST, samples, 60)} == {"calm"}
    samples = [happy(at, of=0.58) for at in range(0, 60, 10)]
    assert walk(PLAYLIST, samples, 60)[-1][1].mood == "happy"


def test_only_the_window_counts() -> None:
    samples = [happy(0, faces=100), happy(31, of=0)]
    assert after(PLAYLIST, Showing("happy", 0), samples, 31).mood == "calm"
    assert after(PLAYLIST, Showing("happy", 0), samples, 30).mood == "happy"


def test_too_few_faces_change_nothing() -> None:
    playlist = replace(PLAYLIST, min_faces=5)
    assert after(playlist, Showing("calm", 0), [happy(20, faces=4)], 20).mood == "calm"
    assert after(playlist, Showing("calm", 0), [happy(20, faces=5)], 20).mood == "happy"


def test_a_press_counts_for_a_minute_and_then_the_default_comes_back() -> None:
    shown = dict(walk(PLAYLIST, [happy(10, faces=1)], 120))
    assert shown[70.0].mood == "happy"
    assert shown[71.0] == Showing("calm", 71.0)


def test_emotions_of_no_mood_count_for_the_default() -> None:
    assert shares(PLAYLIST, [Seen(0, {"SAD": 3, "HAPPY": 1})]) == {"happy": 25, "calm": 75}


def test_an_emotion_of_two_moods_is_shared_between_them() -> None:
    playlist = replace(PLAYLIST, moods={"happy": PARTY, "calm": replace(SEA, when=frozenset({"CALM", "HAPPY"}))})
    assert shares(playlist, [Seen(0, {"HAPPY": 2})]) == {"happy": 50, "calm": 50}


def test_a_video_is_not_broken_off() -> None:
    playlist = replace(PLAYLIST, moods={"happy": DANCE, "calm": SEA})
    samples = [happy(0), *(happy(at, of=0, faces=1000) for at in range(10, 90, 5))]
    shown = dict(walk(playlist, samples, 90))
    assert shown[5.0] == Showing("happy", 5.0)
    assert {shown[float(now)].mood for now in range(5, 35)} == {"happy"}
    assert shown[35.0] == Showing("calm", 35.0)


def test_whoever_looks_late_sees_what_those_see_who_looked_all_the_time() -> None:
    playlist = replace(PLAYLIST, moods={"happy": DANCE, "calm": SEA})
    waiting = after(playlist, Showing("happy", 0), [happy(10, of=0)], 12)
    assert after(playlist, waiting, [happy(40, of=0)], 47).since == 30


def test_a_change_of_mind_before_a_videos_end_is_one() -> None:
    playlist = replace(PLAYLIST, moods={"happy": DANCE, "calm": SEA})
    waiting = after(playlist, Showing("happy", 0), [happy(10, of=0)], 12)
    assert waiting.then == Showing("calm", 30)
    assert after(playlist, waiting, [happy(10, of=0), happy(20, faces=1000)], 20) == Showing("happy", 0)


def test_a_mood_that_is_gone_from_the_file_gives_way_to_the_default() -> None:
    assert after(PLAYLIST, Showing("sad", 3), [], 9) == Showing("calm", 9)


def test_what_is_on_is_told_with_its_end() -> None:
    assert turn(PLAYLIST, Showing("calm", 100), 120).ends == 130


samples = st.lists(
    st.builds(happy, st.integers(0, 200).map(float), st.floats(0, 1), st.floats(0, 50)), max_size=40
).map(lambda found: sorted(found, key=lambda sample: sample.at))


@given(samples)
def test_the_dwell_is_held_always(found: list[Seen]) -> None:
    shown = walk(PLAYLIST, found, 240)
    for (now, one), (_, other) in pairwise(shown):
        if one.mood != other.mood:
            assert now + 1 - one.since >= PLAYLIST.moods[one.mood].min_dwell


@given(samples, st.floats(0, 240))
def test_what_comes_later_changes_nothing_now(found: list[Seen], now: float) -> None:
    past = [sample for sample in found if sample.at <= now]
    assert after(PLAYLIST, Showing("calm", 0), found, now) == after(PLAYLIST, Showing("calm", 0), past, now)


@pytest.mark.parametrize("of", [0.0, 0.5, 1.0])
@given(noise=st.lists(st.floats(-0.07, 0.07), min_size=30, max_size=30))
def test_at_a_border_it_does_not_flap(of: float, noise: list[float]) -> None:
    found = [happy(10.0 * number, of=min(1, max(0, of + wobble))) for number, wobble in enumerate(noise)]
    shown = walk(PLAYLIST, found, 300)
    assert sum(one.mood != other.mood for (_, one), (_, other) in pairwise(shown)) <= 1
