from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lambda_trigger import alexa
from lambda_trigger.answers import answers
from lambda_trigger.errors import AlexaRefusedError
from lambda_trigger.press import Press, Wish
from lambda_trigger.watching import StartWatching, StopWatching
from tests.lambda_trigger.events import SKILL, event
from tests.support.clock import Clock

ENGLISH = answers("en-US")
SENT = datetime(2025, 11, 22, 18, 44, tzinfo=UTC)


@pytest.mark.parametrize("name", ["alexa-launch", "alexa-take-picture"])
def test_launching_and_asking_take_a_picture(name: str) -> None:
    expected = Press("alexa", None, None, "amzn1.ask.device.KITCHEN", SENT)
    assert expected == alexa.asked(event(name))


@pytest.mark.parametrize(
    ("name", "wish"), [("alexa-start-watching", StartWatching()), ("alexa-stop-watching", StopWatching())]
)
def test_a_watch_is_started_and_stopped(name: str, wish: Wish) -> None:
    assert Press("alexa", None, None, "amzn1.ask.device.KITCHEN", SENT, wish) == alexa.asked(event(name))


def test_nobody_has_to_smile_for_a_watch() -> None:
    told = [alexa.answers_to(wish, ENGLISH) for wish in (None, StartWatching(), StopWatching())]
    assert [one.smile for one in told] == ["Smile!", ENGLISH.start, ENGLISH.stop]
    assert [one.will_tell for one in told] == [ENGLISH.will_tell, ENGLISH.start, ENGLISH.stop]


def test_alexa_waits_no_longer_for_what_is_done_without_a_word() -> None:
    clock = Clock(100.0)
    spoken = alexa.answers_to(StopWatching(), ENGLISH)
    assert alexa.sentence(lambda: {"status": "completed"}, patience(clock, 5), spoken) == ENGLISH.stop
    assert clock.now == 100.0


def test_the_end_of_a_session_is_answered_without_speech() -> None:
    assert alexa.asked(event("alexa-session-ended")) == alexa.Silence({"version": "1.0", "response": {}})


def test_help_keeps_the_session_open_and_stop_ends_it() -> None:
    assert [ends_session(event(name)) for name in ("alexa-help", "alexa-stop")] == [False, True]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("alexa-help", "Sag: mach ein Foto. Die Kamera schaut dich an und sagt, was sie sieht."),
        ("alexa-stop", "Bis bald."),
    ],
)
def test_alexa_answers_in_the_language_she_is_spoken_to_in(name: str, told: str) -> None:
    request = event(name)
    request["request"]["locale"] = "de-DE"
    asked = alexa.asked(request)
    assert isinstance(asked, alexa.Silence)
    assert told == asked.response["response"]["outputSpeech"]["text"]


def ends_session(request: object) -> object:
    asked = alexa.asked(request)
    assert isinstance(asked, alexa.Silence)
    return asked.response["response"]["shouldEndSession"]


@pytest.mark.parametrize("seconds", [-149, 0, 149])
def test_a_fresh_request_of_the_skill_passes(seconds: int) -> None:
    alexa.check(event("alexa-launch"), SKILL, SENT + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-151, 151, 86_400])
def test_a_stale_request_is_refused(seconds: int) -> None:
    with pytest.raises(AlexaRefusedError, match="timestamp"):
        alexa.check(event("alexa-launch"), SKILL, SENT + timedelta(seconds=seconds))


@pytest.mark.parametrize("timestamp", [None, "", "now", [], {}])
def test_a_request_without_a_time_is_refused(timestamp: object) -> None:
    request = event("alexa-launch")
    request["request"]["timestamp"] = timestamp
    with pytest.raises(AlexaRefusedError, match="timestamp"):
        alexa.check(request, SKILL, SENT)


def test_another_skill_is_refused() -> None:
    with pytest.raises(AlexaRefusedError, match="ALEXA_SKILL_ID"):
        alexa.check(event("alexa-launch"), "amzn1.ask.skill.other", SENT)


def test_the_session_cannot_speak_for_another_skill() -> None:
    request = event("alexa-launch")
    request["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.other"
    with pytest.raises(AlexaRefusedError):
        alexa.check(request, SKILL, SENT)


def test_no_skill_configured_refuses_every_skill() -> None:
    request = event("alexa-launch")
    del request["context"], request["session"]
    with pytest.raises(AlexaRefusedError, match="ALEXA_SKILL_ID is not set"):
        alexa.check(request, None, SENT)


def patience(clock: Clock, seconds: float) -> alexa.Patience:
    return alexa.Patience(clock, clock.sleep, clock.now + seconds)


def records(*found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from found
    while True:
        yield found[-1]


def test_alexa_says_the_cameras_own_sentence_as_soon_as_it_is_there() -> None:
    clock, record = (
        Clock(100.0),
        records({}, {"status": "in_progress"}, {"status": "in_progress", "said": "You look happy."}),
    )
    assert alexa.sentence(lambda: next(record), patience(clock, 5), ENGLISH) == "You look happy."
    assert clock.now == 100.5


def test_alexa_says_that_it_failed() -> None:
    failed = records({"status": "failed"})
    assert alexa.sentence(lambda: next(failed), patience(Clock(), 5), ENGLISH) == ENGLISH.failed


def test_alexa_says_in_german_that_it_came_too_late() -> None:
    german = answers("de-DE")
    told = alexa.sentence(lambda: {"status": "expired"}, patience(Clock(), 5), german)
    assert told == german.expired != ENGLISH.expired


def test_alexa_never_waits_past_the_deadline() -> None:
    clock = Clock(100.0)
    assert alexa.sentence(dict, patience(clock, 5.1), ENGLISH) == ENGLISH.will_tell
    assert clock.now == pytest.approx(105.1)


def test_alexa_does_not_even_look_when_the_time_is_up() -> None:
    assert alexa.sentence(lambda: {"said": "Late."}, patience(Clock(), 0), ENGLISH) == ENGLISH.will_tell
