import json
from datetime import timedelta, timezone
from typing import Any

import pytest

from worker.commands.records import as_json_lines, as_table

RECORD: dict[str, Any] = {
    "camera": "lobby",
    "capture_id": "2026-11-22T18:44:00.123Z#6f1c",
    "pressed_at": "2026-11-22T18:44:00.123Z",
    "status": "completed",
    "face_count": 1,
    "said": "You look happy.",
    "faces": [{"emotion": "HAPPY", "confidence": 98.7}],
}


EAST = timezone(timedelta(hours=5, minutes=30))


def test_people_get_a_table_with_their_own_time_and_the_id_that_forget_needs() -> None:
    heading, rule, row = as_table([RECORD], zone=EAST).splitlines()
    assert heading.split()[:3] == ["pressed", "at", "camera"]
    assert heading.endswith("capture id")
    assert set(rule) == {"-", " "}
    assert row.startswith("2026-11-23 00:14:00+05:30  lobby")
    assert "You look happy." in row
    assert row.endswith(RECORD["capture_id"])


def test_a_clip_is_told_by_its_length_and_whether_it_is_whole() -> None:
    clip = {**RECORD, "command": "RecordVideo", "video": "partial", "video_seconds": 7.5, "moments": [{"second": 0}]}
    heading, _, row = as_table([clip], zone=EAST).splitlines()
    assert heading.split()[3:7] == ["command", "status", "video", "video"]
    assert row.split()[3:7] == ["RecordVideo", "completed", "partial", "7.5"]
    assert "video" not in as_table([RECORD], zone=EAST)


def test_a_wish_to_forget_tells_of_which_press() -> None:
    forget = {**RECORD, "command": "Forget", "forgets": "2026-11-22T18:39:00.000Z#seen"}
    for name in ("said", "face_count", "faces"):
        del forget[name]
    heading, _, row = as_table([forget], zone=EAST).splitlines()
    assert heading.split()[3:6] == ["command", "status", "forgets"]
    assert row.split()[3:6] == ["Forget", "completed", "2026-11-22T18:39:00.000Z#seen"]
    assert "forgets" not in as_table([RECORD], zone=EAST)


def test_a_narrow_terminal_gets_a_paragraph_each_and_no_line_is_cut() -> None:
    first, second = as_table([RECORD, {**RECORD, "error": "no"}], width=80, zone=EAST).split("\n\n")
    assert first.splitlines()[0].split() == ["pressed", "at", "2026-11-23", "00:14:00+05:30"]
    assert first.splitlines()[-1].split() == ["capture", "id", RECORD["capture_id"]]
    assert all(len(line) <= 80 for line in first.splitlines())
    assert "error" not in first
    assert "error" in second


def test_a_wide_one_gets_the_table() -> None:
    assert as_table([RECORD], width=200) == as_table([RECORD])


@pytest.mark.parametrize("moment", ["yesterday", "9999-12-31T23:59:59.999Z", "2026-11-22T18:44:00", ""])
def test_a_moment_that_cannot_be_shown_here_is_shown_as_it_stands(moment: str) -> None:
    assert moment in as_table([{**RECORD, "pressed_at": moment}], zone=EAST)


def test_people_are_told_that_there_is_nothing() -> None:
    assert as_table([]) == "No records yet."


def test_a_terminal_is_not_made_to_obey_what_a_record_says() -> None:
    assert r"\x1b[2J\n" in as_table([{**RECORD, "error": "\x1b[2J\n"}])


def test_machines_get_a_document_a_line() -> None:
    lines = as_json_lines([RECORD, {**RECORD, "said": "two\nlines"}]).splitlines()
    assert [json.loads(line)["said"] for line in lines] == ["You look happy.", "two\nlines"]
