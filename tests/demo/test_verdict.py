from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.heard import Sound
from demo.language import phrases_in
from demo.verdict import Outcome, summary, trouble
from worker.domain.phrases import Phrases

SOUND = Sound(Path("sound-0001.wav"), first_sound_at=1000.55, complete=True, loudness=4000)
RECORD = {
    "status": "completed",
    "speech": "spoken",
    "said": "You look happy.",
    "face_count": 1,
    "top_emotion": "HAPPY",
    "top_confidence": 98.7,
    "mood": {"HAPPY": 1},
    "timings_ms": {"snapshot": 400, "faces": 100},
}
GOOD = Outcome("smile.jpg", 1000.0, RECORD, SOUND)
GROUP = {"face_count": 3, "top_emotion": "CALM", "mood": {"HAPPY": 2, "CALM": 1}}


ENGLISH = phrases_in("en")


def told(phrases: Phrases = ENGLISH, **changed: Any) -> str | None:
    return trouble(replace(GOOD, record=RECORD | changed), phrases)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"said": "You look afraid.", "top_emotion": "FEAR"},
        {"said": "I am not sure how you look.", "top_confidence": 49.9},
        {"said": "I could not see a face.", "face_count": 0},
        {"said": "I see 3 people. The most common look is happy."} | GROUP,
        {"said": "I see 3 people. I am not sure how they look."} | GROUP | {"mood": {}},
    ],
)
def test_a_sentence_that_fits_its_record_is_all_right(changed: dict[str, Any]) -> None:
    assert told(**changed) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"said": "You look sad."},
        {"top_confidence": 49.9},
        {"face_count": 0},
        {"said": "I see 2 people. The most common look is happy."} | GROUP,
        {"said": "I see 3 people. The most common look is calm."} | GROUP,
    ],
)
def test_a_sentence_that_does_not_fit_its_record_is_not(changed: dict[str, Any]) -> None:
    assert "does not fit" in str(told(**changed))


@pytest.mark.parametrize("language", ["de", "es", "fr", "it"])
def test_a_sentence_has_to_be_in_the_language_that_was_asked_for(language: str) -> None:
    phrases = phrases_in(language)
    assert told(phrases, said=phrases.emotions["HAPPY"]) is None
    assert "does not fit" in str(told(phrases))


def test_what_two_moods_share_may_be_told_as_either() -> None:
    tied: dict[str, Any] = {"face_count": 2, "top_emotion": "CALM", "mood": {"CALM": 1, "HAPPY": 1}}
    for look in ("calm", "happy"):
        assert told(said=f"I see 2 people. The most common look is {look}.", **tied) is None


def test_a_failed_press_is_told_with_its_reason() -> None:
    assert told(status="failed", error="no photo") == "smile.jpg: the press ended as failed: no photo"


def test_a_sentence_that_was_not_spoken_is_not_all_right() -> None:
    assert told(speech="stale") == "smile.jpg: the sentence was not spoken: stale"


def test_a_press_without_a_record_is_not_all_right() -> None:
    assert trouble(replace(GOOD, record={}), ENGLISH) is not None


@pytest.mark.parametrize("sound", [None, replace(SOUND, complete=False), replace(SOUND, loudness=8.0)])
def test_a_sound_that_the_camera_did_not_hear_is_not_all_right(sound: Sound | None) -> None:
    assert "the camera's speaker heard" in str(trouble(replace(GOOD, sound=sound), ENGLISH))


def test_what_would_command_the_terminal_is_written_out() -> None:
    assert r"\x1b" in str(told(status="failed", error="\x1b[2J"))
    assert "\x1b" not in summary([replace(GOOD, record=RECORD | {"said": "\x1b[2J"})])


def test_the_summary_compares_the_first_sound_with_the_looking() -> None:
    row = summary([GOOD]).splitlines()[-1]
    assert row.split() == ["smile.jpg", "You", "look", "happy.", "550", "ms", "500", "ms", "1.10"]


def test_the_summary_has_gaps_where_nothing_was_measured() -> None:
    row = summary([Outcome("smile.jpg", 1000.0, {"status": "failed"}, None)]).splitlines()[-1]
    assert row.split() == ["smile.jpg", "-", "-", "-", "-"]
