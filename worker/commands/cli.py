"""The command line: which commands there are. Only the module of the one that is asked for is imported."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path

from dotenv import load_dotenv

from worker import __version__
from worker.commands.exits import complain

COMMANDS = {
    "run": ("worker.commands.run", "work until SIGTERM (the default)"),
    "check": ("worker.commands.check.command", "look at everything the worker needs, and say what to do about it"),
    "press": ("worker.commands.press", "put TakePicture on the queue, as a button would"),
    "say": ("worker.commands.say", "let the camera say a text, by way of the queue"),
    "watch": ("worker.commands.watch", "let the camera watch an audience, or end that, by way of the queue"),
    "watched": ("worker.commands.watched", "show the newest watch of an audience"),
    "results": ("worker.commands.results", "show the latest records, or save a photo"),
    "forget": ("worker.commands.forget", "delete the photo and the record of one press"),
    "health": ("worker.commands.health", "exit 0 while the daemon polls"),
}
"""Each with its module, which has `add_arguments(parser)` and `run(options)`, and its help."""

INTERRUPTED = 128 + signal.SIGINT
NOBODY_READS = 128 + signal.SIGPIPE
"""What a shell says of a program that SIGPIPE has ended, such as one before `| head`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        load_dotenv(Path(".env"))
    except (OSError, ValueError):
        return complain([".env: cannot be read as text in UTF-8; it has lines such as BUCKET_NAME=my-captures"])
    _drop_empty_aws_settings()
    chosen = given[0] if given else "run"
    options = make_parser([chosen]).parse_args(given or ["run"])
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        code = command(options)
        print(end="", flush=True)
    except BrokenPipeError:
        # Or Python would try once more to write what nobody reads, and complain of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def make_parser(complete: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """Knows all commands, and of those in `complete` their options too."""
    parser = argparse.ArgumentParser(prog="python -m worker", description="From a button's press to a spoken sentence.")
    parser.add_argument("--version", action="version", version=f"camera-to-voice {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name in complete:
            implementation = import_module(module)
            implementation.add_arguments(command)
            command.set_defaults(run=implementation.run)
    return parser


def _drop_empty_aws_settings() -> None:
    """An empty value counts as unset, for boto3 too: compose files pass `AWS_PROFILE=` on."""
    for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value]:
        del os.environ[name]
