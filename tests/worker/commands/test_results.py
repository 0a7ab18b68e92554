import json

from worker.commands.results import as_json_lines, as_table

RECORD = {
    "camera": "lobby",
    "capture_id": "2026-11-22T18:44:00.123Z#6f1c",
    "pressed_at": "2026-11-22T18:44:00.123Z",
    "status": "completed",
    "face_count": 1,
    "said": "You look happy.",
    "faces": [{"emotion": "HAPPY", "confidence": 98.7}],
}


def test_people_get_a_table() -> None:
    heading, rule, row = as_table([RECORD]).splitlines()
    assert heading.split()[:3] == ["pressed", "at", "camera"]
    assert set(rule) == {"-", " "}
    assert "You look happy." in row


def test_people_are_told_that_there_is_nothing() -> None:
    assert as_table([]) == "No records yet."


def test_a_terminal_is_not_made_to_obey_what_a_record_says() -> None:
    assert r"\x1b[2J\n" in as_table([{**RECORD, "error": "\x1b[2J\n"}])


def test_machines_get_a_document_a_line() -> None:
    lines = as_json_lines([RECORD, {**RECORD, "said": "two\nlines"}]).splitlines()
    assert [json.loads(line)["said"] for line in lines] == ["You look happy.", "two\nlines"]
