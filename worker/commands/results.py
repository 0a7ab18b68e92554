"""The latest records, for people and for machines."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tabulate import tabulate

from worker.aws.clients import connect_dynamodb
from worker.aws.records import Records
from worker.domain.record import Attributes
from worker.logs import printable

if TYPE_CHECKING:
    import boto3

_COLUMNS = ("pressed_at", "camera", "status", "face_count", "top_emotion", "said", "speech", "error")


def latest(session: "boto3.Session", table: str, cameras: Iterable[str], limit: int) -> list[Attributes]:
    """The newest `limit` records of all `cameras` together, newest first. Raises CloudError."""
    records = Records(connect_dynamodb(session), table)
    found = [record for camera in cameras for record in records.latest(camera, limit)]
    return sorted(found, key=lambda record: str(record["capture_id"]), reverse=True)[:limit]


def as_table(records: Sequence[Attributes]) -> str:
    if not records:
        return "No records yet."
    rows = [[printable(str(record.get(column, ""))) for column in _COLUMNS] for record in records]
    return tabulate(rows, headers=[column.replace("_", " ") for column in _COLUMNS], disable_numparse=True)


def as_json_lines(records: Iterable[Attributes]) -> str:
    return "\n".join(json.dumps(record) for record in records)
