"""`results`: the latest records, for people and for machines, and the photo or clip of one."""

import argparse
import os
import shutil
import sys

from worker.commands.arguments import whole_number
from worker.commands.exits import USAGE_ERROR, complain, refuse
from worker.commands.records import as_json_lines, as_table, latest
from worker.commands.stored import NotStored, file_name, find, write
from worker.domain.errors import CloudError
from worker.domain.photo import Kind
from worker.domain.press import NotACapture, read_capture_id
from worker.settings import ArchiveSettings, SettingsError, TableSettings, camera_names, doubts, load
from worker.settings.aws import open_session
from worker.settings.mistakes import both

MAX_LIMIT = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--camera", metavar="NAME", help="of this camera only (with --photo or --clip: the worker's first)"
    )
    parser.add_argument(
        "--limit", metavar="N", type=whole_number(1, MAX_LIMIT), default=10, help="how many (default: 10)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document a line, for machines")
    saving = parser.add_mutually_exclusive_group()
    saving.add_argument("--photo", metavar="CAPTURE_ID", help="save the photo of this press instead")
    saving.add_argument("--clip", metavar="CAPTURE_ID", help="save the clip of this press instead")
    parser.add_argument(
        "--output", metavar="FILE", help="where to save it, - for standard output (default: by its key)"
    )


def run(options: argparse.Namespace) -> int:
    wanted = options.photo or options.clip
    if options.output and not wanted:
        return refuse("--output is for --photo CAPTURE_ID and --clip CAPTURE_ID", USAGE_ERROR)
    try:
        return _save(options, wanted) if wanted else _show(options)
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


def _save(options: argparse.Namespace, capture_id: str) -> int:
    press = read_capture_id(options.camera or camera_names(os.environ)[0], capture_id)
    kind = Kind.CLIP if options.clip else Kind.PHOTO
    session, settings = both(lambda: open_session(os.environ), lambda: load(ArchiveSettings, os.environ))
    try:
        pieces = find(session, settings, press, kind)
        if options.output == "-":
            sys.stdout.buffer.writelines(pieces)
            return 0
        saved = write(pieces, options.output or file_name(kind.key(press)))
    except NotStored as error:
        return refuse(str(error))
    except FileExistsError as error:
        return refuse(f"not saved: {error.filename} exists; name another file with --output")
    except BrokenPipeError:
        raise
    except OSError as error:
        return refuse(f"not saved: {error}")
    print("saved", saved)
    return 0
