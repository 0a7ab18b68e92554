import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker.runtime.heartbeat import DRAIN_GRACE_SECONDS, MAX_AGE_SECONDS, Heartbeat, complaint, heartbeat_paths

NOW = 4_000_000_000.0  # later than any heartbeat that a worker on this machine may have left in the temporary folder


def now() -> float:
    return NOW


def complained(data_dir: Path, at: float = NOW) -> str:
    return complaint(data_dir, lambda: at) or ""


@pytest.fixture
def heartbeat(tmp_path: Path) -> Heartbeat:
    return Heartbeat(heartbeat_paths(tmp_path)[0], now)


def test_a_worker_that_polls_is_well(heartbeat: Heartbeat, tmp_path: Path) -> None:
    heartbeat.beat()
    assert complaint(tmp_path, lambda: NOW + MAX_AGE_SECONDS) is None


def test_a_worker_that_has_not_polled_for_long_is_not(heartbeat: Heartbeat, tmp_path: Path) -> None:
    heartbeat.beat()
    assert f"{MAX_AGE_SECONDS + 1} s ago" in complained(tmp_path, NOW + MAX_AGE_SECONDS + 1)


def test_a_worker_that_was_killed_is_not(tmp_path: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=subprocess.PIPE, check=True)
    (tmp_path / "heartbeat").write_text(f'{{"pid": {int(dead.stdout)}, "polled_at": {NOW}}}')
    assert "is gone without having stopped" in complained(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pid": "x", "polled_at": 1}', '{"pid": null, "polled_at": 1}'])
def test_a_broken_heartbeat_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "heartbeat").write_text(content)
    assert complained(tmp_path)


def test_a_worker_that_has_stopped_leaves_none(heartbeat: Heartbeat, tmp_path: Path) -> None:
    heartbeat.beat()
    heartbeat.end()
    heartbeat.end()
    assert list(tmp_path.iterdir()) == []


def test_a_full_or_read_only_disk_does_not_stop_the_worker(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    Heartbeat(tmp_path / "file" / "heartbeat", now).beat()
    assert complained(tmp_path / "file")


def test_another_user_s_process_is_alive(tmp_path: Path) -> None:
    (tmp_path / "heartbeat").write_text(f'{{"pid": 1, "polled_at": {NOW}}}')
    assert os.getpid() != 1
    assert complaint(tmp_path, now) is None


class TestDraining:
    def test_a_worker_that_drains_is_well_for_as_long_as_it_may_take(
        self, heartbeat: Heartbeat, tmp_path: Path
    ) -> None:
        heartbeat.beat()
        heartbeat.drain(3600)
        assert complaint(tmp_path, lambda: NOW + 3600) is None

    def test_one_that_drains_for_longer_is_not(self, heartbeat: Heartbeat, tmp_path: Path) -> None:
        heartbeat.drain(20)
        assert "should have stopped 5 s ago" in complained(tmp_path, NOW + 20 + DRAIN_GRACE_SECONDS + 5)
