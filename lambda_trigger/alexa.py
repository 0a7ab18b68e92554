"""An Alexa custom skill: what its requests ask for, and what Alexa says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lambda_trigger.answers import Answers, answers
from lambda_trigger.errors import AlexaRefusedError
from lambda_trigger.press import Press, Wish, member, moment, plain_text
from lambda_trigger.watching import StartWatching, StopWatching

# Alexa asks skills to refuse a request that is further off than this.
_TOLERANCE = timedelta(seconds=150)
_WISHES: Mapping[str, Wish | None] = {
    "TakePicture": None,
    "TakePictureIntent": None,
    StartWatching.name: StartWatching(),
    StopWatching.name: StopWatching(),
}
INTENTS = set(_WISHES)
GOODBYES = {"AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent"}


@dataclass(frozen=True)
class Silence:
    """The request wants no picture, but an answer."""

    response: dict[str, Any]


def is_request(event: object) -> bool:
    return member(event, "request", "type") is not None


def check(event: object, skill_id: str | None, now: datetime) -> None:
    """Lets pass what the configured skill sent within the last 150 seconds.

    Raises:
        AlexaRefusedError: No skill is configured, it is another one, or the request is stale.
    """
    if skill_id is None:
        raise AlexaRefusedError("ALEXA_SKILL_ID is not set")
    if _application(event) != skill_id:
        raise AlexaRefusedError("the request is not of the skill in ALEXA_SKILL_ID")
    sent = moment(member(event, "request", "timestamp"))
    if sent is None or abs(now - sent) > _TOLERANCE:
        raise AlexaRefusedError("the request's timestamp is not of the last 150 seconds")


def asked(event: object) -> Press | Silence:
    """What a checked request asks for."""
    kind = member(event, "request", "type")
    intent = member(event, "request", "intent", "name")
    if kind == "LaunchRequest" or (kind == "IntentRequest" and _is_in(intent, INTENTS)):
        device = plain_text(member(event, "context", "System", "device", "deviceId"))
        return Press(
            source="alexa",
            device=device,
            pressed_at=moment(member(event, "request", "timestamp")),
            asks=_WISHES.get(intent) if isinstance(intent, str) else None,
        )
    if kind != "IntentRequest":
        return Silence({"version": "1.0", "response": {}})
    if _is_in(intent, GOODBYES):
        return Silence(says(spoken(event).goodbye))
    return Silence(says(spoken(event).help, end=False))


def spoken(event: object) -> Answers:
    """The answers in the request's language."""
    return answers(member(event, "request", "locale"))


def answers_to(wish: Wish | None, spoken: Answers) -> Answers:
    """What is said of a command: nobody has to smile for a watch."""
    match wish:
        case StartWatching():
            return replace(spoken, smile=spoken.start, will_tell=spoken.start)
        case StopWatching():
            return replace(spoken, smile=spoken.stop, will_tell=spoken.stop)
    return spoken


def says(text: str, *, end: bool = True) -> dict[str, Any]:
    speech = {"type": "PlainText", "text": text}
    return {"version": "1.0", "response": {"outputSpeech": speech, "shouldEndSession": end}}


@dataclass(frozen=True)
class Patience:
    """How to wait for the worker: `clock` in seconds, until `deadline` on it."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    deadline: float
    interval: float = 0.25


def sentence(record: Callable[[], Mapping[str, Any]], patience: Patience, spoken: Answers) -> str:
    """The camera's own sentence as soon as `record()` has it, else that the camera will tell."""
    while patience.clock() < patience.deadline:
        told = _told(record(), spoken)
        if told:
            return told
        patience.sleep(min(patience.interval, max(0.0, patience.deadline - patience.clock())))
    return spoken.will_tell


def _told(record: Mapping[str, Any], spoken: Answers) -> str | None:
    said = plain_text(record.get("said"))
    if said is not None:
        return said
    match record.get("status"):
        case "failed":
            return spoken.failed
        case "expired":
            return spoken.expired
        case "completed":
            # With nothing said: what can be told is that it is done.
            return spoken.will_tell
    return None


def _application(event: object) -> object:
    named = member(event, "context", "System", "application", "applicationId")
    return named if named is not None else member(event, "session", "application", "applicationId")


def _is_in(name: object, names: set[str]) -> bool:
    return isinstance(name, str) and name in names
