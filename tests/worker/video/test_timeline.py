from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.video import TICKS_PER_SECOND, AccessUnit, Codec
from worker.video.timeline import Timed, Timeline

FRAME = TICKS_PER_SECOND // 10
FIRST = TICKS_PER_SECOND // 15
"""How long a picture takes as long as nobody knows better."""


def sent(*shown: float) -> list[AccessUnit]:
    """Pictures in the order in which they are sent, each by how many frames after the first it is to be shown."""
    return [AccessUnit(Codec.H264, b"", number == 0, 700_000 + round(number * FRAME), 0.0) for number in shown]


def put(timeline: Timeline, units: Iterable[AccessUnit]) -> list[Timed]:
    """All of them, to the end."""
    return [timed for unit in units for timed in timeline.put(unit)] + timeline.rest()


def test_pictures_in_order_are_shown_as_they_are_decoded() -> None:
    timeline = Timeline()
    timed = put(timeline, sent(*range(7)))
    assert [picture.decoded_at for picture in timed] == [number * FRAME for number in range(7)]
    assert [picture.shown_at for picture in timed] == [picture.decoded_at for picture in timed]
    assert [picture.duration for picture in timed] == [FIRST, *[FRAME] * 6]
    assert timeline.seconds == pytest.approx(0.7)


def test_a_picture_is_given_out_once_four_have_come_after_it() -> None:
    timeline = Timeline()
    units = sent(*range(6))
    assert [len(timeline.put(unit)) for unit in units] == [0, 0, 0, 0, 1, 1]
    assert [timed.unit for timed in timeline.rest()] == units[2:]
    assert timeline.rest() == []


def test_a_picture_that_four_are_shown_before_is_decoded_in_its_turn() -> None:
    timed = put(Timeline(), sent(0, 5, 4, 3, 2, 1, *range(6, 12)))
    assert [picture.decoded_at for picture in timed[:5]] == [number * FRAME for number in range(5)]


@pytest.mark.parametrize("seconds", [0.5, 1.0])
def test_a_pause_of_up_to_a_second_is_a_picture_that_takes_so_long(seconds: float) -> None:
    timeline = Timeline()
    timed = put(timeline, sent(0, 1, 1 + 10 * seconds))
    assert timed[-1].duration == round(seconds * TICKS_PER_SECOND)
    assert timeline.seconds == pytest.approx(0.1 + 2 * seconds)


def test_a_gap_of_more_than_a_second_is_nobody_s_duration() -> None:
    timeline = Timeline()
    timed = put(timeline, sent(0, 1, 2, 12.1))
    assert [picture.duration for picture in timed] == [FIRST, FRAME, FRAME, FRAME]
    assert timeline.seconds == pytest.approx(1.31)


def test_a_single_picture_takes_a_fifteenth_of_a_second() -> None:
    timeline, [unit] = Timeline(), sent(0)
    assert timeline.seconds == 0
    assert put(timeline, [unit]) == [Timed(unit, 0, 0, FIRST)]
    assert timeline.seconds == pytest.approx(1 / 15)


def test_the_seconds_of_a_clip_begin_with_the_picture_that_is_shown_first() -> None:
    """Not with what it is decoded ahead of that."""
    timeline = Timeline()
    timed = put(timeline, sent(0, 3, 1, 2, 6, 4, 5))
    assert timed[0].shown_at > 0
    assert timeline.seconds == pytest.approx(0.7)


@given(st.integers(1, 5).flatmap(lambda length: st.permutations(range(1, length + 1))), st.integers(1, 6))
def test_pictures_that_change_places_are_shown_at_their_times(group: list[int], rounds: int) -> None:
    order = [0, *(number + len(group) * past for past in range(rounds) for number in group)]
    timed = put(Timeline(), sent(*order))
    assert [picture.unit.ticks for picture in timed] == [unit.ticks for unit in sent(*order)]
    first = timed[0]
    assert first.decoded_at == 0
    for picture in timed:
        # A tick for each that is decoded in a row without a time of its own.
        late = picture.shown_at - first.shown_at - (picture.unit.ticks - first.unit.ticks)
        assert 0 <= late <= len(group)


@given(st.lists(st.integers(-20, 200), min_size=1, max_size=30))
def test_whatever_a_camera_s_clock_does_each_is_decoded_after_the_one_before_and_not_after_it_is_shown(
    numbers: list[int],
) -> None:
    timeline = Timeline()
    units = sent(*numbers)
    timed = put(timeline, units)
    assert [picture.unit for picture in timed] == units
    assert all(before.decoded_at < after.decoded_at for before, after in pairwise(timed))
    assert all(0 <= picture.decoded_at <= picture.shown_at and picture.duration > 0 for picture in timed)
    assert timeline.seconds > 0
