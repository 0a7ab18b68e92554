import math
import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.audience import ONE, RULES, START, crowd, every, face, faces, levels, watched
from worker.domain.audience import Audience, observe
from worker.domain.audience_face import AudienceFace, Judgement, Pose
from worker.domain.level import Level, due
from worker.domain.section import Figures, Reading, Rules
from worker.domain.sections import read_grid

CALIBRATED = every(5, 13, crowd(8))
"""The last of them, at 60 s, is the first with a level."""

scenes = st.lists(st.tuples(st.floats(0, 120), st.lists(faces, max_size=9).map(tuple)), max_size=25)
"""Seconds since the frame before, and the faces in it."""


def at_their_times(scene: list[tuple[float, tuple[AudienceFace, ...]]]) -> list[tuple[float, tuple[AudienceFace, ...]]]:
    passed = 0.0
    frames = []
    for seconds, seen in scene:
        passed += seconds
        frames.append((passed, seen))
    return frames


class TestCalibration:
    def test_takes_a_minute_with_enough_faces(self) -> None:
        assert levels(watched(CALIBRATED)[1]) == ["calibrating"] * 12 + ["green"]

    def test_counts_the_section_s_own_seconds(self) -> None:
        few = every(5, 10, crowd(4), start=30)
        told = watched([*every(5, 6, crowd(8)), *few, *every(5, 8, crowd(8), start=80)])[1]
        assert levels(told) == ["calibrating"] * 6 + ["too_few"] * 10 + ["calibrating"] * 6 + ["green"] * 2

    def test_is_not_done_by_a_gap(self) -> None:
        assert levels(watched([(0, crowd(8)), (3600, crowd(8)), (3605, crowd(8))])[1]) == ["calibrating"] * 3

    def test_finds_where_most_look_which_need_not_be_the_camera(self) -> None:
        seated = (*(face(33.0 + index, -8.0) for index in range(5)), face(-50.0, 20.0))
        audience, told = watched(every(5, 13, seated))
        assert audience.sections["room"].baseline == Pose(34.5, -8.0)
        figures = told[-1].sections["room"].figures
        assert figures is not None
        assert figures.facing == pytest.approx(5)

    def test_tells_meanwhile_how_many_are_there_and_no_more(self) -> None:
        assert watched(CALIBRATED[:1])[1][0].sections["room"] == Reading(
            Level.CALIBRATING, Figures(faces=8, expected=8, smiling=0)
        )


def test_a_minute_by_hand() -> None:
    _, told = watched([*CALIBRATED, (65, crowd(8, away=4)), (70, crowd(6))])
    figures = [frame.sections["room"].figures for frame in told[-3:]]
    assert [one.score for one in figures if one] == pytest.approx([80, 40, 60])
    assert [(one.expected, one.facing) for one in figures if one] == [(8, 8), (8, 4), (8, 6)]
    first = 80 + (1 - math.exp(-0.25)) * (40 - 80)
    smoothed = [one.smoothed for one in figures if one]
    assert smoothed == pytest.approx([80, first, first + (1 - math.exp(-0.25)) * (60 - first)])


def test_who_turns_right_away_and_is_not_found_is_still_expected() -> None:
    _, told = watched([*every(5, 40, crowd(10)), (200, crowd(5))])
    figures = told[-1].sections["room"].figures
    assert figures is not None
    assert (figures.faces, figures.expected, figures.score) == (5, 10, 40)


def test_who_has_left_for_ten_minutes_is_not() -> None:
    _, told = watched([*every(5, 40, crowd(10)), *every(5, 130, crowd(5), start=200)])
    figures = told[-1].sections["room"].figures
    assert figures is not None
    assert (figures.expected, figures.score) == (5, 80)


def test_too_few_is_shown_at_once_and_a_colour_as_soon_as_there_are_enough_again() -> None:
    told = watched([*CALIBRATED, (65, crowd(4)), (70, crowd(8))])[1]
    assert levels(told)[-3:] == ["green", "too_few", "green"]
    assert told[-2].sections["room"] == Reading(Level.TOO_FEW)


def test_faces_that_cannot_be_measured_are_not_enough_but_are_counted_altogether() -> None:
    covered = replace(face(), occluded=Judgement(value=True, confidence=95.0))
    told = watched([(0, (*crowd(4), covered, AudienceFace(middle=None, pose=Pose(0, 0))))])[1]
    assert (told[0].faces, levels(told)) == (6, ["too_few"])


def test_a_face_is_measured_where_its_middle_lies() -> None:
    grid = read_grid("2x1")
    seen = (*crowd(6, middle=(0.2, 0.5)), *crowd(5, middle=(0.5, 0.5)))
    _, told = watched([(0, seen)], Audience.unseen(grid))
    assert list(told[0].sections) == ["left", "right"]
    assert [one.figures and one.figures.faces for one in told[0].sections.values()] == [6, 5]


def test_a_mood_is_told_of_enough_faces_altogether() -> None:
    happy = replace(face(), emotions={"HAPPY": 90.0, "CALM": 5.0})
    unsure = replace(face(), emotions={"SAD": 40.0})
    told = watched([(0, (happy, happy, unsure, *crowd(2))), (5, (happy, happy, unsure, *crowd(1)))])[1]
    assert [frame.mood for frame in told] == [{"HAPPY": 2}, None]


