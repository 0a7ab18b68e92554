"""A checkout of its own, run with `docker compose` as its user would."""

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer

from tests.support.host import CHECKOUT

BASE = "python:3.13-slim-trixie"
IMAGE, VIDEO_IMAGE, DEMO_IMAGE = "camera-to-voice:test", "camera-to-voice-video:test", "camera-to-voice-demo:test"
BOARD_IMAGE = "camera-to-voice-board:test"
BUCKET, TABLE = "captures", "take-picture-captures"
"""Of the service `cloud`."""
SESSION = boto3.Session("anyone", "anything", region_name="us-east-1")

_READ = TypeDeserializer().deserialize

Settings = Mapping[str, Any]
"""What a compose file says, to be laid over the one of the checkout."""


def docker(*arguments: str, exit_code: int | None = 0, environment: Mapping[str, str] | None = None) -> str:
    """What `docker` writes, errors among it.

    Raises:
        AssertionError: it ends with another exit code; None is any.
    """
    done = subprocess.run(
        ["docker", *arguments],  # noqa: S607 - whichever docker the machine has
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env=environment,
        text=True,
        check=False,
    )
    assert exit_code in {None, done.returncode}, f"docker {' '.join(arguments)}: {done.returncode}: {done.stdout}"
    return done.stdout


def copy_checkout(to: Path) -> None:
    """All that git has or would have: no `.env`, no virtual environment."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - whichever git there is
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (CHECKOUT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, to / name)


@dataclass(frozen=True)
class Stack:
    """`folder` holds a checkout; `down` leaves no container, network or volume of it."""

    folder: Path
    overlay: Settings = field(default_factory=dict)
    project: str = field(default_factory=lambda: f"test-{uuid.uuid4()}")

    def compose(self, *arguments: str, exit_code: int | None = 0) -> str:
        (self.folder / "overlay.json").write_text(json.dumps(self.overlay or {"services": {}}), encoding="utf-8")
        files = [part for name in ("docker-compose.yml", "overlay.json") for part in ("-f", str(self.folder / name))]
        return docker(
            "compose", "-p", self.project, *files, *arguments, exit_code=exit_code, environment=_environment()
        )

    def down(self) -> None:
        self.compose("--profile", "*", "down", "--volumes", "--timeout", "0")

    def container(self, service: str) -> str:
        """Its id, whether it runs or not."""
        return self.compose("ps", "--all", "--quiet", service).strip()

    def inspect(self, service: str) -> Any:
        return json.loads(docker("inspect", self.container(service)))[0]

    def health(self, service: str) -> str:
        return str(self.inspect(service)["State"]["Health"]["Status"])

    def press(self, service: str = "worker") -> str:
        """Press as the README says; the capture id."""
        return self.compose("exec", "-T", service, "python", "-m", "worker", "press").split()[-1]

    def endpoint(self, service: str, port: int) -> str:
        """Where the host reaches it: an internal network's containers are reached from it."""
        networks = self.inspect(service)["NetworkSettings"]["Networks"].values()
        return "http://{}:{}".format(next(network["IPAddress"] for network in networks), port)

    def cloud(self) -> "CloudInside":
        return CloudInside(self.endpoint("cloud", 4566), BUCKET, TABLE)

    def camera_events(self, kind: str) -> list[dict[str, Any]]:
        """What the simulated camera went through."""
        lines = self.compose("exec", "-T", "camera", "cat", "/heard/events.jsonl").splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == kind]


@dataclass(frozen=True)
class CloudInside:
    """The AWS of a stack, seen from the host."""

    endpoint: str
    bucket: str
    table: str

    def records(self) -> list[dict[str, Any]]:
        items = self._dynamodb.scan(TableName=self.table, ConsistentRead=True)["Items"]
        return [{name: _READ(value) for name, value in item.items()} for item in items]

    def record(self, capture_id: str) -> dict[str, Any]:
        return next((record for record in self.records() if record["capture_id"] == capture_id), {})

    def photos(self) -> list[bytes]:
        listed = self._s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [self._s3.get_object(Bucket=self.bucket, Key=entry["Key"])["Body"].read() for entry in listed]

    @cached_property
    def _dynamodb(self) -> Any:
        return SESSION.client("dynamodb", endpoint_url=self.endpoint)

    @cached_property
    def _s3(self) -> Any:
        return SESSION.client("s3", endpoint_url=self.endpoint)


def _environment() -> dict[str, str]:
    """Nothing of this process's own but the way to the engine: settings are what the tests give."""
    kept = ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "XDG_RUNTIME_DIR")
    own = {name: os.environ[name] for name in kept if name in os.environ}
    # Whichever port is free.
    return own | {"IMAGE": IMAGE, "DEMO_IMAGE": DEMO_IMAGE, "BOARD_IMAGE": BOARD_IMAGE, "BOARD_PORT": "0"}
