"""`StartWatching` and `StopWatching`: for how many minutes an audience is to be watched, and that it is to end."""

import re
from dataclasses import dataclass
from typing import ClassVar

MIN_MINUTES, MAX_MINUTES = 1, 480
"""A watch always ends by itself."""

_NUMBER = re.compile(r"[0-9]{1,9}")


class NotWatchable(ValueError):
    """No watch can be so long; the text says why, in words that can be printed."""


@dataclass(frozen=True)
class StartWatching:
    """Watch for `minutes`, or as long as WATCH_MINUTES says. Other than 1 to 480 raises NotWatchable."""

    name: ClassVar[str] = "StartWatching"
    minutes: int | None = None

    def __post_init__(self) -> None:
        if self.minutes is not None and not MIN_MINUTES <= self.minutes <= MAX_MINUTES:
            raise NotWatchable(f"minutes is not from {MIN_MINUTES} to {MAX_MINUTES}")


@dataclass(frozen=True)
class StopWatching:
    """End what was started before. It never expires: a camera that goes on filming is the worst outcome."""

    name: ClassVar[str] = "StopWatching"


def minutes(value: object) -> int | None:
    """The number of minutes that a JSON document gives, or none. Raises NotWatchable for what is no whole number."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise NotWatchable("minutes is not a whole number")


def minutes_in(text: str) -> int | None:
    """The same of a message attribute, which is always a text: such as `60`, and none where it is empty."""
    told = text.strip(" ")
    if told and not _NUMBER.fullmatch(told):
        raise NotWatchable("minutes is not a whole number")
    return int(told) if told else None
