"""What a worker says of its settings, before anything starts."""

from pathlib import Path

from tests.support.host import Host
from tests.support.site import PASSWORD
from tests.support.waiting import eventually


def test_every_setting_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    nothing = Host(tmp_path, dict).run("run")
    assert nothing.returncode == 2
    for name in ("AWS_REGION", "BUCKET_NAME", "TABLE_NAME", "CAMERA_HOST", "CAMERA_PASSWORD"):
        assert f"  {name}: not set" in nothing.stderr


def test_what_is_wrong_is_told_by_name_and_no_secret_with_it(host: Host) -> None:
    wrong = host.run(
        CAMERA_HOST=f"http://admin:{PASSWORD}@camera", CONCURRENCY="many", ANALYSES="faces,moods", LOG_LEVEL="loud"
    )
    assert wrong.returncode == 2
    for name in ("CAMERA_HOST", "CONCURRENCY", "ANALYSES", "LOG_LEVEL"):
        assert f"  {name}: " in wrong.stderr


def test_one_data_dir_serves_one_worker(host: Host) -> None:
    workers = [host.launch(SPEECH="off") for _ in range(2)]
    eventually(lambda: any("DATA_DIR" in worker.output for worker in workers))
    [refused, running] = sorted(workers, key=lambda worker: "DATA_DIR" not in worker.output)
    assert refused.wait() == 2
    running.wait_for("ready")
