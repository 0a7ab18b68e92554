"""No event whatsoever makes the function queue something malformed, or fail in an undocumented way."""

import copy
import json
import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambda_trigger.errors import RefusedError, UnknownEventError
from lambda_trigger.press import Command, Nothing, Press
from lambda_trigger.triggers import read
from tests.lambda_trigger.conftest import Context, Handler, Queue
from tests.lambda_trigger.events import NAMES, event
from tests.lambda_trigger.events import settings as trigger_settings

# What SQS accepts in a message attribute, by its reference of SendMessage.
SQS_TEXT = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
PRESSED_AT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

text = st.text(st.characters(codec=None), max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to everything inside a JSON document."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(*path, key), *places(value[key], (*path, key))]]


@st.composite
def damaged_events(draw: st.DrawFn) -> Any:
    """A real payload, with up to three of its parts replaced or removed."""
    document = copy.deepcopy(event(draw(st.sampled_from(NAMES))))
    for _ in range(draw(st.integers(1, 3))):
        if not (found := places(document)):
            break
        *path, last = draw(st.sampled_from(found))
        parent = document
        for key in path:
            parent = parent[key]
        if draw(st.booleans()):
            parent[last] = draw(json_values)
        else:
            del parent[last]
    return document


def assert_well_formed(values: dict[str, str]) -> None:
    assert values.keys() <= {"press_id", "pressed_at", "source", "camera", "device", "click"}
    assert all(SQS_TEXT.fullmatch(value) and len(value) <= 256 for value in values.values())
    assert re.fullmatch(r"[A-Za-z0-9-]{1,64}", values["press_id"])
    assert PRESSED_AT.fullmatch(values["pressed_at"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", values.get("camera", "default"))
    assert values.get("click", "SINGLE") in {"SINGLE", "DOUBLE", "TRIPLE", "LONG"}


def is_other_command(body: str) -> bool:
    document = json.loads(body)
    if document["command"] == "RecordVideo":
        return 1 <= float(document.get("seconds", 1)) <= 60
    if document["command"] == "StartWatching":
        return 1 <= int(document.get("minutes", 1)) <= 480
    if document == {"command": "StopWatching"}:
        return True
    return (
        document["command"] == "Say" and 1 <= len(document["text"]) <= 500 and len(document["text"].splitlines()) == 1
    )


def assert_read(document: object) -> None:
    try:
        found = read(document, trigger_settings())
    except UnknownEventError:
        return
    assert isinstance(found, (Press, Nothing))
    if isinstance(found, Press):
        pressed_at = min(found.pressed_at or datetime.now(UTC), datetime.now(UTC))
        sent = Command(found, "id", pressed_at).attributes()
        assert_well_formed({name: value["StringValue"] for name, value in sent.items()})


@given(json_values)
@settings(max_examples=200, deadline=None)
def test_any_document_is_read_or_refused(document: object) -> None:
    assert_read(document)


@given(damaged_events())
@settings(max_examples=300, deadline=None)
def test_a_damaged_event_is_read_or_refused(document: object) -> None:
    assert_read(document)


@given(damaged_events() | json_values)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_reaches_the_queue_is_well_formed(handler: Handler, queue: Queue, document: object) -> None:
    try:
        json.dumps(handler(document, Context()))
    except RefusedError:
        assert queue.taken() == []
    for message in queue.taken():
        assert message["Body"] == "TakePicture" or is_other_command(message["Body"])
        assert_well_formed({name: value["StringValue"] for name, value in message["MessageAttributes"].items()})
