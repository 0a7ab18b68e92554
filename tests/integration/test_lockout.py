"""A wrong password never costs the camera's account, and is remembered."""

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.host import Host

WRONG = "swordfish and chips"


def test_a_restart_tries_no_password_that_was_refused_and_the_right_one_at_once(
    host: Host, account: Account, camera: SimulatedCamera
) -> None:
    first = host.start(CAMERA_PASSWORD=WRONG)
    account.press()
    account.ended()
    account.wait_until_empty()
    first.stop()
    refused = camera.state.logins.refused
    assert 1 <= refused <= 2

    restarted = host.start(CAMERA_PASSWORD=WRONG, SPEECH="off")
    account.press()
    assert [record["status"] for record in account.ended(2)] == ["failed", "failed"]
    account.wait_until_empty()
    assert camera.state.logins.refused == refused
    restarted.stop()

    host.start(SPEECH="off")
    account.press()
    records = account.ended(3)
    assert records[-1]["status"] == "completed"
    assert camera.state.logins.refused == refused
    assert WRONG not in host.output
    assert WRONG not in str(records)
