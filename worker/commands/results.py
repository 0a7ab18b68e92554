"""`results`: the latest records, for people and for machines, and the photo of one."""

import argparse
import os
import shutil
import sys

from worker.commands.arguments import whole_number
from worker.commands.exits import USAGE_ERROR, complain, refuse
from worker.commands.photo import NoPhoto, file_name, find_photo, write
from worker.commands.records import as_json_lines, as_table, latest
from worker.domain.errors import CloudError
from worker.domain.press import NotACapture, read_capture_id
from worker.settings import ArchiveSettings, SettingsError, TableSettings, camera_names, doubts, load
from worker.settings.aws import open_session
from worker.settings.mistakes import both

MAX_LIMIT = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--camera", metavar="NAME", help="of this camera only (with --photo: the worker's first)")
    parser.add_argument(
        "--limit", metavar="N", type=whole_number(1, MAX_LIMIT), default=10, help="how many (default: 10)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document a line, for machines")
    parser.add_argument("--photo", metavar="CAPTURE_ID", help="save the photo of this press instead")
    parser.add_argument(
        "--output", metavar="FILE", help="where to save it, - for standard output (default: by its key)"
    )


def run(options: argparse.Namespace) -> int:
    if options.output and not options.photo:
        return refuse("--output is for --photo CAPTURE_ID", USAGE_ERROR)
    try:
        return _save(options) if options.photo else _show(options)
    except SettingsError as error:
        return complain(error.mistakes, doubts(os.environ))
    except NotACapture as error:
        return refuse(str(error), USAGE_ERROR)
    except CloudError as error:
        return refuse(f"no results: {error}")


def _show(options: argparse.Namespace) -> int:
    session, settings = both(lambda: open_session(os.environ), lambda: load(TableSettings, os.environ))
    cameras = [options.camera] if options.camera else camera_names(os.environ)
    records = latest(session, settings.table_name, cameras, options.limit)
    if options.json:
        print(as_json_lines(records), end="")
    else:
        print(as_table(records, shutil.get_terminal_size().columns if sys.stdout.isatty() else None))
    return 0


def _save(options: argparse.Namespace) -> int:
    press = read_capture_id(options.camera or camera_names(os.environ)[0], options.photo)
    session, settings = both(lambda: open_session(os.environ), lambda: load(ArchiveSettings, os.environ))
    try:
        photo = find_photo(session, settings, press)
        if options.output == "-":
            sys.stdout.buffer.write(photo)
            return 0
        saved = write(photo, options.output or file_name(press))
    except NoPhoto as error:
        return refuse(str(error))
    except FileExistsError as error:
        return refuse(f"not saved: {error.filename} exists; name another file with --output")
    except BrokenPipeError:
        raise
    except OSError as error:
        return refuse(f"not saved: {error}")
    print("saved", saved)
    return 0
