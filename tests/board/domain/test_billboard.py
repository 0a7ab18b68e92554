"""Which mood is shown: by samples and time alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.billboard import ALONE_SECONDS, Seen, Showing, after, begin, shares, turn
from board.domain.playlist import Item, Kind, Mood, Playlist

IMAGE, VIDEO = Item(Kind.IMAGE, "a.jpg", 10.0), Item(Kind.VIDEO, "v.mp4", 7.0)
HAPPY = Mood("happy", frozenset({"HAPPY", "SURPRISED"}), (IMAGE,), min_dwell=20.0)
CALM = Mood("calm", frozenset({"CALM"}), (IMAGE,), min_dwell=5.0)
SAD = Mood("sad", frozenset({"SAD", "CALM"}), (IMAGE,), min_dwell=0.0)
START = 1_700_000_000.0


def playlist(*moods: Mood, **more: float) -> Playlist:
    return Playlist("calm", {mood.name: mood for mood in moods or (HAPPY, CALM)}, **more)


def seen(at: float, **faces: float) -> Seen:
    return Seen(START + at, faces)


def moods(listed: Playlist, samples: list[Seen], until: int, start: Showing | None = None) -> list[str]:
    """What is shown second by second."""
    showing, shown = start or begin(listed, START), []
    for second in range(until):
        showing = after(listed, showing, samples, START + second)
        shown.append(showing.mood)
    return shown


def test_without_data_it_is_the_default() -> None:
    assert set(moods(playlist(), [], 200)) == {"calm"}


def test_a_mood_takes_over_when_the_shown_one_has_had_its_time() -> None:
    assert moods(playlist(), [seen(0, HAPPY=1)], 7) == ["calm"] * 5 + ["happy"] * 2


def test_the_shown_mood_stays_for_its_dwell() -> None:
    samples = [seen(at, **({"HAPPY": 3} if at < 10 else {"CALM": 3})) for at in range(60)]
    shown = moods(playlist(window_seconds=1.0), samples, 60)
    assert shown.index("happy") == 5
    assert shown[5:25] == ["happy"] * 20
    assert shown[25] == "calm"


def test_nobody_for_a_minute_leads_back_to_the_default() -> None:
    shown = moods(playlist(), [seen(0, HAPPY=1)], 80)
    assert shown[int(ALONE_SECONDS)] == "happy"
    assert shown[int(ALONE_SECONDS) + 1] == "calm"


def test_a_press_counts_for_a_minute_however_short_the_window_is() -> None:
    assert moods(playlist(window_seconds=1.0), [seen(0, HAPPY=1)], 40)[-1] == "happy"


def test_a_leader_by_less_than_the_margin_does_not_take_over() -> None:
    below = [seen(0, HAPPY=57, CALM=43)]
    at_margin = [seen(0, HAPPY=57.5, CALM=42.5)]
    assert moods(playlist(switch_margin=15.0), below, 30)[-1] == "calm"
    assert moods(playlist(switch_margin=15.0), at_margin, 30)[-1] == "happy"


def test_of_two_that_lead_alike_the_shown_one_stays() -> None:
    alike = [seen(0, HAPPY=5, CALM=5)]
    for first in ("happy", "calm"):
        assert set(moods(playlist(switch_margin=0.0), alike, 40, Showing(first, START))) == {first}


def test_fewer_faces_than_are_asked_for_count_for_nobody() -> None:
    assert moods(playlist(min_faces=3), [seen(0, HAPPY=2.9)], 30)[-1] == "calm"
    assert moods(playlist(min_faces=3), [seen(0, HAPPY=3)], 30)[-1] == "happy"
    lonely = [seen(0, HAPPY=3), *(seen(at, HAPPY=1) for at in range(10, 90, 10))]
    assert moods(playlist(min_faces=3), lonely, 90)[-1] == "calm"


def test_an_empty_room_is_nobody_also_where_no_face_is_asked_for() -> None:
    left = [seen(0, HAPPY=3), *(seen(at) for at in range(10, 90, 10))]
    assert moods(playlist(min_faces=0), left, 90)[60:62] == ["happy", "calm"]


def test_an_emotion_of_no_mood_counts_for_the_default_and_one_of_two_for_both() -> None:
    found = shares(playlist(HAPPY, CALM, SAD), [seen(0, HAPPY=2, ANGRY=1, CALM=1)])
    assert found == {"happy": 50.0, "calm": 37.5, "sad": 12.5}


def test_the_moods_of_a_window_are_averaged() -> None:
    samples = [seen(0, CALM=6), seen(10, CALM=6), seen(20, HAPPY=9)]
    assert moods(playlist(window_seconds=30.0), samples, 40)[-1] == "calm"
    assert moods(playlist(window_seconds=10.0), samples, 40)[-1] == "happy"


def test_a_window_does_not_reach_to_the_sample_that_is_as_old_as_itself() -> None:
    samples = [seen(0, CALM=9), seen(10, HAPPY=9)]
    assert moods(playlist(window_seconds=10.0), samples, 20)[-1] == "happy"
    assert moods(playlist(window_seconds=10.1), samples, 20)[-1] == "calm"


def test_what_lies_ahead_counts_only_when_it_is_there() -> None:
    assert moods(playlist(), [seen(30, HAPPY=1)], 31) == ["calm"] * 30 + ["happy"]


def test_a_video_is_not_broken_off() -> None:
    filmed = Mood("calm", frozenset({"CALM"}), (VIDEO,), min_dwell=0.0)
    shown = moods(playlist(filmed, HAPPY), [seen(2, HAPPY=1)], 9)
    assert shown == ["calm"] * 7 + ["happy"] * 2
    showing = after(playlist(filmed, HAPPY), begin(playlist(filmed, HAPPY), START), [seen(2, HAPPY=1)], START + 2)
    assert after(playlist(filmed, HAPPY), showing, [seen(2, HAPPY=1)], START + 8).since == START + 7


def test_between_two_rounds_of_a_video_another_mood_takes_over_at_once() -> None:
    filmed = playlist(Mood("calm", frozenset({"CALM"}), (VIDEO,)), HAPPY)
    assert after(filmed, begin(filmed, START), [seen(7, HAPPY=1)], START + 7) == Showing("happy", START + 7)


def test_a_mood_that_passes_while_a_video_is_on_is_never_shown() -> None:
    filmed = Mood("calm", frozenset({"CALM"}), (VIDEO,), min_dwell=0.0)
    samples = [seen(1, HAPPY=1), seen(4, CALM=1)]
    assert set(moods(playlist(filmed, HAPPY, window_seconds=1.0), samples, 30)) == {"calm"}


def test_a_mood_that_the_file_has_no_more_gives_way_to_the_default() -> None:
    assert after(playlist(), Showing("gone", START), [], START + 1) == Showing("calm", START + 1)
    pending = Showing("calm", START, Showing("gone", START + 7))
    assert after(playlist(), pending, [], START + 8).mood == "calm"


def test_a_clock_that_is_set_back_stops_nothing() -> None:
    showing = after(playlist(), Showing("happy", START + 3600), [seen(0, CALM=1)], START)
    assert showing == Showing("happy", START)
    assert turn(playlist(), showing, START).ends == START + 10


@pytest.mark.parametrize("mood", [{}, {"HAPPY": 0.0}])
def test_nothing_is_divided_by_nobody(mood: dict[str, float]) -> None:
    assert moods(playlist(min_faces=0), [Seen(START, mood)], 3) == ["calm"] * 3
    assert shares(playlist(), [Seen(START, mood)]) == {"happy": 0, "calm": 0}


EMOTION = st.sampled_from(("HAPPY", "CALM", "SAD", "ANGRY"))
FACES = st.dictionaries(EMOTION, st.floats(0, 20), max_size=4)
SAMPLES = st.lists(st.builds(Seen, st.floats(START, START + 300), FACES), max_size=30)
STEPS = st.lists(st.floats(0.05, 20), min_size=1, max_size=60)
LISTED = st.builds(
    playlist,
    st.builds(Mood, st.just("happy"), st.just(HAPPY.when), st.sampled_from([(IMAGE,), (VIDEO,)]), st.floats(0, 40)),
    st.builds(Mood, st.just("calm"), st.just(CALM.when), st.sampled_from([(IMAGE,), (IMAGE, VIDEO)]), st.floats(0, 40)),
    st.builds(Mood, st.just("sad"), st.just(SAD.when), st.just((IMAGE, IMAGE)), st.floats(0, 40)),
    window_seconds=st.floats(1, 60),
    min_faces=st.floats(0, 3),
    switch_margin=st.floats(0, 50),
)


def course(listed: Playlist, samples: list[Seen], steps: list[float]) -> list[tuple[float, Showing]]:
    now, showing = START, begin(listed, START)
    shown = []
    for step in steps:
        now += step
        showing = after(listed, showing, [sample for sample in samples if sample.at <= now], now)
        shown.append((now, showing))
    return shown


@given(LISTED, SAMPLES, STEPS)
def test_the_dwell_is_held_and_time_goes_on_whatever_is_seen(
    listed: Playlist, samples: list[Seen], steps: list[float]
) -> None:
    shown = course(listed, samples, steps)
    for (_, before), (now, showing) in pairwise([(START, begin(listed, START)), *shown]):
        assert before.since <= showing.since <= now
        if showing.mood != before.mood:
            assert showing.since - before.since >= listed.moods[before.mood].min_dwell
            on = turn(listed, before, showing.since - 1e-6)
            # A video was not broken off.
            assert on.item.kind is Kind.IMAGE or showing.since == pytest.approx(on.ends, abs=1e-3)
        on = turn(listed, showing, now)
        assert on.begins <= now + 1e-3
        assert on.ends > now


@given(LISTED, SAMPLES, STEPS)
def test_the_same_samples_at_the_same_times_show_the_same(
    listed: Playlist, samples: list[Seen], steps: list[float]
) -> None:
    assert course(listed, samples, steps) == course(listed, list(reversed(samples)), steps)


@given(st.lists(st.floats(43, 57), min_size=1, max_size=60), st.sampled_from(["happy", "calm"]))
def test_nothing_flaps_at_the_border(happy: list[float], first: str) -> None:
    """Within the margin whatever is shown stays, also without a dwell."""
    still = playlist(
        Mood("happy", HAPPY.when, (IMAGE,)), Mood("calm", CALM.when, (IMAGE,)), window_seconds=1.0, switch_margin=15.0
    )
    samples = [seen(at, HAPPY=share, CALM=100 - share) for at, share in enumerate(happy)]
    assert set(moods(still, samples, len(happy), Showing(first, START))) == {first}
