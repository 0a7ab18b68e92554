"""`watched`: the newest watch of a camera, for people, for machines and for spreadsheets."""

import argparse
import csv
import json
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from tabulate import tabulate

from worker.aws.clients import connect_dynamodb
from worker.aws.table import Table
from worker.aws.watches import Watches
from worker.commands.exits import complain, refuse
from worker.commands.records import local_time
from worker.commands.watch_chart import LOOKS, chart
from worker.commands.watch_rows import csv_rows
from worker.domain.bucket import BUCKET_SECONDS, begin_of
from worker.domain.errors import CloudError
from worker.domain.record import Attributes
from worker.domain.sections import Grid, read_grid
from worker.domain.timestamp import parse_iso
from worker.domain.watch import WatchStatus
from worker.logs import printable
from worker.settings import SettingsError, TableSettings, camera_names, doubts, load
from worker.settings.aws import open_session
from worker.settings.mistakes import both

NO_WATCH = "No watch yet."


@dataclass(frozen=True)
class Told:
    """A watch, and what was measured in it, the oldest first."""

    item: Attributes
    buckets: list[Attributes]

    @property
    def grid(self) -> Grid:
        """Raises ValueError: no grid's size."""
        names = tuple(self.item.get("sections") or (self.buckets[-1]["sections"] if self.buckets else ()))
        if "grid" not in self.item:
            return Grid(1, len(names), names)
        grid = read_grid(self.item["grid"])
        return Grid(grid.columns, grid.rows, names if len(names) == len(grid.names) else grid.names)

    @property
    def runs(self) -> bool:
        return bool(self.item.get("status") != WatchStatus.ENDED)


@dataclass(frozen=True)
class Terminal:
    """`width` in columns, None for no terminal."""

    width: int | None
    colour: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--camera", metavar="NAME", help="which camera (default: the worker's first)")
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--json", action="store_true", help="the watch and its buckets as one JSON document")
    wanted.add_argument("--csv", action="store_true", help="a row for each ten seconds and section, for a spreadsheet")


def run(options: argparse.Namespace) -> int:
    try:
        session, settings = both(lambda: open_session(os.environ), lambda: load(TableSettings, os.environ))
        camera = options.camera or camera_names(os.environ)[0]
        watches = Watches(Table(connect_dynamodb(session), settings.table_name))
        told = newest(watches, camera, datetime.now(UTC))
        if options.json:
            print(json.dumps({"watch": told and told.item, "buckets": told.buckets if told else []}))
        elif options.csv:
            rows = csv_rows(told.buckets, told.grid.names) if told else csv_rows([], [])
            csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
        else:
            print(as_text(told, datetime.now(UTC), _terminal()) if told else NO_WATCH)
    except SettingsError as error:
        return complain(error.mistakes, doubts(os.environ))
    except CloudError as error:
        return refuse(f"no watch: {error}")
    except (KeyError, TypeError, ValueError) as error:
        return refuse(f"what stands in the table is no watch: {error!r}")
    return 0


def newest(watches: Watches, camera: str, now: datetime) -> Told | None:
    """The newest watch of `camera`, if there is one. Raises CloudError, KeyError, ValueError."""
    for item in watches.latest(camera, 1):
        since = parse_iso(item["started_at"]) - timedelta(seconds=BUCKET_SECONDS)
        until = parse_iso(item["ended_at"]) if "ended_at" in item else now
        found = watches.buckets(camera, since, until)
        return Told(item, [bucket for bucket in found if bucket["watch"] == item["capture_id"]])
    return None


def as_text(told: Told, now: datetime, terminal: Terminal, zone: tzinfo | None = None) -> str:
    """Its times in `zone` or this host's, its chart as of `now` or its end, and its summary."""
    buckets = told.buckets
    as_of = now.timestamp() if told.runs or not buckets else begin_of(buckets[-1]) + BUCKET_SECONDS
    parts = [
        tabulate(_facts(told, zone), tablefmt="plain", disable_numparse=True),
        chart(told.grid, buckets, as_of, width=terminal.width, colour=terminal.colour),
        *_shares(told),
    ]
    return "\n\n".join(parts)


def _facts(told: Told, zone: tzinfo | None) -> list[tuple[str, str]]:
    item = told.item
    facts = [("watch", printable(str(item["capture_id"]))), ("started", local_time(item["started_at"], zone))]
    if told.runs:
        facts.append(("runs until", local_time(item["ends_at"], zone)))
    else:
        facts.append(("ended", f"{local_time(item['ended_at'], zone)}: {_why(item)}"))
    facts.append(("cost", f"{item.get('calls', 0)} calls, ${item.get('dollars', 0):.3f}"))
    if summary := item.get("summary"):
        facts.append(("faces", f"{summary['faces']:.1f} on average, in {summary['minutes']} min"))
    return facts


def _why(item: Attributes) -> str:
    reason = str(item.get("end_reason", "for no reason that was told"))
    return printable(f"{reason}: {item['error']}" if "error" in item else reason)


def _shares(told: Told) -> Iterable[str]:
    """The time at each level, section by section, once the watch has ended."""
    sections = told.item.get("summary", {}).get("sections")
    if not sections:
        return
    headers = ["of the time", *(look.word for look in LOOKS.values())]
    rows = [
        [printable(name), *(_percent(sections.get(name, {}).get(level.value)) for level in LOOKS)]
        for name in told.grid.names
    ]
    yield tabulate(rows, headers=headers, disable_numparse=True)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _terminal() -> Terminal:
    shown = sys.stdout.isatty()
    return Terminal(shutil.get_terminal_size().columns if shown else None, shown and "NO_COLOR" not in os.environ)
