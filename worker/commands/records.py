"""Records as people and machines read them."""

import json
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from tabulate import tabulate

from worker.aws.clients import connect_dynamodb
from worker.aws.records import Records
from worker.aws.table import Table
from worker.domain.record import Attributes
from worker.domain.timestamp import parse_iso
from worker.logs import printable

if TYPE_CHECKING:
    import boto3

_COLUMNS = (
    "pressed_at",
    "camera",
    "command",
    "status",
    "video",
    "video_seconds",
    "face_count",
    "top_emotion",
    "said",
    "speech",
    "forgets",
    "error",
    "capture_id",
)


def latest(session: "boto3.Session", table: str, cameras: Iterable[str], limit: int) -> list[Attributes]:
    """The newest `limit` records of all `cameras` together, newest first. Raises CloudError."""
    records = Records(Table(connect_dynamodb(session), table))
    found = [record for camera in cameras for record in records.latest(camera, limit)]
    return sorted(found, key=lambda record: str(record["capture_id"]), reverse=True)[:limit]


def as_table(records: Sequence[Attributes], width: int | None = None, zone: tzinfo | None = None) -> str:
    """A row each, or a paragraph each where rows are wider than `width`; times in `zone`, or this host's."""
    if not records:
        return "No records yet."
    rows = [[_shown(record, column, zone) for column in _COLUMNS] for record in records]
    headers = [column.replace("_", " ") for column in _COLUMNS]
    # A column that says nothing takes no room.
    said = [index for index in range(len(headers)) if any(row[index] for row in rows)]
    table = tabulate(
        [[row[index] for index in said] for row in rows],
        headers=[headers[index] for index in said],
        disable_numparse=True,
    )
    if width is None or max(map(len, table.splitlines())) <= width:
        return table
    return "\n\n".join(_paragraph(dict(zip(headers, row, strict=True))) for row in rows)


def as_json_lines(records: Iterable[Attributes]) -> str:
    return "".join(f"{json.dumps(record)}\n" for record in records)


def _paragraph(shown: dict[str, str]) -> str:
    filled = [(name, text) for name, text in shown.items() if text]
    return tabulate(filled, tablefmt="plain", disable_numparse=True)


def _shown(record: Attributes, column: str, zone: tzinfo | None) -> str:
    value = str(record.get(column, ""))
    return local_time(value, zone) if column == "pressed_at" else printable(value)


def local_time(moment: str, zone: tzinfo | None) -> str:
    """With its distance from UTC, which says more than a zone's abbreviation."""
    try:
        return parse_iso(moment).astimezone(zone).isoformat(" ", "seconds")
    except (ValueError, OverflowError):
        return printable(moment)
