"""`docker compose up demo --exit-code-from demo`, from a fresh checkout without settings."""

import json
from pathlib import Path

import pytest

from demo.heard import QUIETEST_SPEECH, loudness
from tests.container.conftest import NewStack
from tests.container.stack import Stack

pytestmark = pytest.mark.container

UP_DEMO = ("up", "demo", "--exit-code-from", "demo")
SENTENCES = {
    "1-astronaut": "You look happy.",
    "2-cat": "I could not see a face.",
    "3-group-of-four": "I see 4 people. The most common look is happy.",
    "4-group-of-three": "I see 3 people. The most common look is happy.",
}


@pytest.fixture(scope="module")
def stack(new_stack: NewStack) -> Stack:
    """Where the demo has run; its exit code was 0."""
    stack = new_stack()
    stack.compose(*UP_DEMO)
    return stack


@pytest.fixture(scope="module")
def output(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "output"
    stack.compose("cp", "demo:/demo-output", str(folder))
    return folder


@pytest.mark.parametrize("press", SENTENCES)
def test_each_photo_becomes_a_record_and_a_sentence_that_is_heard(output: Path, press: str) -> None:
    record = json.loads((output / f"{press}.json").read_text(encoding="utf-8"))
    assert (record["status"], record["speech"], record["said"]) == ("completed", "spoken", SENTENCES[press])
    assert loudness(output / f"{press}.wav") > QUIETEST_SPEECH
    assert (output / f"{press}.jpg").read_bytes().startswith(b"\xff\xd8")


def test_the_real_worker_is_not_started(stack: Stack) -> None:
    running = set(stack.compose("ps", "--all", "--services").split())
    assert running == {"cloud", "camera", "demo-worker", "demo"}


def test_nothing_of_it_can_reach_out(stack: Stack) -> None:
    connect = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
    refused = stack.compose("exec", "-T", "demo-worker", "python", "-c", connect, exit_code=1)
    assert "Network is unreachable" in refused


def test_it_can_be_run_again(stack: Stack) -> None:
    assert "You look happy." in stack.compose(*UP_DEMO)


def test_its_exit_code_tells_when_nothing_was_heard(new_stack: NewStack) -> None:
    stack = new_stack({"services": {"demo-worker": {"environment": {"SPEECH": "off"}}}})
    stack.compose("up", "--detach", "--wait", "demo-worker")
    assert "the sentence was not spoken: off" in stack.compose("run", "--rm", "--no-deps", "demo", exit_code=1)
