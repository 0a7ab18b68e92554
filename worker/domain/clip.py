"""A clip: what is known of it while it lies on the disk, and when it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from worker.domain.record import Attributes
from worker.domain.timestamp import iso, parse_iso


class Video(StrEnum):
    """Whether a clip is as long as it was wished."""

    COMPLETE = "complete"
    PARTIAL = "partial"


@dataclass(frozen=True)
class Clip:
    """`size` is in bytes; `seconds` is None where nothing on this host could tell."""

    taken_at: datetime
    size: int
    video: Video
    seconds: float | None

    @property
    def ended_at(self) -> datetime:
        return self.taken_at + timedelta(seconds=self.seconds or 0.0)

    @property
    def described(self) -> Attributes:
        """What the record says of it, but for where it is."""
        seconds = {} if self.seconds is None else {"video_seconds": round(self.seconds, 3)}
        return {"taken_at": iso(self.taken_at), "video": self.video, "video_bytes": self.size, **seconds}


@dataclass(frozen=True)
class SpooledClip:
    """What an attempt has recorded; `progress` is what is known of it, and is known to be done with it.

    `finished`: it plays while it downloads; else it is as it grew, be it torn.
    """

    path: Path
    size: int
    asked_at: datetime
    finished: bool
    progress: Mapping[str, Any]

    @property
    def clip(self) -> Clip:
        """A recording that was cut off, so that nobody noted its end, has made a partial clip."""
        seconds = self.progress.get("video_seconds") if self.finished else None
        begun_at = self.progress.get("begun_at")
        begun = parse_iso(begun_at) if begun_at else self.asked_at
        return Clip(begun, self.size, Video(self.progress.get("video", Video.PARTIAL)), seconds)
