"""What became of a press, in words that tell a person at home what to do."""

from datetime import timedelta

import pytest

from board.domain.item import Item
from board.domain.moment import stamp
from board.domain.outcome import CHECK, is_left, outcome
from board.domain.steps import State, progress
from tests.board.fakes import NOW, record

PRESSED = "2026-11-22T18:44:55.000Z"
LATER = "2026-11-22T18:46:00.000Z"


def states(record_: Item | None, command: str = "TakePicture") -> list[str]:
    return [step.state.value for step in progress(command, PRESSED, record_, NOW).steps]


@pytest.mark.parametrize(
    ("error", "helps"),
    [
        ("no answer from the camera at http://192.168.1.9: timed out", "Is the camera on"),
        ("the camera refused the password", "CAMERA_PASSWORD"),
        ("rekognition:DetectFaces: AccessDeniedException: no", "permission"),
        ("WATCH=off: this worker watches no audience", "The worker's setting WATCH decides"),
        ("ALLOW_SAY=false: this worker says no texts", "The worker's setting ALLOW_SAY decides"),
        ("something nobody has thought of", CHECK),
    ],
)
def test_a_failure_is_told_in_the_workers_words_with_what_may_help(error: str, helps: str) -> None:
    found = outcome(record(status="failed", error=error), NOW)
    assert found is not None
    assert found.words == error
    assert helps in found.remedy


def test_one_that_was_too_late_says_for_how_long_it_had_waited() -> None:
    found = outcome(record(status="expired", timings_ms={"queue": 5_400_000}), NOW)
    assert found is not None
    assert found.title == "No photo was taken"
    assert "90 minutes" in found.words
    assert "MAX_COMMAND_AGE_SECONDS" in found.remedy


@pytest.mark.parametrize(
    ("command", "title"),
    [
        ("RecordVideo", "No clip was recorded"),
        ("Say", "Nothing was done"),
        (["TakePicture"], "Nothing was done"),
    ],
)
def test_one_that_was_too_late_says_what_was_not_done(command: object, title: str) -> None:
    found = outcome(record(status="expired", command=command), NOW)
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (45_000, ", 45 seconds:"),
        (119_000, ", 119 seconds:"),
        (120_000, ", 2 minutes:"),
        (7_199_000, ", 120 minutes:"),
        (7_200_000, ", 2 hours:"),
        (None, "took it up: nobody"),
    ],
)
def test_a_wait_is_told_in_units_that_somebody_would_use(waited: int | None, words: str) -> None:
    found = outcome(record(status="expired", timings_ms={"queue": waited}), NOW)
    assert found is not None
    assert words in found.words


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ({}, "Taking the photo …"),
        ({"image_key": "captures/1.jpg"}, "Looking at the faces …"),
        ({"speech": "started"}, "Looking at the faces …"),
        ({"said": "You look happy.", "speech": "started"}, "Saying it …"),
        ({"command": "RecordVideo"}, "Recording …"),
        ({"command": "RecordVideo", "said": "You look happy."}, "Saying it …"),
        ({"command": "StartWatching"}, "At work …"),
    ],
)
def test_what_is_worked_on_says_how_far_it_is(more: dict[str, str], title: str) -> None:
    found = outcome({"status": "in_progress", "camera": "lobby", "capture_id": f"{PRESSED}#1", **more}, NOW)
    assert found is not None
    assert (found.title, found.words, found.remedy) == (title, "", "")


@pytest.mark.parametrize(("ago", "left"), [(-60, False), (4.9, False), (5, False), (5.1, True)])
def test_a_lease_is_over_a_little_after_its_end_for_clocks_differ(ago: float, *, left: bool) -> None:
    leased = record(status="in_progress", lease_until=stamp(NOW - timedelta(seconds=ago)))
    assert is_left(leased, NOW) is left
    assert not is_left({**leased, "status": "completed"}, NOW)


def test_a_failure_without_a_reason_and_a_status_of_tomorrow_are_told_as_they_are() -> None:
    silent, new = outcome(record(status="failed"), NOW), outcome(record(status="paused"), NOW)
    assert silent is not None
    assert silent.words == "The record does not say why."
    assert new is not None
    assert (new.title, "'paused'" in new.words) == ("Not known to this board", True)


def test_what_nobody_works_on_any_more_is_told() -> None:
    held = {**record(status="in_progress", said=None), "lease_until": LATER}
    left = {**held, "lease_until": "2026-11-22T18:44:30.000Z"}
    assert outcome({**held, "speech": None}, NOW) == outcome({**held, "speech": None, "lease_until": "?"}, NOW)
    told = outcome(left, NOW)
    assert told is not None
    assert told.title == "Nobody is working on it"


