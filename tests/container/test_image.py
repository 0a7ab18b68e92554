"""What is in the images, and what is not."""

import json
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.container.conftest import IN_THE_WAY, PASSWORD
from tests.container.stack import BASE, BOARD_IMAGE, DEMO_IMAGE, IMAGE, VIDEO_IMAGE, docker
from tests.support.host import CHECKOUT

pytestmark = [pytest.mark.container, pytest.mark.usefixtures("images")]

MAX_BYTES_ABOVE_BASE = 60_000_000
GPL = "MIT AND BSD-3-Clause AND GPL-3.0-or-later"
WORKER_ONLY = """
import importlib.metadata as metadata, json, re
names = (re.sub("[-_.]+", "-", found.name).lower() for found in metadata.distributions())
print(json.dumps(sorted(names)))
"""
NAMED_IN_THE_NOTICES = """
import av, importlib.metadata, pathlib
files = pathlib.Path("/usr/share/common-licenses/GPL-3"), pathlib.Path("/app/THIRD_PARTY_NOTICES.md")
print([str(file) for file in files if not file.exists()])
print(importlib.metadata.metadata("av")["License-Expression"], av.__version__, av.ffmpeg_version_info)
"""
WITHOUT_BYTECODE = """
import importlib.util, pathlib
for root in ("/app", "/opt/venv/lib"):
    for source in pathlib.Path(root).rglob("*.py"):
        if not pathlib.Path(importlib.util.cache_from_source(str(source))).exists():
            print(source)
"""


def inspected(image: str) -> Any:
    return json.loads(docker("image", "inspect", image))[0]


def files(image: str, folder: Path) -> set[str]:
    """All paths in the image but folders."""
    container, exported = docker("create", image).strip(), folder / "image.tar"
    try:
        docker("export", "--output", str(exported), container)
    finally:
        docker("rm", "--volumes", container)
    with tarfile.open(exported) as archive:
        return {member.name for member in archive if not member.isdir()}


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What the worker's image has and its base has not."""
    folder = tmp_path_factory.mktemp("export")
    return files(IMAGE, folder) - files(BASE, folder)


def python(image: str, program: str) -> str:
    return docker("run", "--rm", "--read-only", "--network", "none", "--entrypoint", "python", image, "-c", program)


@pytest.mark.parametrize("image", [IMAGE, BOARD_IMAGE])
def test_it_is_small(image: str) -> None:
    assert inspected(image)["Size"] - inspected(BASE)["Size"] < MAX_BYTES_ABOVE_BASE


@pytest.mark.parametrize("image", [IMAGE, VIDEO_IMAGE])
def test_it_says_how_it_is_run(image: str) -> None:
    config = inspected(image)["Config"]
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] == "SIGTERM"
    assert config["Entrypoint"] == ["python", "-m", "worker"]
    assert config["Healthcheck"]["Test"] == ["CMD", "python", "-m", "worker", "health"]
    assert set(config["Volumes"]) == {"/var/lib/worker"}
    assert {"title", "description", "licenses"} <= {
        label.removeprefix("org.opencontainers.image.") for label in config["Labels"]
    }


@pytest.mark.parametrize(
    ("image", "licences"), [(IMAGE, "MIT"), (BOARD_IMAGE, "MIT"), (VIDEO_IMAGE, GPL), (DEMO_IMAGE, GPL)]
)
def test_its_label_tells_of_codecs_under_the_gpl(image: str, licences: str) -> None:
    assert inspected(image)["Config"]["Labels"]["org.opencontainers.image.licenses"] == licences


@pytest.mark.parametrize("image", [VIDEO_IMAGE, DEMO_IMAGE])
def test_the_licences_that_the_notices_name_are_in_it(image: str) -> None:
    assert python(image, NAMED_IN_THE_NOTICES).split("\n")[:2] == ["[]", "BSD-3-Clause 18.1.0 8.1.2"]


@pytest.mark.parametrize("image", [IMAGE, VIDEO_IMAGE, BOARD_IMAGE])
def test_it_owns_its_data(image: str) -> None:
    seen = python(image, "import os; s = os.stat('/var/lib/worker'); print(s.st_uid, s.st_gid, oct(s.st_mode & 0o777))")
    assert seen.split() == ["10001", "10001", "0o700"]


@pytest.mark.parametrize(
    ("image", "lock"),
    [
        (IMAGE, "requirements.lock"),
        (VIDEO_IMAGE, "requirements-video.lock"),
        (BOARD_IMAGE, "requirements-board.lock"),
    ],
    ids=["worker", "video", "board"],
)
def test_its_libraries_are_exactly_the_locked_ones(image: str, lock: str) -> None:
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9.-]+)==(?!.*(?:win32|emscripten))", text, re.MULTILINE))
    assert set(json.loads(python(image, WORKER_ONLY))) == locked


def test_its_metrics_can_be_switched_on() -> None:
    assert python(IMAGE, "import worker.runtime.metrics") == ""


def test_only_the_worker_and_its_libraries_are_added(added: set[str]) -> None:
    others = {path for path in added if not path.startswith(("opt/venv/", "app/worker/"))}
    assert others == {"app/LICENSE", "app/THIRD_PARTY_NOTICES.md"}


def test_it_holds_no_test_no_model_and_no_environment_file(added: set[str]) -> None:
    assert not [path for path in added if re.search(r"(^app.*/tests?/)|\.env$|\.onnx$|\.git/|onnxruntime|moto", path)]


@pytest.mark.parametrize("image", [IMAGE, VIDEO_IMAGE, BOARD_IMAGE, DEMO_IMAGE])
def test_all_of_it_is_compiled(image: str) -> None:
    assert python(image, WITHOUT_BYTECODE) == ""


@pytest.mark.parametrize("image", [IMAGE, VIDEO_IMAGE, BOARD_IMAGE, DEMO_IMAGE])
def test_no_secret_lying_beside_the_code_gets_in(image: str, tmp_path: Path) -> None:
    assert PASSWORD not in docker("history", "--no-trunc", image)
    assert PASSWORD not in json.dumps(inspected(image))
    assert not [name for name in files(image, tmp_path) if name.removeprefix("app/") in IN_THE_WAY]
    search = (
        "grep",
        "--recursive",
        "--files-with-matches",
        "--fixed-strings",
        PASSWORD,
        "/app",
        "/opt",
        "/var",
        "/etc",
    )
    assert docker("run", "--rm", "--user", "0", "--entrypoint", search[0], image, *search[1:], exit_code=1) == ""
