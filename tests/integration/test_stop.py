"""SIGTERM: the worker ends what it has begun and gives back the rest."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.host import Host
from tests.support.site import Site
from tests.support.waiting import eventually
from worker.domain.timestamp import iso


def test_a_worker_stops_although_its_poll_is_never_answered(host: Host, account: Account, proxy: CloudProxy) -> None:
    with proxy.holding("ReceiveMessage") as poll:
        worker = host.start()
        poll.wait_until_reached()
        account.press()
        assert worker.stop() == 0
    assert account.visible() == 1


def test_a_worker_stops_although_it_cannot_reach_its_queue(host: Host, proxy: CloudProxy) -> None:
    with proxy.outage():
        worker = host.launch()
        worker.wait_for("the queue cannot be polled")
        assert worker.stop() == 0


def test_a_worker_stops_although_the_queue_s_policy_is_never_told(host: Host, proxy: CloudProxy) -> None:
    with proxy.holding("GetQueueAttributes") as question:
        worker = host.launch()
        question.wait_until_reached()
        assert worker.stop() == 0
        assert proxy.asked["GetQueueAttributes"] == 1


def test_a_worker_stops_although_its_credentials_never_come(host: Host, tmp_path: Path) -> None:
    helper, asked = tmp_path / "helper", tmp_path / "asked"
    # A pipe that nobody writes to: the helper waits for as long as the worker lets it.
    os.mkfifo(pipe := tmp_path / "pipe")
    helper.write_text(f"#!/bin/sh\ntouch {asked}\nread -r answer < {pipe}\n")
    helper.chmod(0o700)
    config = tmp_path / "config"
    config.write_text(f"[default]\ncredential_process = {helper}\n")
    worker = host.launch(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_CONFIG_FILE=str(config))
    try:
        eventually(asked.exists)
        assert worker.stop() == 0
    finally:
        # The helper outlives its worker: it ends when somebody has opened the pipe.
        os.close(os.open(pipe, os.O_RDWR))


def test_a_press_in_work_is_finished_and_what_was_not_begun_goes_back_at_once(cloud: str, tmp_path: Path) -> None:
    with Site(cloud, tmp_path) as site:
        site.camera("lobby")
        site.camera("door")
        # Two cameras are two places of work; two presses for one of them are one more than it has.
        worker = site.start(CONCURRENCY="1")
        with site.proxy.holding("DetectFaces") as analysis:
            site.press("lobby")
            analysis.wait_until_reached()
            second = site.press("lobby")
            eventually(lambda: site.proxy.has_taken_on(second))
            worker.signal(signal.SIGTERM)
            eventually(lambda: site.account.visible() == 1)
        assert worker.wait() == 0
        [record] = site.account.records()
        assert (record["status"], record.get("speech")) == ("completed", "spoken"), worker.output
        assert site.account.messages() == site.account.visible() == 1


def test_what_takes_longer_than_the_drain_is_given_back_for_the_next_worker(
    host: Host, account: Account, proxy: CloudProxy
) -> None:
    worker = host.start(SPEECH="off", DRAIN_SECONDS="0")
    with proxy.holding("DetectFaces") as analysis:
        account.press()
        analysis.wait_until_reached()
        assert worker.stop() == 0
    assert account.visible() == 1
    [record] = account.records()
    assert (record["status"], record["lease_until"] < iso(datetime.now(UTC))) == ("in_progress", True)


def test_a_second_signal_ends_it_at_once(host: Host, account: Account, proxy: CloudProxy) -> None:
    worker = host.start(SPEECH="off")
    with proxy.holding("DetectFaces") as analysis:
        account.press()
        analysis.wait_until_reached()
        worker.signal(signal.SIGTERM)
        worker.wait_for("stopping")
        worker.signal(signal.SIGINT)
        assert worker.wait() == 128 + signal.SIGINT
    assert account.messages() == 1
