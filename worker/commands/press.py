"""`press`: TakePicture on the queue."""

import argparse

from worker.commands import sending
from worker.domain.command import TakePicture


def add_arguments(parser: argparse.ArgumentParser) -> None:
    sending.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    return sending.send(TakePicture.name, options)
