from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from tests.worker.answers import answers, detail
from worker.domain.faces import read_faces
from worker.domain.press import Press
from worker.domain.record import Status, ended, pressed, seen

PRESSED_AT = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)


def test_a_press_is_recorded_before_anything_was_done() -> None:
    press = Press("default", "6f1c", PRESSED_AT, source="iot-button", click="SINGLE")
    assert pressed(press, "lan-host-1", timedelta(days=30)) == {
        "status": "in_progress",
        "pressed_at": "2026-11-22T18:44:00.123Z",
        "worker": "lan-host-1",
        "expires_at": 1_797_965_040,
        "source": "iot-button",
        "click": "SINGLE",
    }


def test_a_press_that_is_kept_for_ever_does_not_expire() -> None:
    assert "expires_at" not in pressed(Press("default", "6f1c", PRESSED_AT), "lan-host-1", None)


def test_a_face_is_recorded_as_the_design_shows_it() -> None:
    box = {"Left": 0.4, "Top": 0.3, "Width": 0.2, "Height": 0.3}
    emotions = [{"Type": "CALM", "Confidence": 1.0}, {"Type": "HAPPY", "Confidence": 98.7}]
    faces = read_faces([{"BoundingBox": box, "Emotions": emotions}], keep_attributes=False)
    assert seen(faces, 50) == {
        "faces": [
            {
                "box": {"left": 0.4, "top": 0.3, "width": 0.2, "height": 0.3},
                "emotion": "HAPPY",
                "confidence": 98.7,
                "emotions": {"HAPPY": 98.7, "CALM": 1.0},
            }
        ],
        "face_count": 1,
        "top_emotion": "HAPPY",
        "top_confidence": 98.7,
        "mood": {"HAPPY": 1},
    }


def test_an_unsure_top_emotion_is_recorded_and_is_no_mood() -> None:
    record = seen(read_faces([detail(HAPPY=30.0)], keep_attributes=False), 50)
    assert (record["top_emotion"], record["top_confidence"], record["mood"]) == ("HAPPY", 30.0, {})


@pytest.mark.parametrize("details", [[], [detail()], [detail(0.4), detail(0.2, HAPPY=90.0)]])
def test_there_is_no_top_emotion_where_the_largest_face_has_none(details: list[dict[str, Any]]) -> None:
    record = seen(read_faces(details, keep_attributes=False), 50)
    assert record["face_count"] == len(details)
    assert not {"top_emotion", "top_confidence"} & set(record)


def test_every_feature_is_recorded_where_they_are_asked_for() -> None:
    faces = read_faces([{**detail(HAPPY=90.0), "AgeRange": {"Low": 20, "High": 28}}], keep_attributes=True)
    assert seen(faces, 50)["faces"][0]["attributes"] == {"AgeRange": {"Low": 20, "High": 28}}


def test_the_end_keeps_the_timings_of_the_design_and_no_others() -> None:
    timings = {"queue": 12, "claim": 9, "snapshot": 402, "total": 2000}
    assert ended(Status.COMPLETED, PRESSED_AT, timings) == {
        "status": "completed",
        "completed_at": "2026-11-22T18:44:00.123Z",
        "timings_ms": {"queue": 12, "snapshot": 402, "total": 2000},
    }


def test_a_failure_says_why() -> None:
    assert ended(Status.FAILED, PRESSED_AT, {}, "no answer")["error"] == "no answer"


def test_every_status_but_in_progress_is_the_last_one() -> None:
    assert [status for status in Status if not status.terminal] == [Status.IN_PROGRESS]


@settings(max_examples=40)
@given(answers)
def test_every_answer_makes_a_record(details: list[dict[str, Any]]) -> None:
    record = seen(read_faces(details, keep_attributes=True), 50)
    assert record["face_count"] == len(record["faces"]) == len(details)
    assert ("top_emotion" in record) == bool(details and record["faces"][0]["emotions"])
    assert sum(record["mood"].values()) <= record["face_count"]
