import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.container.stack import BUCKET, TABLE, VIDEO_IMAGE, Settings, Stack, copy_checkout, docker

PASSWORD = "open-sesame-of-the-camera"
SECRET_KEY = "secret-key-of-the-account"
IN_THE_WAY = (".env", "secrets/camera_password", "worker/.env", "worker/own.env", "demo/photos/.env", "notes.txt")
"""Files beside the code that no image may take in, each with PASSWORD inside."""

NewStack = Callable[..., Stack]

SETTINGS = """\
AWS_REGION=us-east-1
AWS_PROFILE=lan
BUCKET_NAME={bucket}
TABLE_NAME={table}
CAMERA_HOST=camera:8080
CAMERA_PASSWORD=
CAMERA_PASSWORD_FILE=./secrets/camera_password
DATA_DIR=
LOG_LEVEL=debug
VISIBILITY_SECONDS=8
"""
PROFILE = f"""\
[lan]
aws_access_key_id = anyone
aws_secret_access_key = {SECRET_KEY}
"""


def with_stand_ins(
    worker: str, snapshot_ms: int, more: Settings | None = None, endpoint: str = "http://cloud:4566"
) -> Settings:
    """The service `worker` with the simulated camera, and with `endpoint` in the place of AWS."""
    camera = ["demo.camera", "--photos", "demo/photos", "--heard", "/heard", "--host", "0.0.0.0", "--port", "8080"]  # noqa: S104 - inside its own network
    options = ["--password-file", "/run/secrets/camera_password", "--snapshot-ms", str(snapshot_ms)]
    surrounded = {
        "environment": {"AWS_ENDPOINT_URL": endpoint},
        "networks": ["local"],
        "healthcheck": {"interval": "2s"},
    }
    return {
        "services": {
            worker: surrounded,
            "camera": {"command": camera + options, "secrets": ["camera_password"]},
            **(more or {}),
        }
    }


@pytest.fixture(scope="session")
def engine() -> None:
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode  # noqa: S607 - whichever there is
    ):
        pytest.skip("NO DOCKER ENGINE: nothing is known about the images, docker compose and their promises")


@pytest.fixture(scope="session")
def images(engine: None, tmp_path_factory: pytest.TempPathFactory) -> None:  # noqa: ARG001 - it must be there
    """All images, built from a checkout with secrets lying about in it."""
    folder = tmp_path_factory.mktemp("build")
    copy_checkout(folder)
    for name in IN_THE_WAY:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(PASSWORD, encoding="utf-8")
    (folder / ".env").write_text(f"CAMERA_PASSWORD={PASSWORD}\n", encoding="utf-8")
    Stack(folder).compose("build", "worker", "demo", "board")
    docker("build", "--quiet", "--target", "worker-video", "--tag", VIDEO_IMAGE, str(folder))


@contextmanager
def stacks(folders: pytest.TempPathFactory) -> Iterator[NewStack]:
    """Makes stacks from fresh checkouts, and takes them down."""
    made: list[Stack] = []

    def make(overlay: Settings | None = None) -> Stack:
        folder = folders.mktemp("checkout")
        copy_checkout(folder)
        made.append(Stack(folder, overlay or {}))
        return made[-1]

    try:
        yield make
    finally:
        for stack in made:
            stack.down()


@pytest.fixture(scope="module")
def new_stack(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewStack]:  # noqa: ARG001 - the same
    with stacks(tmp_path_factory) as make:
        yield make


@pytest.fixture(scope="session", autouse=True)
def cut_off(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:  # noqa: ARG001 - the same
    """A worker that was healthy when it lost its network. It takes minutes to show, so it begins before all else."""
    with stacks(tmp_path_factory) as make:
        stack = make(with_stand_ins("worker", 400))
        furnish(stack.folder)
        stack.compose("--profile", "demo", "up", "--detach", "--wait", "cloud", "camera", "worker")
        assert stack.health("worker") == "healthy"
        docker("network", "disconnect", f"{stack.project}_local", stack.container("worker"))
        yield stack


def write_settings(folder: Path, bucket: str = BUCKET, table: str = TABLE) -> None:
    (folder / ".env").write_text(SETTINGS.format(bucket=bucket, table=table), encoding="utf-8")


def furnish(folder: Path) -> None:
    """What the README tells the worker's owner to write."""
    write_settings(folder)
    (folder / "secrets" / "aws").mkdir(parents=True)
    (folder / "secrets" / "camera_password").write_text(PASSWORD + "\n", encoding="utf-8")
    (folder / "secrets" / "aws" / "credentials").write_text(PROFILE, encoding="utf-8")


def use_credential_process(folder: Path) -> None:
    """In the place of the keys a program that tells them, as IAM Roles Anywhere has one."""
    aws = folder / "secrets" / "aws"
    (aws / "credentials").unlink()
    (aws / "config").write_text("[profile lan]\ncredential_process = /aws/helper\n", encoding="utf-8")
    keys = {"Version": 1, "AccessKeyId": "anyone", "SecretAccessKey": SECRET_KEY}
    (aws / "helper").write_text(f"#!/bin/sh\necho '{json.dumps(keys)}'\n", encoding="utf-8")
    (aws / "helper").chmod(0o755)
