"""`health`, where the daemon is not simply polling."""

import json
import signal
from pathlib import Path

from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.host import Host


def test_during_a_drain_the_worker_is_healthy_however_long_ago_it_polled(
    host: Host, account: Account, proxy: CloudProxy, data_dir: Path
) -> None:
    worker = host.start(DRAIN_SECONDS="600", SPEECH="off")
    with proxy.holding("DetectFaces") as analysis:
        account.press()
        analysis.wait_until_reached()
        worker.signal(signal.SIGTERM)
        worker.wait_for("stopping")
        _age(data_dir / "heartbeat")
        assert host.run("health").returncode == 0
    assert worker.wait() == 0
    assert host.run("health").returncode == 1


def test_a_worker_is_healthy_from_the_start_until_no_poll_was_answered_for_three_minutes(
    host: Host, proxy: CloudProxy, data_dir: Path
) -> None:
    # Or an answer to a poll would come between.
    with proxy.holding("ReceiveMessage"):
        host.start()
        assert host.run("health").returncode == 0
        _age(data_dir / "heartbeat")
        health = host.run("health")
    assert (health.returncode, "the last poll that SQS answered was" in health.stdout) == (1, True)


def _age(heartbeat: Path) -> None:
    """As if the last poll had been four minutes earlier than it was."""
    beat = json.loads(heartbeat.read_bytes())
    heartbeat.write_text(json.dumps(beat | {"polled_at": beat["polled_at"] - 240}))
