"""Which records are shown, in which order, and where their photo is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from board.domain.item import Item

FORGOTTEN = "forgotten"
TAKE_PICTURE, RECORD_VIDEO = "TakePicture", "RecordVideo"

MOST_READ = 250
"""Records, at a time."""

Wanted = Callable[[Item], bool]


def is_shown(record: Item) -> bool:
    """Nothing is left of what was forgotten but a stub, which is nobody's business."""
    return record.get("status") != FORGOTTEN


def is_capture(record: Item) -> bool:
    """Whether a photo or a clip was wished for: what was said, watched or forgotten has a record, too."""
    return is_shown(record) and record.get("command", TAKE_PICTURE) in (TAKE_PICTURE, RECORD_VIDEO)


@dataclass(frozen=True)
class Stretch:
    """Items without a gap, newest first.

    `end` is the capture_id down to which none is missing; None: there are no more.
    """

    items: list[Item]
    end: str | None


def merged(stretches: Iterable[Stretch]) -> Stretch:
    """Those of several cameras together, as far as all of them reach."""
    stretches = list(stretches)
    end = max((stretch.end for stretch in stretches if stretch.end is not None), default=None)
    items = [item for stretch in stretches for item in stretch.items if end is None or item["capture_id"] >= end]
    return Stretch(sorted(items, key=lambda item: str(item["capture_id"]), reverse=True), end)


@dataclass(frozen=True)
class Found:
    """`older` is the capture_id before which to look further; None: there is nothing."""

    records: list[Item]
    older: str | None


def found_in(records: list[Item], limit: int, end: str | None) -> Found:
    """The first `limit` of what was found as far down as `end`."""
    return Found(records[:limit], records[limit - 1]["capture_id"] if len(records) > limit else end)


def next_read(limit: int, found: int, read: int) -> int:
    """How many records to read next, when so many of `read` were wanted: twice what it is likely to take."""
    rate = found / read
    return MOST_READ if not rate else min(MOST_READ, max(limit, round(2 * (limit + 1 - found) / rate)))


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
    return place(folder, str(record["camera"]), str(record["capture_id"]))


def place(folder: str, camera: str, capture_id: str) -> str:
    """The same of what may have no record yet."""
    return f"{folder}/{quote(camera, safe='')}/{quote(capture_id, safe='')}"


def forgotten_by(record: Item) -> str | None:
    """The capture_id that a `Forget` has deleted; None: nothing, or nothing yet."""
    forgets = record.get("forgets")
    return forgets if record.get("status") == "completed" and isinstance(forgets, str) else None


def gone(camera: str, capture_id: str) -> Item:
    """What viewers are told of a record that is no longer there."""
    return {"camera": camera, "capture_id": capture_id, "status": FORGOTTEN}
