"""Which records are shown, in which order, and where their photo is."""

from collections.abc import Iterable
from urllib.parse import quote

from board.domain.item import Item

FORGOTTEN = "forgotten"


def is_shown(record: Item) -> bool:
    """Nothing is left of what was forgotten but a stub, which is nobody's business."""
    return record.get("status") != FORGOTTEN


def newest_first(records: Iterable[Item], limit: int) -> list[Item]:
    """The newest `limit` of the records of several cameras."""
    return sorted(filter(is_shown, records), key=lambda record: str(record["capture_id"]), reverse=True)[:limit]


def told(record: Item) -> Item:
    """The record and, where there is one, the address of its `photo` and `clip`, relative to the board's root."""
    addresses = {
        name: address(folder, record)
        for name, folder, key in (("photo", "photos", "image_key"), ("clip", "clips", "video_key"))
        if record.get(key)
    }
    return {**record, **addresses}


def address(folder: str, record: Item) -> str:
    """Such as `photos/lobby/2026-11-22T18%3A44%3A00.123Z%236f1c`."""
    return f"{folder}/{quote(str(record['camera']), safe='')}/{quote(str(record['capture_id']), safe='')}"


def gone(camera: str, capture_id: str) -> Item:
    """What viewers are told of a record that is no longer there."""
    return {"camera": camera, "capture_id": capture_id, "status": FORGOTTEN}
