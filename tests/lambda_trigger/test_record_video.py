"""The function lets pass exactly the lengths that the worker takes, and the worker reads what the function sends."""

import json
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import Command, Press
from lambda_trigger.record_video import RecordVideo, read_record_video
from worker.domain.command import Message, Rejected, read_message

NOW = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
SECONDS = st.none() | st.booleans() | st.integers() | st.integers(-1, 62) | st.floats() | st.floats(0, 61) | st.text()


def read_by_worker(body: str) -> object:
    """The worker's command, or None where it rejects it."""
    try:
        return read_message(Message("id", "handle", body, {}, 1, NOW), ["lobby"])[1]
    except Rejected:
        return None


def read_by_function(document: dict[str, object]) -> RecordVideo | None:
    try:
        return read_record_video(document)
    except UnknownEventError as error:
        assert str(error).isprintable()  # noqa: PT017 - whatever is refused
        return None


@given(st.fixed_dictionaries({}, optional={"seconds": SECONDS | st.lists(SECONDS)}))
@example({"seconds": True})
@example({"seconds": "5"})
@example({"seconds": float("nan")})
@example({"seconds": 60})
@example({"seconds": 60.001})
def test_function_and_worker_agree_about_every_length(document: dict[str, object]) -> None:
    wanted = read_by_worker(json.dumps({"command": "RecordVideo", **document}))
    clip = read_by_function(document)
    assert (clip is None) == (wanted is None)
    if clip is not None:
        assert read_by_worker(Command(Press("webhook", asks=clip), "6f1c", NOW).body) == wanted
