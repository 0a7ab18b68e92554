"""The local cloud as a process of its own: moto keeps its state in globals."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.account import REGION
from tests.support.worker_process import CHECKOUT


@pytest.fixture(scope="package")
def cloud() -> Iterator[str]:
    """Its endpoint."""
    with subprocess.Popen(
        [sys.executable, "-m", "localcloud"],
        cwd=CHECKOUT,
        env={"AWS_REGION": REGION},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["endpoint"]
        finally:
            process.kill()