def test_a_real_drop_shows_within_25_seconds_and_a_return_as_soon() -> None:
    told = watched([*CALIBRATED, *every(5, 20, crowd(8, away=8), start=65), *every(5, 20, crowd(8), start=165)])[1]
    seconds = {round(frame.at - START): level for frame, level in zip(told, levels(told), strict=True)}
    assert [seconds[60], seconds[60 + 25], seconds[160]] == ["green", "red", "red"]
    # From nothing to 65 takes longer than from 80 to 55: 80 is what those who do not smile come to.
    assert [seconds[165 + 15], seconds[165 + 25], seconds[165 + 45]] == ["red", "yellow", "green"]


@pytest.mark.parametrize(("facing", "naive"), [(0.75, 100), (0.5, 100)])
def test_at_a_border_a_level_does_not_flicker(facing: float, naive: int) -> None:
    """Eight faces, each turned away or not by chance, so that the score lies at a border: 60 or 40 in the mean."""
    hours = 6
    chance = random.Random(14)  # noqa: S311 - noise
    frames = [
        (5.0 * index, crowd(8, away=sum(chance.random() > facing for _ in range(8)))) for index in range(720 * hours)
    ]
    told = watched([*CALIBRATED, *((65 + at, seen) for at, seen in frames)])[1][len(CALIBRATED) :]
    figures = [frame.sections["room"].figures for frame in told]
    bare = [due(one.smoothed, None) for one in figures if one and one.smoothed is not None]
    assert changes(bare) / hours > naive
    assert 0 < changes(levels(told)) / hours <= 22


def changes(shown: Iterable[str]) -> int:
    return sum(before != after for before, after in pairwise(shown))


@settings(max_examples=60)
@given(scenes)
def test_no_level_and_no_figure_is_told_of_fewer_than_five_faces(
    scene: list[tuple[float, tuple[AudienceFace, ...]]],
) -> None:
    frames = at_their_times(scene)
    rules = Rules(calibrate_seconds=20)
    grid = read_grid("2x1")
    for (_, seen), frame in zip(frames, watched(frames, Audience.unseen(grid), rules)[1], strict=True):
        for name, reading in frame.sections.items():
            seated = [one for one in seen if one.middle and grid.section_at(one.middle) == name]
            if len(seated) < RULES.min_faces:
                assert reading == Reading(Level.TOO_FEW)
            if reading.figures is not None:
                assert RULES.min_faces <= reading.figures.faces <= len(seated)
                assert all(
                    0 <= value <= 100.000001 for value in (reading.figures.score, reading.figures.smoothed) if value
                )
        assert (frame.mood is None) == (len(seen) < RULES.min_faces)


@settings(max_examples=40)
@given(scenes, st.randoms(use_true_random=False))
def test_the_order_of_faces_does_not_matter(
    scene: list[tuple[float, tuple[AudienceFace, ...]]], chance: random.Random
) -> None:
    frames = at_their_times(scene)
    shuffled = [(at, tuple(chance.sample(seen, len(seen)))) for at, seen in frames]
    rules = Rules(calibrate_seconds=20)
    assert watched(frames, rules=rules)[1] == watched(shuffled, rules=rules)[1]


@given(st.integers(5, 20), st.data())
def test_a_score_does_not_rise_with_a_face_that_is_no_longer_found(count: int, data: st.DataObject) -> None:
    away = data.draw(st.integers(0, count))
    lost = data.draw(st.integers(0, count - 5))
    audience, _ = watched(every(5, 13, crowd(count)))
    scores = []
    for seen in (crowd(count, away), crowd(count, away)[lost:], crowd(count, away)[: count - lost]):
        figures = observe(audience, seen, START + 65, RULES)[1].sections["room"].figures
        assert figures is not None
        assert figures.score is not None
        scores.append(figures.score)
    assert max(scores) == scores[0]


@given(st.floats(0.001, 1e8), st.integers(0, 8))
def test_a_gap_of_any_length_recovers(gap: float, away: int) -> None:
    """Ten minutes and a half of frames after it, a watch stands where it would without anything before."""
    before, _ = watched(CALIBRATED)
    after = every(5, 126, crowd(8, away=away), start=60 + gap)
    told = watched(after, before)[1]
    figures = told[-1].sections["room"].figures
    assert figures is not None
    assert figures.smoothed == pytest.approx(10 * (8 - away), abs=0.01)
    assert figures.expected == 8


def test_after_a_long_gap_the_first_frame_shows_what_it_sees() -> None:
    before, _ = watched(CALIBRATED)
    assert levels(watched([(60 + 90, crowd(8, away=8))], before)[1]) == ["red"]


def test_a_watch_does_not_grow_without_an_end() -> None:
    audience, _ = watched(every(1, 2000, crowd(8)), Audience.unseen(ONE))
    section = audience.sections["room"]
    assert len(section.counts) == 601
    assert section.calibration.poses == ()
