"""A watch that is started, shown and stopped by the commands beside the daemon."""

import csv
import json

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.host import Host
from tests.support.waiting import eventually
from worker.commands.watch_rows import HEADER


def test_a_watch_is_started_shown_and_stopped(host: Host, account: Account, camera: SimulatedCamera) -> None:
    assert host.run("watched").stdout == "No watch yet.\n"
    host.start(WATCH="on", WATCH_SECONDS="1", WATCH_GRID="2x1", WATCH_SECTIONS="door, window")
    started = host.run("watch", "--minutes", "5", "--wait")
    assert started.returncode == 0, started.stdout
    capture_id = started.stdout.split()[1]
    assert "the watch has begun" in started.stdout
    assert 'sentence: "I am watching how many faces look to the stage, for 5 minutes."' in started.stdout

    again = host.run("watch", "--wait")
    assert f"changes nothing: the watch {capture_id} goes on" in again.stdout

    eventually(lambda: bool(shown(host)["buckets"]), 40)
    running = host.run("watched").stdout
    assert f"watch       {capture_id}" in running
    assert "runs until" in running
    assert "door" in running

    stopped = host.run("watch", "--stop", "--wait")
    assert f"ends the watch {capture_id}" in stopped.stdout
    eventually(lambda: shown(host)["watch"]["status"] == "ended", 20)
    watch = shown(host)["watch"]
    assert (watch["end_reason"], watch["grid"], watch["sections"]) == ("stopped", "2x1", ["door", "window"])
    ended = host.run("watched").stdout
    assert ": stopped" in ended
    header, *rows = csv.reader(host.run("watched", "--csv").stdout.splitlines())
    assert tuple(header) == HEADER
    assert {row[4] for row in rows} == {"door", "window"}
    assert account.photo_keys() == []
    assert len(camera.state.sounds) >= 1


def test_a_worker_without_the_setting_refuses_a_watch_and_names_it(
    host: Host, account: Account, camera: SimulatedCamera
) -> None:
    host.start()
    refused = host.run("watch", "--wait")
    assert (refused.returncode, "WATCH=off" in refused.stdout.splitlines()[-1]) == (3, True)
    stopped = host.run("watch", "--stop", "--wait")
    assert stopped.returncode == 0
    assert host.run("watched").stdout == "No watch yet.\n"
    assert (camera.state.snapshots, camera.state.sounds) == ([], [])
    assert account.photo_keys() == []


def shown(host: Host) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = json.loads(host.run("watched", "--json").stdout)
    return told
