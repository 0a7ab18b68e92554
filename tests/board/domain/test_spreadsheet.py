import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.history import Row, Window
from board.domain.spreadsheet import (
    HOURS,
    PRESS_ATTRIBUTES,
    PRESSES,
    SAMPLES,
    WATCHES,
    hour_rows,
    lines,
    press_rows,
    sample_rows,
    watch_rows,
)
from board.domain.tally import tallies_of, total
from board.domain.watched import read_watch
from tests.board.anything import ANYTHING
from tests.board.domain.test_history import UTC_ZONE
from tests.board.fakes import NOW, record
from tests.board.watched import ENDED, a_watch, bucket_at


def read(header: tuple[str, ...], rows: Any) -> list[dict[str, str]]:
    found = list(csv.reader(StringIO(lines([header, *rows]), newline="")))
    assert all(len(row) == len(header) for row in found)
    return [dict(zip(header, row, strict=True)) for row in found[1:]]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_reckon_out_gets_an_apostrophe(begin: str) -> None:
    (row,) = read(PRESSES, press_rows([record(said=f"{begin}HYPERLINK(1)")]))
    assert row["said"] == f"'{begin}HYPERLINK(1)"


def test_a_press_is_a_row_with_its_times_and_looks() -> None:
    (row,) = read(PRESSES, press_rows([record(mood={"HAPPY": 2})]))
    assert (row["camera"], row["status"], row["happy"], row["calm"]) == ("lobby", "completed", "2", "")
    assert (row["queue_ms"], row["speech_start_ms"], row["press_to_voice_ms"]) == ("90", "700", "790")


def test_lines_end_as_rfc_4180_has_it_and_quotes_are_doubled() -> None:
    assert lines([["a", 'he said "hi",\nbye'], [1.0, None]]) == 'a,"he said ""hi"",\nbye"\r\n1,\r\n'


def test_what_was_forgotten_has_no_row() -> None:
    assert read(PRESSES, press_rows([record(status="forgotten")])) == []


def test_an_hour_with_presses_is_a_row_in_the_viewers_time() -> None:
    period = Window(1, UTC_ZONE, NOW).periods()[-1]
    rows = [Row(period, total(tallies_of([record(), record(43)]).values()))]
    (row,) = read(HOURS, hour_rows("lobby", rows))
    assert (row["begin"], row["presses"], row["happy"], row["voice_p50_ms"]) == (
        "2026-11-22T18:00+00:00",
        "2",
        "2",
        "790",
    )


def test_an_hour_without_a_press_has_no_row() -> None:
    rows = [Row(period, total([])) for period in Window(1, UTC_ZONE, NOW).periods()]
    assert list(hour_rows("lobby", rows)) == []


def test_an_hours_times_are_its_median_and_its_95th_percentile() -> None:
    records = [record(number, timings_ms={"queue": 0, "speech_start": 100 * number}) for number in range(1, 41)]
    rows = [Row(Window(1, UTC_ZONE, NOW).periods()[-1], total(tallies_of(records).values()))]
    (row,) = read(HOURS, hour_rows("lobby", rows))
    assert (row["voice_p50_ms"], row["voice_p95_ms"]) == ("2000", "3800")


def test_a_watch_that_runs_is_a_row_before_it_has_any_section() -> None:
    (row,) = read(WATCHES, watch_rows([read_watch(a_watch())], UTC_ZONE))
    assert (row["status"], row["started_at"], row["ended_at"]) == ("running", "2026-11-22T18:30:00+00:00", "")
    assert (row["section"], row["green"]) == ("", "")


def test_a_share_is_told_to_four_places() -> None:
    thirds = read_watch({**ENDED, "summary": {"sections": {"left": {"green": 1 / 3}}}})
    assert read(WATCHES, watch_rows([thirds], UTC_ZONE))[0]["green"] == "0.3333"


def test_a_bucket_has_no_more_rows_than_there_can_be_sections() -> None:
    crowded = {**bucket_at("18:01:00"), "sections": {f"section {number}": {} for number in range(1000)}}
    assert len(list(sample_rows("lobby", [crowded], None))) == 24


def test_a_watch_is_a_row_for_each_section() -> None:
    left, right = read(WATCHES, watch_rows([read_watch(ENDED)], UTC_ZONE))
    assert (left["status"], left["ended_at"]) == ("ended", "2026-11-22T18:45:02+00:00")
    assert (left["section"], left["green"], left["red"], left["too_few"]) == ("left", "0.75", "0.25", "")
    assert (right["section"], right["too_few"], right["minutes"]) == ("right", "1", "45")


def test_why_a_watch_ended_stands_there_as_its_item_has_it() -> None:
    watch = read_watch({**ENDED, "end_reason": "failed", "error": "no camera"})
    (row, _) = read(WATCHES, watch_rows([watch], UTC_ZONE))
    assert (row["end_reason"], row["error"]) == ("failed", "no camera")


def test_samples_are_those_of_the_watch_that_was_asked_for() -> None:
    buckets = [bucket_at("18:01:00", 40), bucket_at("18:01:10", 50, watch="other")]
    assert [row["smoothed"] for row in read(SAMPLES, sample_rows("lobby", buckets, str(ENDED["capture_id"])))] == ["40"]
    assert len(read(SAMPLES, sample_rows("lobby", buckets, None))) == 2


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PRESS_ATTRIBUTES, ANYTHING)))
def test_no_cell_of_any_record_is_a_formula(broken: dict[str, Any]) -> None:
    for row in read(PRESSES, press_rows([broken])):
        for name in ("said", "error", "camera", "source", "top_emotion"):
            assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r"))
