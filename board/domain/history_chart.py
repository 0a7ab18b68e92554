"""What the page's script draws: series of numbers with a word for each place on the axis, and no moment to reckon."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from board.domain.history import Row
from board.domain.tally import Count

MEDIAN, SLOW = 50, 95


def charts_of(rows: Sequence[Row], looks: Mapping[str, str]) -> Mapping[str, Any]:
    """By name; `series` have a `name`, a `colour` (a custom property of the style sheet) and `values`."""
    return {
        "words": [row.period.words for row in rows],
        "ticks": [row.period.tick for row in rows],
        "presses": _stack([("done", "--bar", [done(row) for row in rows]), *_ends(rows)]),
        "moods": _stack(
            (word, f"--mood-{mood.lower()}", [row.tally.moods[mood] for row in rows]) for mood, word in looks.items()
        ),
        "voice": _stack(
            (name, colour, [_seconds(row.tally.voice_ms(percent)) for row in rows])
            for name, colour, percent in (("half within", "--bar", MEDIAN), ("95 of 100 within", "--slow", SLOW))
        ),
    }


def done(row: Row) -> int:
    return row.tally.presses - row.tally.counts[Count.FAILED] - row.tally.counts[Count.EXPIRED]


def _ends(rows: Sequence[Row]) -> list[tuple[str, str, list[Any]]]:
    ends = (("failed", "--failed", Count.FAILED), ("too late", "--late", Count.EXPIRED))
    return [(name, colour, [row.tally.counts[count] for row in rows]) for name, colour, count in ends]


def _stack(series: Iterable[tuple[str, str, list[Any]]]) -> list[Mapping[str, Any]]:
    """Without those that have nothing at all."""
    return [{"name": name, "colour": colour, "values": values} for name, colour, values in series if any(values)]


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000
