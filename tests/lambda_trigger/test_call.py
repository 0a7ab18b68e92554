"""When was it pressed, if the event does not say? Lambda's repeats of an invocation share request id and trace."""

from datetime import UTC, datetime, timedelta

import pytest

from lambda_trigger.call import Call
from lambda_trigger.press import Press
from tests.lambda_trigger.conftest import Context
from tests.lambda_trigger.events import trace

ACCEPTED = datetime(2025, 11, 22, 18, 44, 7, tzinfo=UTC)
# The first attempt, and the two that follow after one minute and after two more.
ATTEMPTS = [ACCEPTED + timedelta(seconds=seconds) for seconds in (0.3, 60.8, 181.2)]


def pressed_at(press: Press, trace_header: str | None, now: datetime) -> datetime:
    return Call.begin(Context(), trace_header, now).command(press).pressed_at


def test_a_press_without_a_time_is_the_same_press_at_every_attempt() -> None:
    commands = [Call.begin(Context(), trace(ACCEPTED), now).command(Press("direct")) for now in ATTEMPTS]
    assert {command.capture_id for command in commands} == {f"2025-11-22T18:44:07.000Z#{Context().aws_request_id}"}


def test_a_press_in_the_future_is_the_same_press_at_every_attempt() -> None:
    fast = Press("shelly", "SINGLE", pressed_at=ACCEPTED + timedelta(hours=1))
    assert {pressed_at(fast, trace(ACCEPTED), now) for now in ATTEMPTS} == {ACCEPTED}


@pytest.mark.parametrize("seconds", [-300, -0.5, 0])
def test_the_events_own_time_goes_before_the_traces(seconds: float) -> None:
    told = ATTEMPTS[0] + timedelta(seconds=seconds)
    assert pressed_at(Press("iot-button", pressed_at=told), trace(ACCEPTED), ATTEMPTS[0]) == told


def test_a_press_is_fresh_although_the_workflow_that_invoked_the_function_began_long_ago() -> None:
    now = ATTEMPTS[0]
    assert pressed_at(Press("direct"), trace(now - timedelta(minutes=7)), now) == now


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Root=",
        "Root=1-zzzzzzzz-bd862e3fe1be46a994272793",
        "Root=1-6921-bd862e3fe1be46a994272793",
        "Root=1-ffffffff-bd862e3fe1be46a994272793",
        "Parent=1-69220547-bd862e3fe1be46a994272793",
        "Sampled=0",
        "x" * 100_000,
    ],
    ids=lambda header: repr(header)[:40],
)
def test_without_a_trace_it_is_pressed_now(header: str | None) -> None:
    assert pressed_at(Press("direct"), header, ATTEMPTS[0]) == ATTEMPTS[0]
