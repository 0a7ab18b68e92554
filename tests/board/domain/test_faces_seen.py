"""What watches and presses tell of moods, whoever wrote them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.billboard import Seen
from board.domain.faces_seen import has_faces_of_late, of_buckets, of_presses
from board.domain.item import Item
from tests.board.anything import ANYTHING

AT = datetime(2026, 11, 22, 18, 44, tzinfo=UTC).timestamp()


def test_a_bucket_is_a_sample_at_its_end() -> None:
    buckets = [{"capture_id": "2026-11-22T18:44:00.000Z", "mood": {"HAPPY": 2.5, "CALM": 1}}]
    assert of_buckets(buckets) == [Seen(AT + 10, {"HAPPY": 2.5, "CALM": 1.0})]


def test_a_bucket_with_too_few_faces_is_a_sample_without_any() -> None:
    assert of_buckets([{"capture_id": "2026-11-22T18:44:00.000Z"}]) == [Seen(AT + 10, {})]


def test_of_presses_the_newest_with_a_face_counts() -> None:
    records: list[Item] = [
        {"pressed_at": "2026-11-22T18:44:30.000Z"},
        {"pressed_at": "2026-11-22T18:44:20.000Z", "mood": {}},
        {"pressed_at": "2026-11-22T18:44:10.000Z", "mood": {"SAD": 1}},
        {"pressed_at": "2026-11-22T18:44:00.000Z", "mood": {"HAPPY": 1}},
    ]
    assert of_presses(records) == [Seen(AT + 10, {"SAD": 1.0})]


def test_a_photo_is_of_when_it_was_taken() -> None:
    record = {
        "pressed_at": "2026-11-22T18:43:00.000Z",
        "taken_at": "2026-11-22T18:44:00.000Z",
        "mood": {"HAPPY": 2},
    }
    assert of_presses([record]) == [Seen(AT, {"HAPPY": 2.0})]


def test_a_clip_is_the_mean_of_its_moments_with_a_face_at_its_end() -> None:
    record = {
        "taken_at": "2026-11-22T18:44:00.000Z",
        "video_seconds": 12,
        "moments": [
            {"second": 0, "mood": {"HAPPY": 2}},
            {"second": 2, "mood": {}},
            {"second": 4, "mood": {"HAPPY": 1, "CALM": 1}},
        ],
    }
    assert of_presses([record]) == [Seen(AT + 12, {"HAPPY": 1.5, "CALM": 0.5})]


@pytest.mark.parametrize(
    "mood", [None, "HAPPY", ["HAPPY"], {"HAPPY": "many"}, {"HAPPY": True}, {"HAPPY": float("nan")}, {"<b>": 3}]
)
def test_what_no_worker_writes_is_left_out(mood: Any) -> None:
    assert of_presses([{"pressed_at": "2026-11-22T18:44:00.000Z", "mood": mood}]) == []


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("capture_id", "mood", "pressed_at", "moments"), ANYTHING)))
def test_no_record_takes_the_billboard_down(record: dict[str, Any]) -> None:
    of_buckets([record])
    of_presses([record])


def test_the_whole_clips_mood_goes_before_its_moments() -> None:
    record = {"pressed_at": "2026-11-22T18:44:00.000Z", "mood": {"SAD": 2}, "moments": [{"mood": {"HAPPY": 1}}]}
    assert of_presses([record]) == [Seen(AT, {"SAD": 2.0})]


@pytest.mark.parametrize(("seconds", "counted"), [(-5, 0), (5, 5), (60, 60), (1e9, 60)])
def test_a_clip_is_at_most_a_minute_long_whatever_its_record_says(seconds: float, counted: float) -> None:
    record = {
        "pressed_at": "2026-11-22T18:44:00.000Z",
        "moments": [{"mood": {"HAPPY": 1}}],
        "video_seconds": seconds,
    }
    assert of_presses([record]) == [Seen(AT + counted, {"HAPPY": 1.0})]


def test_faces_of_late_are_those_of_the_last_minute() -> None:
    assert has_faces_of_late([Seen(AT, {"HAPPY": 1.0})], AT + 60)
    assert not has_faces_of_late([Seen(AT, {"HAPPY": 1.0})], AT + 61)
    assert not has_faces_of_late([Seen(AT, {})], AT)
