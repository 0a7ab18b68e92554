"""`python -m board`: serves the screens; `link`: addresses for screens that nobody logs in on."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from dotenv import load_dotenv

from board import __version__
from board import link_command as link
from board.exits import complain
from board.settings import SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Its exit code."""
    try:
        load_dotenv(Path(".env"))
    except (OSError, ValueError):
        return complain(".env: cannot be read as text in UTF-8; it has lines such as BUCKET_NAME=my-captures")
    # An empty value counts as unset, for boto3 too: compose files pass `AWS_PROFILE=` on.
    for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value]:
        del os.environ[name]
    given = make_parser().parse_args(arguments)
    try:
        if given.command == "link":
            return link.run(given, os.environ)
        from board.run import run  # noqa: PLC0415 - the rest needs none of it

        return run(os.environ)
    except SettingsError as error:
        return complain(*error.mistakes)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m board", description="The screens of camera-to-voice.")
    parser.add_argument("--version", action="version", version=f"camera-to-voice {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="without a command it serves the screens")
    link.add_parser(commands)
    return parser
