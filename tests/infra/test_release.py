"""What is published, and from what: the workflows cannot be run here, but what they promise can be read."""

import re
from typing import Any

import pytest
import yaml

from tests.infra.conftest import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
RELEASE: dict[str, Any] = yaml.safe_load((WORKFLOWS / "release.yml").read_text())["jobs"]


def needed_by(job: str) -> set[str]:
    """The jobs that must have succeeded before this one begins."""
    needs = RELEASE[job].get("needs", [])
    direct = {needs} if isinstance(needs, str) else set(needs)
    return direct.union(*map(needed_by, direct))


def inputs(action: str) -> dict[str, Any]:
    (step,) = (step for step in RELEASE["image"]["steps"] if step.get("uses", "").startswith(action))
    found: dict[str, Any] = step["with"]
    return found


def test_nothing_is_published_before_the_tests_have_passed() -> None:
    assert RELEASE["tests"]["uses"] == "./.github/workflows/test.yml"
    publishing = [name for name, job in RELEASE.items() if job.get("permissions", {}).get("packages") == "write"]
    assert publishing == ["image"]
    assert "tests" in needed_by("image")


def test_the_dockerfile_has_one_base() -> None:
    lines = re.findall(r"^FROM (\S+) AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    stages = {stage for _, stage in lines}
    assert len({image for image, _ in lines} - stages) == 1


def test_every_image_is_built_from_the_digest_that_its_label_names() -> None:
    base = "${{{{ needs.base.outputs.{} }}}}".format
    assert inputs("docker/build-push-action@")["build-contexts"].split() == (
        f"{base('from')}=docker-image://{base('name')}@{base('digest')}".split()
    )
    assert inputs("docker/metadata-action@")["labels"].splitlines() == [
        f"org.opencontainers.image.base.name={base('name')}",
        f"org.opencontainers.image.base.digest={base('digest')}",
    ]


def test_every_image_of_the_dockerfile_is_published_and_the_default_is_the_worker_without_codecs() -> None:
    stages = re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    published = RELEASE["image"]["strategy"]["matrix"]["include"]
    assert {image["target"]: image["suffix"] for image in published} == {
        "worker": "",
        "worker-video": "-video",
        "board": "-board",
        "demo": "-demo",
    }
    assert {image["target"] for image in published} <= set(stages)
    assert stages[-1] == "worker"


@pytest.mark.parametrize("lock", [f"requirements{kind}.lock" for kind in ("", "-video", "-board", "-demo")])
def test_every_image_has_its_lock_and_only_those_with_video_have_codecs(lock: str) -> None:
    assert f"COPY {lock} /\n" in (ROOT / "Dockerfile").read_text()
    assert f"!{lock}\n" in (ROOT / ".dockerignore").read_text()
    assert ("av==" in (ROOT / lock).read_text()) == (lock in {"requirements-video.lock", "requirements-demo.lock"})


def test_the_video_image_is_chosen_by_a_variable() -> None:
    assert COMPOSE["services"]["worker"]["build"]["target"] == "${WORKER_TARGET:-worker}"


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_no_container_leaves_a_core_file(service: str) -> None:
    settings = COMPOSE["services"][service]
    origin = COMPOSE["services"][settings["extends"]] if "extends" in settings else settings
    assert origin["ulimits"] == {"core": 0}
