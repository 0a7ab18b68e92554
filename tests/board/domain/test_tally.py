from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.domain.item import Item
from board.domain.tally import ATTRIBUTES, OTHER, PHOTO_BYTES, Count, Tally, pressed_at, slot, tallies_of, total
from tests.board.anything import ANYTHING
from tests.board.fakes import record

RECORDS = st.fixed_dictionaries({}, optional=dict.fromkeys(ATTRIBUTES, ANYTHING))


def only(*records: Item) -> Tally:
    return total(tallies_of(records).values())


def test_presses_are_counted_by_the_quarter_of_an_hour_in_which_they_were_pressed() -> None:
    found = tallies_of([record(44), record(46), record(59)])
    assert {at: tally.presses for at, tally in found.items()} == {"2026-11-22T18:30": 1, "2026-11-22T18:45": 2}


def test_what_was_forgotten_does_not_count() -> None:
    assert tallies_of([{"camera": "lobby", "capture_id": record()["capture_id"], "status": "forgotten"}]) == {}


def test_the_wait_is_the_time_on_the_queue_and_from_the_receive_to_the_first_sound() -> None:
    spoken = record(timings_ms={"queue": 100, "speech_start": 700, "total": 3000})
    assert only(spoken).voice_ms(50) == 800


@pytest.mark.parametrize("speech", ["failed", "off", "stale", "unknown", "started", None])
def test_who_heard_nothing_has_no_response_time(speech: str | None) -> None:
    assert only(record(speech=speech)).voice_ms(50) is None


def test_a_camera_that_never_confirmed_has_spoken_all_the_same() -> None:
    assert only(record(speech="probably_spoken")).voice_ms(50) == 790


def test_a_clip_answers_only_at_its_end_and_has_no_response_time() -> None:
    assert only(record(command="RecordVideo")).voice_ms(50) is None


