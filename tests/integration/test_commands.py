"""The commands beside the daemon."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.host import Host


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
    assert row.split()[2:4] == ["default", "completed"]
    assert row.endswith(record["capture_id"])
    shown = json.loads(as_json.result().stdout)
    assert shown.keys() == record.keys()
    assert shown["timings_ms"]["total"] == record["timings_ms"]["total"]
    assert (polling.returncode, polling.stdout) == (0, "the worker polls\n")

    worker.kill()
    gone = host.run("health")
    assert (gone.returncode, str(worker.pid) in gone.stdout) == (1, True)


def test_a_press_that_waits_tells_what_became_of_it_and_its_photo_can_be_had(
    host: Host, account: Account, tmp_path: Path
) -> None:
    host.start()
    pressed = host.run("press", "--wait")
    assert pressed.returncode == 0
    queued, *steps, end = pressed.stdout.splitlines()
    assert any(step.startswith("picked up by ") for step in steps)
    assert steps[-1] == 'sentence: "You look happy."'
    assert end.endswith("; the voice: spoken")
    capture_id = queued.split()[1]

    saved = host.run("results", "--photo", capture_id, "--output", str(tmp_path / "photo.jpg"))
    assert (saved.returncode, saved.stdout) == (0, f"saved {tmp_path}/photo.jpg\n")
    [key] = account.photo_keys()
    assert (tmp_path / "photo.jpg").read_bytes() == account.photo(key)[0]
    again = host.run("results", "--photo", capture_id, "--output", str(tmp_path / "photo.jpg"))
    assert (again.returncode, "photo.jpg exists" in again.stderr) == (1, True)
    assert host.run("results", "--photo", capture_id.replace("#", "#0")).returncode == 1


def test_a_clip_can_be_had(host: Host, account: Account, tmp_path: Path) -> None:
    clip, key = bytes(range(256)) * 10_000, "captures/default/2026/11/22/184400123-6f1c.mp4"
    account.s3.put_object(Bucket=account.resources.bucket, Key=key, Body=clip)
    saved = host.run("results", "--clip", "2026-11-22T18:44:00.123Z#6f1c", "--output", str(tmp_path / "clip.mp4"))
    assert (saved.returncode, saved.stdout) == (0, f"saved {tmp_path}/clip.mp4\n")
    assert (tmp_path / "clip.mp4").read_bytes() == clip
    absent = host.run("results", "--clip", "2026-11-22T18:44:00.123Z#other")
    assert (absent.returncode, absent.stdout) == (1, "")


def test_a_press_that_fails_or_that_nobody_picks_up_ends_with_a_code_of_its_own(
    host: Host, camera: SimulatedCamera
) -> None:
    unheard = host.run("press", "--wait", "--timeout", "1")
    assert (unheard.returncode, "not picked up after 1 s" in unheard.stdout) == (5, True)
    host.start(CAMERA_PASSWORD="swordfish and chips", SPEECH="off")
    failed = host.run("press", "--wait")
    assert (failed.returncode, camera.state.snapshots) == (3, [])
    assert failed.stdout.splitlines()[-1].startswith("failed: ")


@pytest.mark.parametrize("arguments", [["dance"], ["results", "--limit", "0"]])
def test_bad_usage_exits_2(host: Host, arguments: list[str]) -> None:
    misused = host.run(*arguments)
    assert (misused.returncode, misused.stdout) == (2, "")
    assert "usage: python -m worker" in misused.stderr
