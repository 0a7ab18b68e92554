import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.worker.audience import ONE, START, crowd, every, face, item, levels, watched
from worker.domain.audience import Audience, Frame
from worker.domain.audience_face import AudienceFace, Pose
from worker.domain.bucket import Bucket, bucket_item, collect
from worker.domain.level import Level, Shown
from worker.domain.record import Attributes
from worker.domain.section import Smoothed
from worker.domain.watch_state import baseline_item, resume

Scene = list[tuple[float, tuple[AudienceFace, ...]]]
LATE = 4.999
"""Within a step of five seconds: so late that the last frame of a bucket comes at its end."""


def kept(frames: list[Frame]) -> list[Attributes]:
    bucket: Bucket | None = None
    done: list[Bucket] = []
    for frame in frames:
        bucket, over = collect(bucket, frame)
        done += [over] if over else []
    assert bucket is not None
    return [bucket_item(one, "lobby", "watch", 5) for one in [*done, bucket]]


def taken_over(before: Audience, told: list[Frame]) -> Audience:
    """What another worker makes of what the table holds, once the last bucket is written."""
    return resume(ONE, baseline_item(before), kept(told)[-60:])


def smoothed(frames: list[Frame]) -> list[float | None]:
    figures = [frame.sections["room"].figures for frame in frames]
    return [one.smoothed if one else None for one in figures]


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=40), st.lists(st.integers(0, 9), max_size=40), st.floats(0, 600)
)
def test_who_takes_over_goes_on_as_if_nothing_had_happened(first: list[int], then: list[int], gap: float) -> None:
    """But for a level that was due and not yet shown: for how long it has been is not kept."""
    calibration = every(5, 14, crowd(9), start=LATE)
    first = first[: len(first) // 2 * 2]
    scene = [*calibration, *((LATE + 70 + 5 * index, crowd(9, away)) for index, away in enumerate(first))]
    rest = [(scene[-1][0] + 5 + gap + 5 * index, crowd(9, away)) for index, away in enumerate(then)]
    before, told = watched(scene)
    state = before.sections["room"].smoothed
    assume(state is not None and state.shown.other_since is None)
    on = watched(rest, before)[1]
    over = watched(rest, taken_over(before, told))[1]
    assert smoothed(over) == pytest.approx(smoothed(on), abs=0.02)
    assert levels(over) == levels(on)


def test_a_section_that_was_calibrated_is_not_calibrated_again() -> None:
    before, told = watched(every(5, 14, crowd(8), start=LATE))
    assert levels(watched([(115, crowd(8))], taken_over(before, told))[1]) == ["green"]


def test_a_section_that_was_not_begins_again() -> None:
    before, told = watched(every(5, 12, crowd(8), start=LATE))
    assert baseline_item(before) == {}
    after = watched(every(5, 14, crowd(8), start=105), taken_over(before, told))[1]
    assert set(levels(after)[:6]) == {"calibrating"}
    assert levels(after)[-1] == "green"


def test_who_was_expected_is_still_expected() -> None:
    before, told = watched([*every(5, 40, crowd(10), start=LATE)])
    figures = watched([(250, crowd(5))], taken_over(before, told))[1][0].sections["room"].figures
    assert figures is not None
    assert (figures.expected, figures.score) == (10, 40)


def test_a_section_with_too_few_goes_on_from_its_last_score() -> None:
    before, told = watched([*every(5, 14, crowd(8), start=LATE), *every(5, 4, crowd(3), start=70 + LATE)])
    assert taken_over(before, told).sections["room"].smoothed == Smoothed(80.0, START + 70, Shown(Level.GREEN))


def test_a_baseline_is_kept_as_plain_numbers() -> None:
    before, _ = watched(every(5, 13, (face(12.34567, -3.0),) * 5))
    assert baseline_item(before) == {"room": {"yaw": 12.346, "pitch": -3.0}}
    assert resume(ONE, {"room": {"yaw": 12, "pitch": -3}}, []).sections["room"].baseline == Pose(12.0, -3.0)


def test_a_watch_of_which_nothing_is_kept_begins() -> None:
    assert resume(ONE, {}, []) == Audience.unseen(ONE)


def test_a_bucket_that_knows_nothing_of_a_section_says_nothing_of_it() -> None:
    assert resume(ONE, {}, [item("2027-01-15T08:00:00", {"bar": {"level": "too_few"}})]) == Audience.unseen(ONE)
