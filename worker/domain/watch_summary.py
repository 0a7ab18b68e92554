"""What is said of a watch at its end."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from worker.domain.bucket import DECIMALS
from worker.domain.record import Attributes
from worker.domain.watch_budget import dollars


def summarise(buckets: Iterable[Attributes], seconds: float, calls: int) -> Attributes:
    """`summary` of a watch's item: of all its `buckets`, whoever wrote them, `seconds` from its start to its end.

    `faces` is the mean over all frames. `sections` has a share (0..1) of the watched time for each level that occurred;
    a bucket counts as ten seconds of the level at its end, a gap does not count.
    """
    frames = 0
    faces = 0.0
    levels: dict[str, Counter[str]] = {}
    for bucket in buckets:
        frames += int(bucket["frames"])
        faces += float(bucket["faces"]) * int(bucket["frames"])
        for name, section in bucket["sections"].items():
            levels.setdefault(name, Counter())[str(section["level"])] += 1
    return {
        "minutes": round(seconds / 60, 1),
        "faces": round(faces / frames, DECIMALS) if frames else 0.0,
        "sections": {name: _shares(counted) for name, counted in levels.items()},
        "calls": calls,
        "dollars": dollars(calls),
    }


def _shares(counted: Counter[str]) -> dict[str, Any]:
    return {level: round(number / counted.total(), DECIMALS) for level, number in counted.items()}
