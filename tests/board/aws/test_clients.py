"""What boto3 cannot use ends the start, is told by the setting's name, and together with all other mistakes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.account import KEYS
from tests.support.host import CHECKOUT

USABLE = {"TABLE_NAME": "captures", "BUCKET_NAME": "photos", "BOARD_AUTH": "none"}


def mistakes(folder: Path, **environment: str) -> list[str]:
    """What `python -m board` says of its settings, in a folder without any of AWS's files."""
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(CHECKOUT), "BOARD_PORT": "0"}
    command = [sys.executable, "-m", "board"]
    ended = subprocess.run(
        command, cwd=folder, env=own | KEYS | environment, capture_output=True, text=True, timeout=20, check=False
    )
    assert ended.returncode == 2, ended.stderr
    head, *told = ended.stderr.splitlines()
    assert head == "The settings cannot be used:"
    return told


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"AWS_PROFILE": "nobody"}, "AWS_PROFILE: there is no profile 'nobody'"),
        ({"AWS_REGION": ""}, "AWS_REGION: not set, and no profile names one"),
        ({"AWS_CONFIG_FILE": "broken"}, "AWS_CONFIG_FILE: broken cannot be read"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "AWS: Partial credentials"),
        ({"AWS_ENDPOINT_URL": "nonsense"}, "AWS: Invalid endpoint: nonsense"),
    ],
)
def test_what_boto3_cannot_use_is_told(tmp_path: Path, environment: dict[str, str], told: str) -> None:
    (tmp_path / "broken").write_text("no section\n", encoding="utf-8")
    [mistake] = mistakes(tmp_path, **USABLE, **environment)
    assert mistake.strip().startswith(told)


def test_it_is_told_with_the_other_mistakes(tmp_path: Path) -> None:
    told = mistakes(tmp_path, **{**USABLE, "BOARD_PORT": "many", "AWS_PROFILE": "nobody"})
    assert [line.strip().partition(":")[0] for line in told] == ["BOARD_PORT", "AWS_PROFILE"]
