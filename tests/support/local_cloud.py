"""The local cloud as a process of its own: moto keeps its state in globals."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.program import Program
from tests.support.account import REGION
from tests.support.host import CHECKOUT


@contextmanager
def local_cloud(*arguments: str, folder: Path, region: str = REGION) -> Iterator[Program]:
    """One that runs, and ends with this process however this ends."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "AWS_REGION": region}
    with Program("demo.tethered", "localcloud", *arguments, environment=environment, folder=folder) as program:
        program.wait_for_document("endpoint")
        yield program
