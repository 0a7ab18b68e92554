"""A wrong password never costs the camera's account."""

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.worker_process import Host

WRONG = "swordfish and chips"
PLAIN = "refused the user name or password"
PRESSES = 10


def test_ten_presses_with_a_wrong_password_are_two_refused_logins_at_most_and_a_restart_tries_none(
    host: Host, account: Account, camera: SimulatedCamera
) -> None:
    wrong = host.start(CAMERA_PASSWORD=WRONG, CONCURRENCY="10")
    for _ in range(PRESSES):
        account.press()
    records = account.ended(PRESSES)
    account.wait_until_empty()
    assert {record["status"] for record in records} == {"failed"}
    assert all(PLAIN in record["error"] for record in records)
    assert 1 <= camera.state.logins.refused <= 2
    wrong.stop()

    refused = camera.state.logins.refused
    restarted = host.start(CAMERA_PASSWORD=WRONG, SPEECH="off")
    account.press()
    assert {record["status"] for record in account.ended(PRESSES + 1)} == {"failed"}
    account.wait_until_empty()
    assert camera.state.logins.refused == refused
    restarted.stop()

    host.start(CONCURRENCY="10", SPEECH="off")
    account.press()
    *_, record = account.ended(PRESSES + 2)
    assert record["status"] == "completed"
    assert camera.state.logins.refused == refused

    camera.state.logins.change_password("changed under way")
    for _ in range(PRESSES):
        account.press()
    records = account.ended(2 + 2 * PRESSES)
    assert [record["status"] for record in records].count("failed") == 1 + 2 * PRESSES
    assert camera.state.logins.refused <= refused + 2
    assert WRONG not in host.output
    assert WRONG not in str(records)
