import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = ROOT / "infra" / "template.yaml"
REGION = "eu-central-1"


@dataclass(frozen=True)
class Cloud:
    """A moto server of its own: its state begins empty and ends with it."""

    endpoint: str

    def client(self, service: str, **credentials: str) -> Any:
        keys = credentials or {"aws_access_key_id": "simulated", "aws_secret_access_key": "simulated"}
        make: Any = boto3.client
        return make(service, region_name=REGION, endpoint_url=self.endpoint, **keys)

    def environment(self, home: Path) -> dict[str, str]:
        """For a child process: this cloud, the tools of this virtual environment, and no settings of the user's."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "simulated",
            "AWS_SECRET_ACCESS_KEY": "simulated",
            "HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }


_SERVER = """
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print("http://{}:{}".format(*server.get_host_and_port()), flush=True)
input()
server.stop()
"""


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield Cloud(server.stdout.readline().strip())
        server.communicate("\n")
