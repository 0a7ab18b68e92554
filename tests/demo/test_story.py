import json
from typing import Any

import pytest

from demo.story import LogEvent, Press, Presses, read_event, tell, tell_end, tell_press

CAPTURE = "2026-11-22T18:44:00.500Z#6f1c"


def event(said: str = "step", at: str = "2026-11-22T18:44:00.950000Z", level: str = "debug", **more: Any) -> LogEvent:
    line = json.dumps(
        {"event": said, "timestamp": at, "level": level, "capture_id": CAPTURE, "camera": "lobby", **more}
    )
    found = read_event(line)
    assert found is not None
    return found


def press(photo: str = "smile.jpg") -> Press:
    return Press(3, CAPTURE, "lobby", photo)


@pytest.mark.parametrize("line", ["", "Traceback (most recent call last):", "[1]", "7", '{"event": "ready"}', "{"])
def test_a_line_that_is_no_event_is_passed_over(line: str) -> None:
    assert read_event(line) is None


def test_a_press_is_told_with_what_pressed() -> None:
    assert tell_press(press(), "webhook") == "    3    0.00 s  pressed    by webhook"


def test_a_step_is_told_with_its_press_the_time_since_then_and_its_own_duration() -> None:
    assert tell(press(), event(step="faces", ms=93)) == "    3    0.45 s  faces          93 ms"


def test_a_snapshot_is_told_with_its_photo() -> None:
    assert str(tell(press(), event(step="snapshot", ms=402))).endswith("402 ms  smile.jpg")


def test_the_voice_starts_at_a_moment_and_has_no_duration() -> None:
    assert tell(press(), event(step="speech_start", ms=500)) == "    3    0.45 s  voice starts"


def test_a_warning_is_told_with_its_reason() -> None:
    assert str(tell(press(), event("tried again later", level="warning", error="busy"))).endswith(
        "tried again later: busy"
    )


def test_a_warning_that_belongs_to_no_press_is_told_too() -> None:
    assert str(tell(None, event("rejected", level="error"))).split() == ["-", "rejected"]


@pytest.mark.parametrize(
    "quiet", [event("ready", level="info"), event(step="total", ms=1), event("done", level="error")]
)
def test_what_says_nothing_new_to_a_person_is_not_told(quiet: LogEvent) -> None:
    assert tell(press(), quiet) is None


def test_what_would_command_the_terminal_is_written_out() -> None:
    told = tell(press(), event("the camera did not nod", level="warning", error="\x1b[2J\nno"))
    assert str(told).endswith(r"\x1b[2J\nno")


def test_the_end_is_told_with_the_sentence() -> None:
    record = {"status": "completed", "speech": "spoken", "said": "You look happy."}
    assert tell_end(press(), event("done"), record).endswith('completed, spoken  "You look happy."')


def test_the_end_of_a_failed_press_is_told_with_its_reason() -> None:
    assert tell_end(press(), event("done"), {"status": "failed", "error": "no photo"}).endswith("failed: no photo")


def test_presses_are_numbered_as_they_are_first_heard_of() -> None:
    presses = Presses()
    first, second, again = (
        presses.of(event(capture_id=f"2026-11-22T18:44:00.500Z#{name}")) for name in ("b", "a", "b")
    )
    assert first is again
    assert first is not None
    assert second is not None
    assert (first.number, second.number) == (1, 2)


def test_a_press_keeps_its_number_when_the_worker_tells_of_it() -> None:
    presses = Presses()
    pressed = presses.open("lobby", CAPTURE)
    assert presses.of(event()) is pressed


def test_numbers_are_not_given_twice() -> None:
    presses = Presses()
    first = presses.of(event())
    assert first is not None
    presses.close(first)
    second = presses.of(event(capture_id=CAPTURE + "2"))
    assert second is not None
    assert second.number == 2


def test_what_belongs_to_no_press_opens_none() -> None:
    assert Presses().of(event(capture_id=None)) is None
