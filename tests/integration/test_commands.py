"""The commands beside the daemon."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.account import Account
from tests.support.worker_process import Host


def test_press_results_and_health_go_together(host: Host, account: Account) -> None:
    assert host.run("health").returncode == 1

    worker = host.start(SPEECH="off")
    pressed = host.run("press")
    assert pressed.returncode == 0
    queued, capture_id = pressed.stdout.split()
    assert queued == "queued"
    [record] = account.ended()
    account.wait_until_empty()
    assert (record["capture_id"], record["source"], record["status"]) == (capture_id, "cli", "completed")

    with ThreadPoolExecutor() as beside:
        as_table = beside.submit(host.run, "results")
        as_json = beside.submit(host.run, "results", "--camera", "default", "--limit", "1", "--json")
        polling = host.run("health")
    heading, _, row = as_table.result().stdout.splitlines()
    assert heading.split()[:3] == ["pressed", "at", "camera"]
    assert row.split()[:3] == [record["pressed_at"], "default", "completed"]
    shown = json.loads(as_json.result().stdout)
    assert shown.keys() == record.keys()
    assert shown["timings_ms"]["total"] == record["timings_ms"]["total"]
    assert (polling.returncode, polling.stdout) == (0, "the worker polls\n")

    worker.kill()
    gone = host.run("health")
    assert (gone.returncode, str(worker.pid) in gone.stdout) == (1, True)


@pytest.mark.parametrize("arguments", [["dance"], ["results", "--limit", "0"]])
def test_bad_usage_exits_2(host: Host, arguments: list[str]) -> None:
    misused = host.run(*arguments)
    assert (misused.returncode, misused.stdout) == (2, "")
    assert "usage: python -m worker" in misused.stderr
