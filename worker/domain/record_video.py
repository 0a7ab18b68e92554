"""`RecordVideo`: how long a clip the camera is asked for."""

import re
from dataclasses import dataclass
from typing import ClassVar

SHORTEST_SECONDS, LONGEST_SECONDS = 1, 60

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class NotRecordable(ValueError):
    """No clip can be so long; the text says why, in words that can be printed."""


@dataclass(frozen=True)
class RecordVideo:
    """A clip of 1 to 60 seconds, or as long as VIDEO_SECONDS says. One of another length raises NotRecordable."""

    name: ClassVar[str] = "RecordVideo"
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.seconds is not None and not SHORTEST_SECONDS <= self.seconds <= LONGEST_SECONDS:
            raise NotRecordable(f"seconds is not from {SHORTEST_SECONDS} to {LONGEST_SECONDS}")


def number(value: object) -> float | None:
    """The number of seconds that a JSON document gives, or none. Raises NotRecordable for what is no number."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise NotRecordable("seconds is not a number")


def number_in(text: str) -> float | None:
    """The same of a message attribute, which is always a text: such as `10` or `2.5`, and none where it is empty."""
    told = text.strip(" ")
    if told and not _NUMBER.fullmatch(told):
        raise NotRecordable("seconds is not a number")
    return float(told) if told else None
