"""The screens in a container: on their own, and `docker compose up demo-board` from a fresh checkout."""

import json
import os

import pytest
import requests

from demo.program import PATIENCE_SECONDS
from tests.container.conftest import PASSWORD, NewStack, furnish
from tests.container.stack import BOARD_IMAGE, Stack, docker
from tests.support.waiting import eventually

pytestmark = pytest.mark.container


@pytest.fixture(scope="module")
def stack(new_stack: NewStack) -> Stack:
    stack = new_stack()
    stack.compose("up", "--detach", "--wait", "demo-board")
    return stack


@pytest.fixture(scope="module")
def address(stack: Stack) -> str:
    return "http://" + stack.compose("port", "demo-board", "8080").strip()


def test_what_is_pressed_is_seen_on_localhost(stack: Stack, address: str) -> None:
    pressed = stack.press("demo-worker")

    def shown() -> bool:
        captures = requests.get(f"{address}/api/captures", timeout=PATIENCE_SECONDS).json()["captures"]
        return [(one["capture_id"], one["status"]) for one in captures] == [(pressed, "completed")]

    eventually(shown)
    assert address.startswith("http://127.0.0.1:")


def test_it_is_healthy_and_writes_nowhere(stack: Stack) -> None:
    assert stack.health("demo-board") == "healthy"
    assert stack.inspect("demo-board")["HostConfig"]["ReadonlyRootfs"]


def test_it_stops_at_once(stack: Stack, address: str) -> None:
    with requests.get(f"{address}/api/events", stream=True, timeout=PATIENCE_SECONDS) as viewer:
        assert viewer.status_code == 200
        stack.compose("stop", "--timeout", "30", "demo-board")
    assert stack.inspect("demo-board")["State"]["ExitCode"] == 0


def test_without_a_password_it_does_not_start(new_stack: NewStack) -> None:
    stack = new_stack()
    furnish(stack.folder)
    told = stack.compose("run", "--rm", "--no-deps", "board", exit_code=2)
    assert "BOARD_PASSWORD: not set" in told
    assert "TABLE_NAME" not in told


def test_the_cameras_password_stays_out_of_it(new_stack: NewStack) -> None:
    stack = new_stack()
    furnish(stack.folder)
    (stack.folder / ".env").write_text(f"CAMERA_PASSWORD={PASSWORD}\n", encoding="utf-8")
    told = json.loads(stack.compose("--profile", "board", "config", "--format", "json"))
    assert PASSWORD not in json.dumps(told["services"]["board"])
    assert PASSWORD in json.dumps(told["services"]["worker"])


def test_its_image_asks_for_settings_by_name() -> None:
    told = docker("run", "--rm", "--read-only", "--user", str(os.getuid() + 20_000), BOARD_IMAGE, exit_code=2)
    assert {"TABLE_NAME", "BUCKET_NAME", "BOARD_PASSWORD", "AWS_REGION"} == {
        line.split(":")[0].strip() for line in told.splitlines()[1:]
    }
