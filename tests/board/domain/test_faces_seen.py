"""What counts as seen on a billboard."""

from typing import Any

import pytest

from board.domain.billboard import Seen
from board.domain.faces_seen import of_buckets, of_presses

BUCKET = {"capture_id": "2026-11-26T10:00:00.000Z", "mood": {"HAPPY": 2.5, "CALM": 10}}
PRESS = {"pressed_at": "2026-11-26T10:00:00.000Z", "mood": {"HAPPY": 1}}
AT = 1795687200.0


def test_buckets_count_from_their_end_and_come_oldest_first() -> None:
    later = BUCKET | {"capture_id": "2026-11-26T10:00:10.000Z", "mood": {"SAD": 5}}
    assert of_buckets([later, BUCKET]) == [Seen(AT + 10, {"HAPPY": 2.5, "CALM": 10.0}), Seen(AT + 20, {"SAD": 5.0})]


def test_a_bucket_of_too_few_has_no_face() -> None:
    assert of_buckets([{"capture_id": BUCKET["capture_id"]}]) == [Seen(AT + 10, {})]


def test_the_newest_press_counts_of_which_it_is_known_who_was_seen() -> None:
    unknown = {"pressed_at": "2026-11-26T10:00:30.000Z", "status": "in_progress"}
    older = PRESS | {"pressed_at": "2026-11-26T09:00:00.000Z"}
    assert of_presses([unknown, PRESS, older]) == [Seen(AT, {"HAPPY": 1.0})]
    assert of_presses([unknown]) == []


@pytest.mark.parametrize(
    "mood",
    [None, "HAPPY", ["HAPPY"], {"HAPPY": "many"}, {"<b>": 3}, {"CALM": -1}, {"CALM": True}, {"CALM": float("nan")}],
)
def test_what_cannot_be_read_is_no_face(mood: Any) -> None:
    assert of_presses([PRESS | {"mood": mood}]) == [Seen(AT, {})]


@pytest.mark.parametrize("at", [None, 7, "yesterday", "2026-11-26T10:00:00"])
def test_what_has_no_time_is_left_out(at: Any) -> None:
    assert of_buckets([BUCKET | {"capture_id": at}]) == []
    assert of_presses([PRESS | {"pressed_at": at}]) == []
