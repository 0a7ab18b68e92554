"""SIGTERM: the worker ends what it has begun and gives back the rest."""

import signal
import time
from datetime import UTC, datetime
from pathlib import Path

from demo.camera import SimulatedCamera
from tests.integration.conftest import PASSWORD
from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.waiting import eventually
from tests.support.worker_process import Host
from worker.domain.timestamp import iso


def test_a_worker_that_cannot_reach_its_queue_stops_within_a_second(host: Host, proxy: CloudProxy) -> None:
    with proxy.outage():
        worker = host.launch(AWS_ENDPOINT_URL=proxy.endpoint)
        worker.wait_for("the queue cannot be polled")
        code, seconds = worker.stop()
    assert (code, seconds < 1) == (0, True)


def test_a_press_in_work_is_finished_and_what_was_not_begun_goes_back_at_once(
    host: Host, account: Account, camera: SimulatedCamera, proxy: CloudProxy, tmp_path: Path
) -> None:
    cameras = tmp_path / "cameras.toml"
    table = f'host = "{camera.host}"\npassword = "{PASSWORD}"\n'
    cameras.write_text(f"[lobby]\n{table}\n[door]\n{table}")
    # Two cameras are two places of work; two presses for one of them are one more than it has.
    several = {"CAMERAS_FILE": str(cameras), "CAMERA_HOST": "", "CAMERA_PASSWORD": "", "CONCURRENCY": "1"}
    worker = host.start(AWS_ENDPOINT_URL=proxy.endpoint, **several)
    with proxy.holding("DetectFaces") as analysis:
        account.press()
        analysis.wait_until_reached()
        account.press()
        # It asks anew only when it has taken on what it was given.
        eventually(lambda: proxy.asked["ReceiveMessage"] == 3)
        worker.signal(signal.SIGTERM)
        eventually(lambda: account.visible() == 1)
    assert worker.wait() == 0
    [record] = account.records()
    assert (record["status"], record["speech"]) == ("completed", "spoken")
    assert account.messages() == account.visible() == 1


def test_what_takes_longer_than_the_drain_is_given_back_for_the_next_worker(
    host: Host, account: Account, proxy: CloudProxy
) -> None:
    worker = host.start(AWS_ENDPOINT_URL=proxy.endpoint, SPEECH="off", DRAIN_SECONDS="0")
    with proxy.holding("DetectFaces") as analysis:
        account.press()
        analysis.wait_until_reached()
        code, seconds = worker.stop()
    assert (code, seconds < 5) == (0, True)
    assert account.visible() == 1
    [record] = account.records()
    assert (record["status"], record["lease_until"] < iso(datetime.now(UTC))) == ("in_progress", True)


def test_a_second_signal_ends_it_at_once(host: Host, account: Account, proxy: CloudProxy) -> None:
    worker = host.start(AWS_ENDPOINT_URL=proxy.endpoint, SPEECH="off")
    with proxy.holding("DetectFaces") as analysis:
        account.press()
        analysis.wait_until_reached()
        worker.signal(signal.SIGTERM)
        worker.wait_for("stopping")
        asked = time.monotonic()
        worker.signal(signal.SIGINT)
        assert worker.wait() == 128 + signal.SIGINT
        assert time.monotonic() - asked < 1
    assert account.messages() == 1
