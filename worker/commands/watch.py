"""`watch`: StartWatching on the queue, or StopWatching."""

import argparse
import json

from worker.commands import sending
from worker.commands.arguments import whole_number
from worker.domain.watch_commands import MAX_MINUTES, MIN_MINUTES, StartWatching, StopWatching


def add_arguments(parser: argparse.ArgumentParser) -> None:
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument(
        "--minutes",
        metavar="N",
        type=whole_number(MIN_MINUTES, MAX_MINUTES),
        help="for how long (default: the worker's WATCH_MINUTES)",
    )
    wanted.add_argument("--stop", action="store_true", help="end what was started before")
    sending.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    return sending.send(StopWatching.name if options.stop else _start(options.minutes), options)


def _start(minutes: int | None) -> str:
    return StartWatching.name if minutes is None else json.dumps({"command": StartWatching.name, "minutes": minutes})
