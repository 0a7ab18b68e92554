"""One line of the answer."""

from dataclasses import dataclass
from enum import StrEnum

from worker.logs import printable


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """The worker runs, but not as it could."""
    FAILED = "failed"
    """Something is required and is not there."""


@dataclass(frozen=True)
class Line:
    """`found` may be what camera or AWS said; it is made printable where it is shown."""

    name: str
    level: Level
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f" - {self.remedy}" if self.remedy else ""
        return printable(f"{self.level:<8}{self.name}: {self.found}{remedy}")


def ok(name: str, found: str) -> Line:
    return Line(name, Level.OK, found)


def warning(name: str, found: str, remedy: str = "") -> Line:
    return Line(name, Level.WARNING, found, remedy)


def failed(name: str, found: str, remedy: str = "") -> Line:
    return Line(name, Level.FAILED, found, remedy)
