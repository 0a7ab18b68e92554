"""Samples of an audience's mood, from what watches and presses left in the table; what cannot be read is left out."""

import math
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from board.domain.billboard import Seen
from board.domain.item import Item
from board.domain.playlist import EMOTIONS

BUCKET_SECONDS = 10


def of_buckets(newest_first: Iterable[Item]) -> list[Seen]:
    """Oldest first, each at its bucket's end. A bucket with too few faces to tell of has none."""
    return _sorted(
        Seen(begin + BUCKET_SECONDS, _faces(bucket.get("mood")))
        for bucket in newest_first
        if (begin := _epoch(bucket.get("capture_id"))) is not None
    )


def of_presses(newest_first: Iterable[Item]) -> list[Seen]:
    """The newest press of which it is known who was seen; at most one."""
    for record in newest_first:
        at = _epoch(record.get("pressed_at"))
        if at is not None and "mood" in record:
            return [Seen(at, _faces(record["mood"]))]
    return []


def _sorted(samples: Iterator[Seen]) -> list[Seen]:
    return sorted(samples, key=lambda sample: sample.at)


def _faces(mood: Any) -> dict[str, float]:
    if not isinstance(mood, dict):
        return {}
    return {name: float(faces) for name, faces in mood.items() if name in EMOTIONS and _counts(faces)}


def _counts(faces: Any) -> bool:
    return isinstance(faces, int | float) and not isinstance(faces, bool) and math.isfinite(faces) and faces > 0


def _epoch(moment: Any) -> float | None:
    try:
        at = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        return None
    return at.timestamp() if at.tzinfo else None
