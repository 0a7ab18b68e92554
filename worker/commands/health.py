"""`health`: whether the daemon polls. Asked often by containers, so it needs no network and no library."""

import argparse
import os

from worker.commands.exits import FAILURE
from worker.disk.state_dir import data_dir
from worker.runtime.heartbeat import complaint


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """There is nothing to say but DATA_DIR."""


def run(_options: argparse.Namespace) -> int:
    trouble = complaint(data_dir(os.environ))
    print(trouble or "the worker polls")
    return FAILURE if trouble else 0