@given(st.lists(st.integers(0, 60_000), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_a_time_that_so_many_did_not_exceed(waits: list[int], percent: int) -> None:
    records = [record(timings_ms={"queue": 0, "speech_start": wait}) for wait in waits]
    found = only(*records).voice_ms(percent)
    nearest = sorted(round(wait / 10) * 10 for wait in waits)[-(-len(waits) * percent // 100) - 1]
    assert found == nearest


def test_looks_are_the_faces_by_what_they_wear_and_what_has_no_name_is_other() -> None:
    assert only(record(mood={"HAPPY": 2, "CALM": 1, "ECSTATIC": 1})).moods == {"HAPPY": 2, "CALM": 1, OTHER: 1}


def test_of_a_clip_the_most_that_wore_a_look_at_once_count() -> None:
    moments = [
        {"second": 0, "mood": {"HAPPY": 1}},
        {"second": 2, "mood": {"HAPPY": 3}},
        {"second": 4, "mood": {"SAD": 1}},
    ]
    clip = only(
        record(command="RecordVideo", mood=None, moments=moments, video_key="captures/x.mp4", video_bytes=5_000)
    )
    assert clip.moods == {"HAPPY": 3, "SAD": 1}
    assert (clip.counts[Count.LOOKS], clip.counts[Count.STORED], clip.counts[Count.BYTES]) == (3, 1, 5_000)


def test_each_analysis_of_a_photo_is_a_call() -> None:
    assert only(record()).counts[Count.LOOKS] == 1
    assert only(record(labels=[], text=[])).counts[Count.LOOKS] == 3


def test_each_command_is_a_press_and_each_end_is_counted() -> None:
    counted = only(
        record(44),
        record(45, command="RecordVideo"),
        record(46, command="Say"),
        record(47, status="failed"),
        record(48, status="failed"),
        record(49, status="expired"),
    )
    assert counted.presses == 6
    kinds = (Count.PHOTOS, Count.CLIPS, Count.OTHERS, Count.FAILED, Count.EXPIRED)
    assert [counted.counts[kind] for kind in kinds] == [4, 1, 1, 2, 1]


def test_a_photo_in_the_bucket_is_counted_and_one_that_never_got_there_is_not() -> None:
    assert [only(record()).counts[count] for count in (Count.STORED, Count.BYTES)] == [1, PHOTO_BYTES]
    assert [only(record(image_key=None)).counts[count] for count in (Count.STORED, Count.BYTES)] == [0, 0]


@pytest.mark.parametrize("timings", [{}, {"queue": 90}, {"speech_start": 700}, {"queue": "90", "speech_start": 700}])
def test_a_wait_of_which_a_part_is_not_known_is_no_wait(timings: dict[str, Any]) -> None:
    assert only(record(timings_ms=timings)).voice == {}


def test_each_answer_is_one_in_ten_milliseconds() -> None:
    assert only(record(), record(45)).voice == {79: 2}


def test_numbers_that_cannot_be_are_cut() -> None:
    mad = {"queue": 1e15, "speech_start": 1}
    photo = only(record(face_count=1e9, mood={"HAPPY": 1e9, "SAD": -4}, timings_ms=mad))
    assert (photo.counts[Count.FACES], photo.moods, photo.voice_ms(50)) == (100, {"HAPPY": 100}, 3_600_000)
    assert only(record(face_count=-7)).counts[Count.FACES] == 0
    assert only(record(timings_ms={"queue": -900, "speech_start": 1})).voice_ms(50) == 0
    for said, kept in ((1e15, 1_000_000_000), (-1, 0)):
        assert only(record(video_key="captures/x.mp4", video_bytes=said)).counts[Count.BYTES] == kept


@pytest.mark.parametrize("name", ["2026-11-22", "2026-11-22T18:44:00+00:00#x", "2026-13-40T18:44:00.000Z#x", "now", 7])
def test_what_is_not_named_as_a_press_is_none(name: object) -> None:
    assert pressed_at(name) is None
    assert tallies_of([record(capture_id=name)]) == {}


def test_only_what_was_asked_of_rekognition_and_polly_is_counted_as_asked() -> None:
    other = only(record(command="Forget", moments=[{"mood": {"HAPPY": 1}}]))
    assert (other.counts[Count.LOOKS], other.counts[Count.CHARACTERS]) == (0, 0)
    assert only(record()).counts[Count.CHARACTERS] == 0
    say: dict[str, Any] = {"command": "Say", "said": "Dinner."}
    spoken = {speech: only(record(**say, speech=speech)).counts[Count.CHARACTERS] for speech in ("unknown", "failed")}
    assert spoken == {"unknown": 7, "failed": 0}


def test_what_was_said_on_request_is_counted_by_its_length() -> None:
    told = only(record(command="Say", said="Dinner is ready.", image_key=None, face_count=None))
    assert told.counts[Count.CHARACTERS] == 16
    assert told.counts[Count.LOOKS] == 0


@given(st.lists(RECORDS, max_size=5))
def test_whatever_a_record_holds_it_is_counted_or_left_out(records: list[dict[str, Any]]) -> None:
    for at in tallies_of(records):
        datetime.fromisoformat(at)


@given(RECORDS)
def test_a_broken_record_of_a_press_is_still_a_press(broken: dict[str, Any]) -> None:
    whole = {**broken, "capture_id": "2026-11-22T18:44:00.123Z#x", "status": "completed"}
    tally = only(whole)
    assert tally.presses == 1
    assert all(count >= 0 for counter in (tally.counts, tally.moods, tally.voice) for count in counter.values())


@given(st.lists(st.integers(0, 59), max_size=12), st.integers(0, 12))
def test_page_by_page_it_comes_to_the_same_as_at_once(minutes: list[int], cut: int) -> None:
    records = [record(minute) for minute in minutes]
    first, second = tallies_of(records[:cut]), tallies_of(records[cut:])
    pages = {at: first.get(at, Tally()) + second.get(at, Tally()) for at in first.keys() | second.keys()}
    assert pages == tallies_of(records)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)))  # noqa: DTZ001 - its bound must be naive
def test_a_slot_begins_before_what_lies_in_it_and_sorts_like_a_capture_id(at: datetime) -> None:
    begin = slot(at)
    assert begin <= at.isoformat(timespec="milliseconds")
    assert begin[14:] in {"00", "15", "30", "45"}