def test_what_is_completed_needs_no_words() -> None:
    assert outcome(record(), NOW) is None


def test_a_press_that_nobody_takes_up_is_doubted_after_a_while() -> None:
    early = progress("TakePicture", PRESSED, None, NOW)
    late = progress("TakePicture", "2026-11-22T18:44:50.000Z", None, NOW)
    assert (early.doubt, early.over) == ("", False)
    assert "Is the worker running" in late.doubt
    assert states(None) == ["done", "now", *["waiting"] * 5]


def test_a_press_goes_step_by_step() -> None:
    claimed = {"status": "in_progress", "camera": "lobby", "capture_id": f"{PRESSED}#1", "lease_until": LATER}
    assert states(claimed) == ["done", "done", "now", *["waiting"] * 4]
    shot = {**claimed, "speech": "started"}
    assert states(shot) == ["done", "done", "done", "now", *["waiting"] * 3]
    seen = {**shot, "face_count": 1, "said": "You look happy.", "image_key": "captures/1.jpg", "taken_at": PRESSED}
    assert states(seen) == ["done", "done", "done", "done", "now", "done", "waiting"]
    assert states(record()) == ["done"] * 7


def test_a_press_that_failed_shows_where() -> None:
    failed = record(status="failed", error="x", faces=None, face_count=None, said=None, speech=None)
    assert states(failed) == ["done", "done", "done", "failed", "skipped", "done", "skipped"]
    assert progress("TakePicture", PRESSED, failed, NOW).over


def test_what_was_not_said_on_purpose_is_no_failure() -> None:
    silent = progress("TakePicture", PRESSED, record(speech="off"), NOW)
    assert [step.state for step in silent.steps if step.name == "Said"] == [State.SKIPPED]


def test_other_commands_have_their_own_steps() -> None:
    said = record(command="Say")
    assert [step.name for step in progress("Say", PRESSED, said, NOW).steps] == [
        "Sent",
        "Taken up by a worker",
        "Said",
        "Done",
    ]
    assert states(record(command="Forget"), "Forget") == ["done"] * 3


def words(record_: Item, command: str = "TakePicture") -> dict[str, str]:
    return {step.name: step.words for step in progress(command, PRESSED, record_, NOW).steps if step.words}


def test_a_step_says_what_is_known_of_it() -> None:
    assert words(record(timings_ms={"snapshot": 402, "store": 1234.5, "total": "soon"})) == {
        "Photo taken": "402 ms",
        "Faces looked at": "1 face: happy 99 %",
        "Said": "“You look happy.”",
        "Photo stored": "1,234 ms",
    }
    assert "Faces looked at" not in words(record(face_count=None))


@pytest.mark.parametrize(
    ("said", "speech", "told"),
    [
        ("Hello.", "spoken", "“Hello.”"),
        ("Hello.", None, "“Hello.”"),
        ("Hello.", "stale", "“Hello.” (not said: it came too late)"),
        ("Hello.", "started", "“Hello.” (being said)"),
        (None, "off", "not said: nothing was to be said aloud"),
        (None, "started", None),
        (None, None, None),
    ],
)
def test_a_sentence_is_told_with_what_became_of_it(said: str | None, speech: str | None, told: str | None) -> None:
    assert words(record(said=said, speech=speech)).get("Said") == told


def test_a_press_that_failed_says_why_and_what_may_help() -> None:
    failed = progress("TakePicture", PRESSED, record(status="failed", error="WATCH=off: no"), NOW)
    assert failed.doubt == "WATCH=off: no The worker's setting WATCH decides this."
    assert progress("TakePicture", PRESSED, record(), NOW).doubt == ""


@pytest.mark.parametrize(("seconds", "doubted"), [(8, False), (8.1, True)])
def test_nobody_is_doubted_for_eight_seconds(seconds: float, *, doubted: bool) -> None:
    pressed_at = stamp(NOW - timedelta(seconds=seconds))
    assert bool(progress("TakePicture", pressed_at, None, NOW).doubt) is doubted


THE_LAST_SECOND = "9999-12-31T23:59:59.999Z"


def test_a_moment_after_which_nothing_comes_takes_no_page_down() -> None:
    assert outcome(record(status="in_progress", lease_until=THE_LAST_SECOND), NOW)
    assert not progress("TakePicture", THE_LAST_SECOND, None, NOW).over
