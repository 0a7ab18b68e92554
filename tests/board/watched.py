"""Watches and their buckets as the worker writes them: one that runs, and one that has ended."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from board.domain.item import Item
from board.domain.moment import stamp
from tests.board.fakes import NOW

WATCH = "2026-11-22T18:30:00.000Z#start"
NAMES = ["back left", "back right", "front left", "front right"]


def a_watch(**more: Any) -> Item:
    """Of two times two sections, since a quarter of an hour; None leaves an attribute out."""
    whole = {
        "camera": "watch/lobby",
        "capture_id": WATCH,
        "status": "running",
        "started_at": "2026-11-22T18:30:00.000Z",
        "ends_at": "2026-11-22T19:15:00.000Z",
        "grid": "2x2",
        "sections": NAMES,
        "calls": 100,
        "dollars": 0.1,
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def a_bucket(ended: float, sections: Mapping[str, Any], **more: Any) -> Item:
    """One that `ended` so many seconds before NOW."""
    begin = NOW - timedelta(seconds=ended + 10)
    return {
        "camera": "audience/lobby",
        "capture_id": stamp(begin),
        "watch": WATCH,
        "frames": 2,
        "faces": 41.6,
        "sections": sections,
        **more,
    }


def scored(level: str, smoothed: float, faces: float = 12) -> Item:
    """A section with enough faces."""
    figures = {"faces": faces, "expected": 12, "facing": 0.7, "smiling": 0.2, "score": smoothed, "smoothed": smoothed}
    return {"level": level, **figures}


ENDED = a_watch(
    capture_id="2026-11-22T18:00:00.000Z#ended",
    status="ended",
    started_at="2026-11-22T18:00:02.000Z",
    ends_at="2026-11-22T18:45:02.000Z",
    ended_at="2026-11-22T18:45:02.000Z",
    end_reason="time",
    grid="2x1",
    sections=["left", "right"],
    calls=400,
    dollars=0.4,
    summary={
        "minutes": 45,
        "faces": 12.5,
        "sections": {"left": {"red": 0.25, "green": 0.75}, "right": {"too_few": 1}},
    },
)


def bucket_at(begin: str, left: float | None = 60, **more: Any) -> Item:
    """One of ENDED that began at such a time as `18:01:00`; of its left section alone anything is known."""
    section = {"level": "green", **({} if left is None else {"smoothed": left})}
    return {
        "camera": "audience/lobby",
        "capture_id": f"2026-11-22T{begin}.000Z",
        "watch": ENDED["capture_id"],
        "faces": 10,
        "sections": {"left": section},
        **more,
    }
