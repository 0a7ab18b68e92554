"""What the images are built from has a wheel wherever they are to be built: no compiler is needed there.

pip, asked for the wheels of another platform, finds those that the pip of that platform would.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.host import CHECKOUT

pytestmark = pytest.mark.container

PLATFORMS = {
    "amd64": ("manylinux2014_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64"),
    "arm64": ("manylinux2014_aarch64", "manylinux_2_27_aarch64", "manylinux_2_28_aarch64"),
    "arm-v7": ("manylinux2014_armv7l", "manylinux_2_31_armv7l"),
}
MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "arm-v7": "armv7l"}
IMAGE_PYTHON = "3.13"
WITHOUT_ARM_V7 = ("lazy-object-proxy", "onnxruntime", "pillow", "py-nanotts", "pyyaml", "regex")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-video.lock", "requirements-board.lock"])
def test_every_package_of_worker_and_board_has_a_wheel_for(lock: str, platform: str, tmp_path: Path) -> None:
    # pip itself would ask for what this machine needs.
    needed = tmp_path / "needed.lock"
    needed.write_text("\n".join(line for line in _locked(lock) if _is_for(line, MACHINES[platform])))
    found = _download(str(needed), platform, tmp_path)
    assert found.returncode == 0, found.stderr


def test_every_package_of_the_demo_has_a_wheel_for_arm64(tmp_path: Path) -> None:
    found = _download("requirements-demo.lock", "arm64", tmp_path)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("package", WITHOUT_ARM_V7)
def test_of_the_demo_the_page_names_what_has_none_for_arm_v7(package: str, tmp_path: Path) -> None:
    [line] = [line for line in _locked("requirements-demo.lock") if line.startswith(f"{package}==")]
    lock = tmp_path / "one.lock"
    lock.write_text(line)
    found = _download(str(lock), "arm-v7", tmp_path)
    assert "No matching distribution found" in found.stderr
    assert package in (CHECKOUT / "docs" / "container.md").read_text()


def _locked(lock: str) -> list[str]:
    """One line a package, with its hashes."""
    return (CHECKOUT / lock).read_text().replace("\\\n", " ").splitlines()


def _is_for(line: str, machine: str) -> bool:
    marker = Requirement(line.partition(" --hash")[0]).marker
    return marker is None or marker.evaluate({"platform_machine": machine})


def _download(lock: str, platform: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    options = [f"--platform={tag}" for tag in PLATFORMS[platform]]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", *options]
    target = [f"--python-version={IMAGE_PYTHON}", f"--dest={folder}", "--require-hashes", f"--requirement={lock}"]
    return subprocess.run([*command, *target], cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False)
