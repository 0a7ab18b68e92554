from typing import Any

import pytest

from board.domain.captures import Stretch, address, forgotten_by, found_in, is_capture, merged, next_read, told
from tests.board.fakes import capture_id, record


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({}, True),
        ({"command": "RecordVideo"}, True),
        ({"command": "TakePicture"}, True),
        ({"status": "failed"}, True),
        ({"status": "expired"}, True),
        ({"status": "in_progress"}, True),
        ({"status": "forgotten"}, False),
        ({"command": "Say"}, False),
        ({"command": "StartWatching"}, False),
        ({"command": "StopWatching"}, False),
        ({"command": "Forget"}, False),
        ({"command": ["TakePicture"]}, False),
        ({"status": {"a": "map"}}, True),
    ],
)
def test_the_gallery_shows_photos_and_clips(more: dict[str, Any], *, shown: bool) -> None:
    assert is_capture(record(**more)) is shown


def test_cameras_are_read_together_as_far_as_all_of_them_reach() -> None:
    far = Stretch([record(9, "lobby"), record(1, "lobby")], None)
    near = Stretch([record(8, "garden"), record(7, "garden")], capture_id(7))
    assert [item["capture_id"] for item in merged([far, near]).items] == [capture_id(9), capture_id(8), capture_id(7)]
    assert merged([far, near]).end == capture_id(7)
    assert merged([far]).end is None


def test_the_page_that_follows_begins_where_this_one_ends() -> None:
    records = [record(minute) for minute in (9, 8, 7)]
    assert found_in(records, 2, capture_id(5)).older == capture_id(8)
    assert found_in(records, 3, capture_id(5)).older == capture_id(5)
    assert found_in(records, 3, None).older is None


def test_what_is_rare_is_looked_for_in_large_steps() -> None:
    assert next_read(24, 0, 25) == 250
    assert next_read(24, 20, 25) == 24
    assert next_read(24, 1, 25) == 250
    assert next_read(24, 10, 25) == 75


def test_an_address_survives_what_a_url_is_made_of() -> None:
    odd = {"camera": "lob/by", "capture_id": "2026?#a b"}
    assert address("photos", odd) == "photos/lob%2Fby/2026%3F%23a%20b"


def test_of_several_that_end_somewhere_the_nearest_end_counts() -> None:
    near, far = Stretch([record(9), record(7)], capture_id(7)), Stretch([record(8), record(3)], capture_id(3))
    found = merged([near, far])
    assert found.end == capture_id(7)
    assert [item["capture_id"] for item in found.items] == [capture_id(9), capture_id(8), capture_id(7)]


def test_a_page_has_no_more_than_were_asked_for() -> None:
    assert found_in([record(9), record(8), record(7)], 2, None).records == [record(9), record(8)]


def test_a_record_is_told_with_the_addresses_of_what_there_is() -> None:
    assert told(record(44, image_key=None)) == record(44, image_key=None)
    both = record(44, video_key="captures/lobby/44.mp4")
    place = "lobby/2026-11-22T18%3A44%3A00.000Z%23press-4400"
    assert told(both) == {**both, "photo": f"photos/{place}", "clip": f"clips/{place}"}


@pytest.mark.parametrize(
    ("more", "forgotten"),
    [
        ({"forgets": "x#1"}, "x#1"),
        ({"forgets": "x#1", "status": "in_progress"}, None),
        ({"forgets": "x#1", "status": "failed"}, None),
        ({"forgets": 7}, None),
        ({}, None),
    ],
)
def test_only_a_forget_that_is_done_has_deleted_something(more: dict[str, Any], forgotten: str | None) -> None:
    assert forgotten_by(record(**more)) == forgotten
