import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.infra.conftest import REGION


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


# moto takes no notice of `--expected-bucket-owner`; S3 answers 403 where it names another account.
_SERVER = """
from threading import Thread
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server, WSGIRequestHandler

class Quiet(WSGIRequestHandler):
    def log(self, *message): pass

moto = DomainDispatcherApplication(create_backend_app)

def cloud(environ, start_response):
    expected = environ.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER")
    _, owner = s3_backends.bucket_accounts.get(environ["PATH_INFO"].split("/")[1], (None, expected))
    if owner == expected or expected is None:
        return moto(environ, start_response)
    start_response("403 Forbidden", [("Content-Length", "0")])
    return []

server = make_server("127.0.0.1", 0, cloud, threaded=True, request_handler=Quiet)
thread = Thread(target=server.serve_forever)
thread.start()
print("http://127.0.0.1:{}".format(server.port), flush=True)
input()
server.shutdown()
thread.join()
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
        try:
            assert server.stdout is not None
            yield Cloud(server.stdout.readline().strip())
        finally:
            server.communicate("\n")
