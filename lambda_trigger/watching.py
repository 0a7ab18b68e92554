"""An audience to watch, or no longer. The worker rejects what it cannot watch; its sender is told here already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from lambda_trigger.errors import UnknownEventError

FEWEST_MINUTES, MOST_MINUTES = 1, 480


@dataclass(frozen=True)
class StartWatching:
    """Without `minutes` the worker's WATCH_MINUTES say how long."""

    name: ClassVar[str] = "StartWatching"
    minutes: int | None = None

    def document(self) -> dict[str, object]:
        """The command as JSON, without what it leaves open."""
        return {"command": self.name, **({} if self.minutes is None else {"minutes": self.minutes})}


@dataclass(frozen=True)
class StopWatching:
    """It asks for nothing more."""

    name: ClassVar[str] = "StopWatching"

    def document(self) -> dict[str, object]:
        return {"command": self.name}


def read_start_watching(told: Mapping[str, object]) -> StartWatching:
    """From `minutes`, which may be left out.

    Raises:
        UnknownEventError: No watch can be so long, or that is no whole number.
    """
    minutes = told.get("minutes")
    if minutes is None:
        return StartWatching()
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        raise UnknownEventError("minutes is not a whole number")
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise UnknownEventError(f"minutes is not from {FEWEST_MINUTES} to {MOST_MINUTES}")
    return StartWatching(minutes)


def read_stop_watching(_told: Mapping[str, object]) -> StopWatching:
    return StopWatching()
