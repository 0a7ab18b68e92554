"""`docker compose up private`: what the cloud is asked for, and what it is not.

The account here is moto's own server, which can neither detect faces nor say anything in G.711: had the worker asked
it, no press could have been completed as these are. Its keys come from a `credential_process`.
"""

import pytest

from localcloud.resources import deploy
from tests.container.conftest import NewStack, furnish, use_credential_process, with_stand_ins, write_settings
from tests.container.stack import SESSION, CloudInside, Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.container

ACCOUNT_PORT = 4567
ACCOUNT = {
    "image": "${DEMO_IMAGE}",
    "command": ["moto.server", "--host", "0.0.0.0", "--port", str(ACCOUNT_PORT)],  # noqa: S104 - inside its own network
    "networks": ["local"],
    "init": True,
}


@pytest.fixture(scope="module")
def stack(new_stack: NewStack) -> Stack:
    stack = new_stack(with_stand_ins("private", 400, {"account": ACCOUNT}, f"http://account:{ACCOUNT_PORT}"))
    furnish(stack.folder)
    use_credential_process(stack.folder)
    stack.compose("--profile", "demo", "up", "--detach", "--wait", "cloud", "camera", "account")
    eventually(lambda: "Running on" in stack.compose("logs", "account"))
    return stack


@pytest.fixture(scope="module")
def account(stack: Stack) -> CloudInside:
    """Deployed to, and used by the worker from here on."""
    endpoint = stack.endpoint("account", ACCOUNT_PORT)
    made = deploy(SESSION, endpoint)
    write_settings(stack.folder, made.bucket, made.table)
    stack.compose("up", "--detach", "--wait", "private")
    return CloudInside(endpoint, made.bucket, made.table)


def test_faces_and_voice_are_made_on_the_host_and_the_rest_is_in_the_account(
    stack: Stack, account: CloudInside
) -> None:
    capture_id = stack.press("private")
    eventually(lambda: account.record(capture_id).get("status") == "completed", 60)
    record = account.record(capture_id)
    assert (record["top_emotion"], record["said"], record["speech"]) == ("HAPPY", "You look happy.", "spoken")
    assert len(account.photos()) == 1
    assert (stack.cloud().records(), stack.cloud().photos()) == ([], [])


@pytest.mark.usefixtures("account")
def test_the_local_cloud_can_reach_nothing(stack: Stack) -> None:
    networks = stack.inspect("cloud")["NetworkSettings"]["Networks"]
    assert list(networks) == [f"{stack.project}_local"]
    assert stack.compose("ps", "--services").split().count("worker") == 0
