"""How a worker goes on with a watch that another one has begun: from its item and its last buckets."""

from collections.abc import Iterable, Mapping
from typing import Any

from worker.domain.audience import Audience
from worker.domain.audience_face import Pose
from worker.domain.bucket import BUCKET_SECONDS, DECIMALS, begin_of
from worker.domain.level import Level, Shown
from worker.domain.record import Attributes
from worker.domain.section import Count, Section, Smoothed
from worker.domain.sections import Grid


def baseline_item(audience: Audience) -> dict[str, dict[str, float]]:
    """`baseline` of a watch's item: the name of each section that is calibrated -> its yaw and pitch in degrees."""
    known = {name: section.baseline for name, section in audience.sections.items()}
    return {
        name: {"yaw": round(pose.yaw, DECIMALS), "pitch": round(pose.pitch, DECIMALS)}
        for name, pose in known.items()
        if pose is not None
    }


def resume(grid: Grid, baseline: Mapping[str, Any], buckets: Iterable[Attributes]) -> Audience:
    """The audience as it was at the end of the last of `buckets`.

    They are those of the same watch in the last EXPECTED_SECONDS, the oldest first. What no item keeps is lost: how far
    a section was with its calibration, and for how long another level was due.

    Raises:
        KeyError, TypeError, ValueError: no items of a watch.
    """
    items = list(buckets)
    return Audience(grid, {name: _section(name, baseline.get(name), items) for name in grid.names})


def _section(name: str, baseline: Mapping[str, Any] | None, items: list[Attributes]) -> Section:
    kept = [(item, item["sections"][name]) for item in items if name in item["sections"]]
    scored = [(begin_of(item) + BUCKET_SECONDS, section) for item, section in kept if "smoothed" in section]
    return Section(
        counts=tuple(count for item, section in kept for count in _counts(item, section)),
        baseline=None if baseline is None else Pose(float(baseline["yaw"]), float(baseline["pitch"])),
        smoothed=_smoothed(*scored[-1]) if scored else None,
    )


def _smoothed(end: float, section: Attributes) -> Smoothed:
    return Smoothed(float(section["smoothed"]), end, Shown(Level(section["level"])))


def _counts(item: Attributes, section: Attributes) -> list[Count]:
    """One for each frame, as far apart as can be; of too few faces it is only known that they were few."""
    frames = int(item["frames"])
    faces = round(section.get("faces", 0))
    return [Count(begin_of(item) + BUCKET_SECONDS * (index + 1) / frames, faces) for index in range(frames)]
