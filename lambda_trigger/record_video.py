"""A clip for the camera to record. The worker rejects what it cannot record; whoever sends it is told here already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from lambda_trigger.errors import UnknownEventError

SHORTEST_SECONDS, LONGEST_SECONDS = 1, 60


@dataclass(frozen=True)
class RecordVideo:
    """Without `seconds` the worker's VIDEO_SECONDS say how long it is."""

    name: ClassVar[str] = "RecordVideo"
    seconds: float | None = None

    def document(self) -> dict[str, object]:
        """The command as JSON, without what it leaves open."""
        return {"command": self.name, **({} if self.seconds is None else {"seconds": self.seconds})}


def read_record_video(told: Mapping[str, object]) -> RecordVideo:
    """From `seconds`, which may be left out.

    Raises:
        UnknownEventError: No clip can be so long, or that is no number.
    """
    seconds = told.get("seconds")
    if seconds is None:
        return RecordVideo()
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise UnknownEventError("seconds is not a number")
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise UnknownEventError(f"seconds is not from {SHORTEST_SECONDS} to {LONGEST_SECONDS}")
    return RecordVideo(seconds)
