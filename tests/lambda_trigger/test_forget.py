"""Nothing that the function is given becomes a `Forget`: whoever may press may not delete by that."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_trigger import alexa, webhook
from lambda_trigger.errors import RefusedError, SettingsError, UnknownEventError
from lambda_trigger.press import Command, Nothing, Press
from lambda_trigger.triggers import posted, read
from tests.lambda_trigger.events import NAMES, event, settings
from worker.domain.command import Message, read_message
from worker.domain.forget import Forget

NOW = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
CAPTURE_ID = "2026-11-22T18:43:00.000Z#6f1c"
WISH = {"command": "Forget", "capture_id": CAPTURE_ID}
WISHES = [WISH, WISH | {"topic": "buttons/hall"}, WISH | {"device": "hall"}, WISH | {"click": "LONG"}]
CAMERAS = ["default", "lobby", "Forget", "forget", "FORGET"]
SPELLINGS = st.sampled_from(["Forget", "forget", " FORGET\n", '{"command": "Forget"}', json.dumps(WISH)])


def forgets(found: Press | Nothing) -> bool:
    """Whether the worker would take for a Forget what the function puts on the queue."""
    if isinstance(found, Nothing):
        return False
    command = Command(found, "6f1c", NOW)
    told = {name: str(value.get("StringValue")) for name, value in command.attributes().items()}
    return isinstance(read_message(Message("id", "handle", command.body, told, 1, NOW), CAMERAS)[1], Forget)


def test_the_worker_would_do_it() -> None:
    message = Message("id", "handle", json.dumps(WISH), {}, 1, NOW)
    assert read_message(message, ["lobby"])[1] == Forget(CAPTURE_ID)


@pytest.mark.parametrize("wish", [WISH, WISH | {"device": "hall"}, WISH | {"click": "LONG"}])
def test_whoever_invokes_the_function_is_refused(wish: dict[str, str]) -> None:
    with pytest.raises(UnknownEventError, match="the command is none of"):
        read(wish, settings())


def test_whoever_posts_with_the_token_is_refused() -> None:
    request = event("function-url-json") | {"body": json.dumps(WISH), "isBase64Encoded": False}
    with pytest.raises(UnknownEventError, match="the command is none of"):
        webhook.press(request, lambda document: posted(document, settings()))


def test_a_rule_passes_on_no_such_wish() -> None:
    assert isinstance(read(WISH | {"topic": "buttons/hall"}, settings()), Nothing)


def test_no_click_may_ask_for_it() -> None:
    with pytest.raises(SettingsError, match="CLICK_COMMANDS"):
        settings(CLICK_COMMANDS="LONG=Forget")


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("alexa-")])
def test_alexa_has_no_such_intent(name: str) -> None:
    asked = alexa.asked(event(name) | WISH)
    assert isinstance(asked, alexa.Silence) or not forgets(asked)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wish", [*WISHES, {"message": "Forget", "data": WISH}, {"action": "Forget"}], ids=repr)
def test_no_event_becomes_one_with_it(name: str, wish: dict[str, Any]) -> None:
    for reader in (read, posted):
        try:
            found = reader(event(name) | wish, settings())
        except RefusedError:
            continue
        assert not forgets(found)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("command", "message", "text", "action", "event", "clickType", "source", "device", "camera"), SPELLINGS
        )
        | {"capture_id": st.just(CAPTURE_ID), "target": st.just([]), "topic": st.just("buttons/hall")},
    )
)
def test_however_it_is_spelled_and_wherever_it_stands(document: dict[str, object]) -> None:
    for reader in (read, posted):
        try:
            found = reader(document, settings())
        except RefusedError:
            continue
        assert not forgets(found)
