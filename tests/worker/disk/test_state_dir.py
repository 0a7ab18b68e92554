import subprocess
import sys
from pathlib import Path

from worker.disk.state_dir import data_dir
from worker.settings import HostSettings

SLOW_LIBRARIES = {"boto3", "botocore", "pydantic", "requests", "structlog"}


def test_an_empty_data_dir_counts_as_unset() -> None:
    assert data_dir({}) == data_dir({"DATA_DIR": ""})


def test_health_looks_where_the_daemon_writes() -> None:
    assert HostSettings.model_fields["data_dir"].get_default(call_default_factory=True) == data_dir({})


def test_health_is_cheap_enough_to_be_asked_often(tmp_path: Path) -> None:
    asked = "import sys; from worker.commands.cli import main; main(['health']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], env={"DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert not SLOW_LIBRARIES & set(done.stdout.split())
