"""The worker's image for a Raspberry Pi and an ARM server: built, and at work, on this machine by emulation."""

import os

import pytest

from tests.container.conftest import NewStack
from tests.container.stack import BASE, docker
from tests.support.host import CHECKOUT

pytestmark = pytest.mark.container

IMAGE = "camera-to-voice:test-arm64"
NOT_TO_BE_HAD = ("exec format error", "failed to resolve source metadata")
"""What buildx says where nothing runs arm64's programs, and where no base for it can be had."""


@pytest.fixture(scope="module")
def image(engine: None) -> str:  # noqa: ARG001 - it must be there
    """The image, from the Dockerfile as it is. ARM64_BASE names a stand-in of this machine for the base."""
    base = [f"--build-context={BASE}=docker-image://{os.environ['ARM64_BASE']}"] if "ARM64_BASE" in os.environ else []
    command = ("buildx", "build", "--platform=linux/arm64", "--target=worker", f"--tag={IMAGE}", "--load", *base)
    try:
        docker(*command, str(CHECKOUT))
    except AssertionError as failed:
        if not any(reason in str(failed) for reason in NOT_TO_BE_HAD):
            raise
        pytest.skip(f"THIS ENGINE HAS NO linux/arm64: nothing is known about the image for it: {failed}")
    return IMAGE


def test_it_does_the_whole_demo(image: str, new_stack: NewStack) -> None:
    worker = {"image": image, "platform": "linux/arm64", "healthcheck": {"start_period": "120s", "timeout": "30s"}}
    stack = new_stack({"services": {"demo-worker": worker}})
    shown = stack.compose("up", "demo", "--exit-code-from", "demo")
    assert "You look happy." in shown
    machine = stack.compose("exec", "-T", "demo-worker", "python", "-c", "import platform; print(platform.machine())")
    assert machine.strip() == "aarch64"
