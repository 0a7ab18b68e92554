"""However often SQS delivers a press: one record, one photo, one sentence."""

from datetime import UTC, datetime

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.worker_process import Host

LEASE = {"VISIBILITY_SECONDS": "2"}


def identity() -> dict[str, str]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"press_id": "the-same-press", "pressed_at": now}


def test_a_press_delivered_twice_at_once_and_again_afterwards_is_done_once(
    host: Host, account: Account, camera: SimulatedCamera
) -> None:
    worker = host.start(**LEASE)
    press = identity()
    account.press(**press)
    account.press(**press)
    [record] = account.ended()
    account.press(**press)
    account.wait_until_empty()
    worker.wait_for("this press is done already", 2)
    assert account.records() == [record]
    assert record["capture_id"] == f"{press['pressed_at']}#the-same-press"
    assert (record["status"], record["speech"]) == ("completed", "spoken")
    assert len(camera.state.snapshots) == len(camera.state.sounds) == len(account.photo_keys()) == 1


def test_two_workers_that_get_the_same_press_at_once_do_it_once(
    host: Host, account: Account, camera: SimulatedCamera, data_dir: str
) -> None:
    first = host.launch(**LEASE)
    second = host.launch(**LEASE, DATA_DIR=f"{data_dir}-of-the-other")
    first.wait_for("ready")
    second.wait_for("ready")
    press = identity()
    for _ in range(4):
        account.press(**press)
    [record] = account.ended()
    account.wait_until_empty()
    assert account.records() == [record]
    assert (record["status"], record["speech"]) == ("completed", "spoken")
    assert len(camera.state.sounds) == len(account.photo_keys()) == 1
