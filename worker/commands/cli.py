"""The commands: run, check, press, results, forget, health. Each imports only what it needs."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import load_dotenv

if TYPE_CHECKING:
    import boto3

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    load_dotenv(Path(".env"))
    _drop_empty_aws_settings()
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker", description="From a button's press to a spoken sentence.")
    parser.set_defaults(run=_run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    commands.add_parser("run", help="work until SIGTERM (the default)").set_defaults(run=_run)
    check = commands.add_parser("check", help="look at everything the worker needs, and say what to do about it")
    check.add_argument("--speak", action="store_true", help="also let each camera nod and say a sentence")
    check.set_defaults(run=_check)
    press = commands.add_parser("press", help="put TakePicture on the queue, as a button would")
    press.add_argument("--camera", metavar="NAME", help="which camera (default: the worker's first)")
    press.set_defaults(run=_press)
    results = commands.add_parser("results", help="show the latest records")
    results.add_argument("--camera", metavar="NAME", help="of this camera only")
    results.add_argument("--limit", metavar="N", type=_positive, default=10, help="how many (default: 10)")
    results.add_argument("--json", action="store_true", help="one JSON document a line, for machines")
    results.set_defaults(run=_results)
    forget = commands.add_parser("forget", help="delete the photo and the record of one press")
    forget.add_argument("capture_id", metavar="CAPTURE_ID", help="as `results --json` shows it")
    forget.add_argument("--camera", metavar="NAME", help="of which camera (default: the worker's first)")
    forget.set_defaults(run=_forget)
    commands.add_parser("health", help="exit 0 while the daemon polls").set_defaults(run=_health)
    return parser


def _run(_options: argparse.Namespace) -> int:
    from worker.runtime.allocator import settle_allocator

    settle_allocator()
    from worker.disk.data_dir import DataDirTaken
    from worker.logs import configure_logs
    from worker.runtime.daemon import run
    from worker.settings import SettingsError, load_configuration

    try:
        session = _session()
        configuration = load_configuration(os.environ, session.region_name)
        configure_logs(configuration.worker.log_level, configuration.worker.log_format, configuration.secrets)
        run(configuration, session)
    except SettingsError as error:
        return _complain(error.mistakes)
    except DataDirTaken as error:
        return _complain([str(error)])
    return 0


def _check(options: argparse.Namespace) -> int:
    from worker.commands.check.line import Level, failed
    from worker.commands.check.run import lines
    from worker.logs import configure_logs
    from worker.settings import SettingsError, load_configuration

    try:
        session = _session()
        configuration = load_configuration(os.environ, session.region_name)
    except SettingsError as error:
        print(*(failed("settings", mistake) for mistake in error.mistakes), sep="\n")
        return 1
    configure_logs(configuration.worker.log_level, configuration.worker.log_format, configuration.secrets)
    code = 0
    for line in lines(configuration, session, aloud=options.speak):
        print(line, flush=True)
        code = 1 if line.level is Level.FAILED else code
    return code


def _press(options: argparse.Namespace) -> int:
    from worker.commands.press import press_button
    from worker.domain.errors import CloudError
    from worker.settings import QueueSettings, SettingsError, load

    try:
        settings = load(QueueSettings)
        print("queued", press_button(_session_with_region(), settings, options.camera))
    except SettingsError as error:
        return _complain(error.mistakes)
    except CloudError as error:
        print(f"not queued: {error}", file=sys.stderr)
        return 1
    return 0


def _results(options: argparse.Namespace) -> int:
    from worker.commands.results import as_json_lines, as_table, latest
    from worker.domain.errors import CloudError
    from worker.settings import SettingsError, TableSettings, camera_names, load

    try:
        cameras = [options.camera] if options.camera else camera_names(os.environ)
        records = latest(_session_with_region(), load(TableSettings).table_name, cameras, options.limit)
    except SettingsError as error:
        return _complain(error.mistakes)
    except CloudError as error:
        print(f"no results: {error}", file=sys.stderr)
        return 1
    print(as_json_lines(records) if options.json else as_table(records))
    return 0


def _forget(options: argparse.Namespace) -> int:
    from worker.commands.forget import InWork, forget, open_archive
    from worker.domain.errors import CloudError
    from worker.domain.press import NotACapture, read_capture_id
    from worker.logs import printable
    from worker.settings import ArchiveSettings, SettingsError, camera_names, load

    deleted = 0
    try:
        press = read_capture_id(options.camera or camera_names(os.environ)[0], options.capture_id)
        for what in forget(press, open_archive(_session_with_region(), load(ArchiveSettings))):
            print("deleted", printable(what), flush=True)
            deleted += 1
    except SettingsError as error:
        return _complain(error.mistakes)
    except NotACapture as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    except (InWork, CloudError, OSError) as error:
        print(f"not everything is deleted: {error}" if deleted else f"nothing is deleted: {error}", file=sys.stderr)
        return 1
    if not deleted:
        print(f"there is nothing to delete: camera {press.camera} has no {press.capture_id}", file=sys.stderr)
    return 0 if deleted else 1


def _health(_options: argparse.Namespace) -> int:
    from worker.disk.state_dir import data_dir
    from worker.runtime.heartbeat import complaint

    trouble = complaint(data_dir(os.environ))
    print(trouble or "the worker polls")
    return 1 if trouble else 0


def _session() -> "boto3.Session":
    from botocore.exceptions import BotoCoreError

    from worker.aws.clients import aws_session
    from worker.settings import SettingsError

    try:
        return aws_session()
    except BotoCoreError as error:
        raise SettingsError([f"AWS_PROFILE: {error}"]) from error


def _session_with_region() -> "boto3.Session":
    from worker.settings import REGION_MISSING, SettingsError

    session = _session()
    if not session.region_name:
        raise SettingsError([REGION_MISSING])
    return session


def _complain(mistakes: Sequence[str]) -> int:
    print("The settings cannot be used:", *(f"  {mistake}" for mistake in mistakes), sep="\n", file=sys.stderr)
    return USAGE_ERROR


def _drop_empty_aws_settings() -> None:
    """An empty value counts as unset, for boto3 too: compose files pass `AWS_PROFILE=` on."""
    for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value]:
        del os.environ[name]


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number
