from typing import Any

import pytest

from board.domain.captures import Stretch, address, found_in, is_capture, merged, next_read
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
