from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.audience import START, crowd, every, face, faces, watched
from worker.domain.audience import Audience, Frame
from worker.domain.audience_face import AudienceFace
from worker.domain.bucket import Bucket, begin_of, bucket_item, collect
from worker.domain.record import Attributes
from worker.domain.section import Rules
from worker.domain.sections import read_grid

WATCH = "2027-01-15T07:59:58.000Z#6f1c"
AT_ONCE = Rules(calibrate_seconds=0)


def items(frames: list[Frame]) -> list[Attributes]:
    """Of all buckets, the last as it is at the end."""
    done: list[Bucket] = []
    bucket: Bucket | None = None
    for frame in frames:
        bucket, over = collect(bucket, frame)
        done += [over] if over else []
    return [bucket_item(one, "lobby", WATCH, 5) for one in [*done, *([bucket] if bucket else [])]]


def of(*seen: tuple[AudienceFace, ...], rules: Rules = AT_ONCE) -> Attributes:
    """The item of one bucket with these frames, two seconds apart."""
    (only,) = items(watched([(2.0 * index, those) for index, those in enumerate(seen)], rules=rules)[1])
    return only


def test_an_item_by_hand() -> None:
    smiling = replace(face(), emotions={"HAPPY": 90.0})
    assert of(crowd(8), (*crowd(5, away=1), smiling)) == {
        "camera": "audience/lobby",
        "capture_id": "2027-01-15T08:00:00.000Z",
        "watch": WATCH,
        "frames": 2,
        "faces": 7.0,
        "mood": {"HAPPY": 0.5},
        "sections": {
            "room": {
                "level": "green",
                "faces": 7.0,
                "expected": 7.8,  # nine tenths of the way from 6 to 8
                "facing": 6.5,
                "smiling": 0.5,
                "score": pytest.approx((80 + 100 * 4.2 / 7.8) / 2, abs=0.001),
                "smoothed": pytest.approx(80 + 0.0951626 * (100 * 4.2 / 7.8 - 80), abs=0.001),
            }
        },
        "expires_at": int(START) + 7 * 24 * 3600,
    }


def test_while_a_section_is_calibrating_it_has_no_score() -> None:
    assert of(crowd(8), rules=Rules())["sections"] == {
        "room": {"level": "calibrating", "faces": 8.0, "expected": 8.0, "smiling": 0.0}
    }


def test_a_section_that_has_too_few_at_the_end_has_no_figures() -> None:
    assert of(crowd(8), crowd(4))["sections"] == {"room": {"level": "too_few"}}


def test_means_are_over_the_frames_with_enough_faces() -> None:
    assert of(crowd(4), crowd(8), crowd(6))["sections"]["room"]["faces"] == 7.0


def test_a_mood_takes_enough_faces_in_the_mean() -> None:
    happy = replace(face(), emotions={"HAPPY": 90.0})
    assert "mood" not in of((happy,) * 3, (happy,) * 6)
    assert of((happy,) * 4, (happy,) * 6)["mood"] == {"HAPPY": 6.0}
    assert of(crowd(5))["mood"] == {}


def test_buckets_are_aligned_to_ten_seconds_and_there_is_none_without_a_frame() -> None:
    told = watched([(3, crowd(8)), (9.999, crowd(8)), (10, crowd(8)), (45, crowd(8))])[1]
    written = items(told)
    assert [one["capture_id"][11:] for one in written] == ["08:00:00.000Z", "08:00:10.000Z", "08:00:40.000Z"]
    assert [one["frames"] for one in written] == [2, 1, 1]
    assert [begin_of(one) - START for one in written] == [0, 10, 40]


def test_sections_stand_in_the_grid_s_order() -> None:
    grid = read_grid("3x2")
    (only,) = items(watched([(0, crowd(8))], Audience.unseen(grid))[1])
    assert tuple(only["sections"]) == grid.names


def numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers(inner)]
    return [value] if isinstance(value, int | float) else []


@settings(max_examples=60)
@given(st.lists(st.lists(faces, max_size=9).map(tuple), min_size=1, max_size=20))
def test_whatever_is_seen_no_figure_is_of_fewer_than_five_faces(scene: list[tuple[AudienceFace, ...]]) -> None:
    for one in items(watched(list(enumerate(scene)), rules=Rules(calibrate_seconds=3))[1]):
        room = one["sections"]["room"]
        assert set(one) <= {"camera", "capture_id", "watch", "frames", "faces", "mood", "sections", "expires_at"}
        assert set(room) <= {"level", "faces", "expected", "facing", "smiling", "score", "smoothed"}
        assert ("faces" in room) == (room["level"] != "too_few")
        assert ("smoothed" in room) == (room["level"] in {"green", "yellow", "red"})
        assert room.get("faces", 5) >= 5
        assert "mood" not in one or one["faces"] >= 5
        assert all(number >= 0 for number in numbers(one))


def test_a_whole_bucket_of_frames_is_kept_until_it_is_over() -> None:
    assert [one["frames"] for one in items(watched(every(1, 25, crowd(8)))[1])] == [10, 10, 5]
