"""The function lets pass exactly the texts that the worker takes, and the worker reads what the function sends."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import Command, Press
from lambda_trigger.say import Say, read_say
from worker.domain.command import Message, Rejected, read_message
from worker.domain.say import Say as WorkersSay

NOW = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
TEXTS = st.text(st.characters(codec=None), max_size=600) | st.text("<>/&;!speak &#10", max_size=60).map(
    "<speak>{}</speak>".format
)
VALUES = st.none() | st.booleans() | st.integers() | TEXTS
DOCUMENTS = st.fixed_dictionaries(
    {"text": TEXTS | VALUES},
    optional={"voice": VALUES | st.just("Joanna"), "chime": st.booleans() | VALUES, "ssml": st.booleans() | VALUES},
)


def read_by_worker(body: str) -> object:
    """The worker's command, or None where it rejects it."""
    try:
        return read_message(Message("id", "handle", body, {}, 1, NOW), ["lobby"])[1]
    except Rejected:
        return None


def read_by_function(document: dict[str, object]) -> Say | None:
    try:
        return read_say(document)
    except UnknownEventError as error:
        assert str(error).isprintable()  # noqa: PT017 - whatever is refused
        return None


@given(DOCUMENTS)
@example({"text": "0", "voice": False})
@example({"text": "0", "voice": ""})
def test_function_and_worker_agree_about_every_text(document: dict[str, object]) -> None:
    wanted = read_by_worker(json.dumps({"command": "Say", **document}))
    say = read_by_function(document)
    assert (say is None) == (wanted is None)
    if say is not None:
        assert read_by_worker(Command(Press("webhook", asks=say), "6f1c", NOW).body) == wanted


@pytest.mark.parametrize(
    "document",
    [
        {"text": '<!DOCTYPE speak [<!ENTITY a "ha">]><speak>&a;</speak>', "ssml": True},
        {"text": "<speak>a&#10;b</speak>", "ssml": True},
        {"text": "<say>a</say>", "ssml": True},
        {"text": "<speak/>", "ssml": True},
        {"text": " "},
        {"text": "a", "voice": "Jo anna"},
        {"text": "a", "chime": "true"},
    ],
    ids=repr,
)
def test_what_cannot_be_said_is_refused_by_both(document: dict[str, object]) -> None:
    assert read_by_function(document) is None
    assert read_by_worker(json.dumps({"command": "Say", **document})) is None


@pytest.mark.parametrize(
    "document", [{"text": '<speak><amazon:effect name="whispered">Psst</amazon:effect></speak>', "ssml": True}]
)
def test_what_polly_alone_knows_is_let_pass_by_both(document: dict[str, object]) -> None:
    assert read_by_function(document)
    assert isinstance(read_by_worker(json.dumps({"command": "Say", **document})), WorkersSay)
