"""What was measured: the values of every repeat, and the goal they are held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """`values` has one number a repeat. A goal is for their median: at most, or at least."""

    name: str
    values: Sequence[float]
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The smallest and the largest."""
        return min(self.values), max(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the median keeps to the goal; None where there is none."""
        if self.at_most is not None:
            return self.median <= self.at_most
        if self.at_least is not None:
            return self.median >= self.at_least
        return None

    @property
    def goal(self) -> str:
        if self.at_most is not None:
            return f"≤ {_short(self.at_most)}"
        return f"≥ {_short(self.at_least)}" if self.at_least is not None else ""

    @property
    def shown(self) -> str:
        return f"{_short(self.median)} {self.unit}".strip()

    @property
    def shown_spread(self) -> str:
        return " to ".join(map(_short, self.spread)) if len(self.values) > 1 else ""


@dataclass(frozen=True)
class Chapter:
    """What one measure found."""

    title: str
    figures: Sequence[Figure]


def _short(number: float) -> str:
    """Three digits that count, and no more than three places."""
    places = next((places for places, limit in ((3, 10.0), (1, 100.0)) if abs(number) < limit), 0)
    return f"{number:.{places}f}"
