"""The function lets pass exactly the lengths that the worker takes, and the worker reads what the function sends."""

import json
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import Command, Press
from lambda_trigger.watching import StartWatching, StopWatching, read_start_watching
from worker.domain import watch_commands
from worker.domain.command import Message, Rejected, read_message

NOW = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
MINUTES = st.none() | st.booleans() | st.integers() | st.integers(-1, 482) | st.floats() | st.text()


def read_by_worker(body: str) -> object:
    """The worker's command, or None where it rejects it."""
    try:
        return read_message(Message("id", "handle", body, {}, 1, NOW), ["lobby"])[1]
    except Rejected:
        return None


def read_by_function(document: dict[str, object]) -> StartWatching | None:
    try:
        return read_start_watching(document)
    except UnknownEventError as error:
        assert str(error).isprintable()  # noqa: PT017 - whatever is refused
        return None


@given(st.fixed_dictionaries({}, optional={"minutes": MINUTES | st.lists(MINUTES)}))
@example({"minutes": True})
@example({"minutes": "5"})
@example({"minutes": 5.0})
@example({"minutes": 480})
@example({"minutes": 481})
def test_function_and_worker_agree_about_every_length(document: dict[str, object]) -> None:
    wanted = read_by_worker(json.dumps({"command": "StartWatching", **document}))
    start = read_by_function(document)
    assert (start is None) == (wanted is None)
    if start is not None:
        assert read_by_worker(Command(Press("webhook", asks=start), "6f1c", NOW).body) == wanted


def test_the_worker_reads_the_functions_stop() -> None:
    stop = Command(Press("webhook", asks=StopWatching()), "6f1c", NOW)
    assert read_by_worker(stop.body) == watch_commands.StopWatching()
