"""A clip: what is known of it while it lies on the disk, and when it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any


class Video(StrEnum):
    """Whether a clip is as long as it was wished."""

    COMPLETE = "complete"
    PARTIAL = "partial"


@dataclass(frozen=True)
class SpooledClip:
    """What an attempt has recorded; `progress` is what is known of it, and is known to be done with it.

    `finished`: it plays while it downloads; else it is as it grew, be it torn.
    """

    path: Path
    taken_at: datetime
    finished: bool
    progress: Mapping[str, Any]

    @property
    def about(self) -> "AboutClip":
        """A clip whose recording did not come to its end is a partial one."""
        seconds = self.progress.get("video_seconds")
        video = Video(self.progress.get("video", Video.PARTIAL))
        return AboutClip(self.taken_at, self.path.stat().st_size, video, seconds if self.finished else None)


@dataclass(frozen=True)
class AboutClip:
    """`taken_at` is when its recording began; `seconds` is None where nothing on this host could tell."""

    taken_at: datetime
    size: int
    video: Video
    seconds: float | None

    @property
    def ended_at(self) -> datetime:
        return self.taken_at + timedelta(seconds=self.seconds or 0.0)
