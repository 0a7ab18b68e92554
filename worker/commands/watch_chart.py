"""A watch in the terminal: its sections as they lie in the camera's picture, the back row on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from worker.commands.cells import cells, fitted
from worker.domain.bucket import BUCKET_SECONDS, begin_of
from worker.domain.level import STALE_SECONDS, TREND_SHOWN, Level, trend
from worker.domain.record import Attributes
from worker.domain.sections import Grid
from worker.logs import printable

PERCENTAGE_FROM = 10
"""Faces: of fewer, a percentage would pretend to know more than there is to see."""

TILE = 22
"""Columns of a tile: three of them fit into a terminal of 80."""

GAP = "  "
SPARK_COLUMNS = 15
SPARKS = "▁▂▃▄▅▆▇█"

FOOTER = (
    "How far faces are turned to the stage, and a little for smiles.\n"
    "It says nothing about what anybody feels or thinks."
)
NOTHING = "Nothing has been seen yet."


@dataclass(frozen=True)
class Look:
    """How a level is told: each way alone is enough, so that neither colour nor a single sign has to be seen."""

    sign: str
    word: str
    style: str
    """ANSI parameters, of 256 colours; they stay apart under simulated colour blindness."""


LOOKS = {
    Level.GREEN: Look("✔", "Facing", "48;5;30;38;5;231"),
    Level.YELLOW: Look("▲", "Mixed", "48;5;221;38;5;233"),
    Level.RED: Look("✖", "Away", "48;5;124;38;5;231"),
    Level.TOO_FEW: Look("◌", "Too few", "2"),
    Level.CALIBRATING: Look("…", "Calibrating", "2"),
}
NO_DATA = Look("?", "No data", "2")


@dataclass(frozen=True)
class Tile:
    """What is shown of one section."""

    name: str
    look: Look
    percentage: str = ""
    arrow: str = ""
    spark: str = ""


def chart(grid: Grid, buckets: Sequence[Attributes], now: float, *, width: int | None, colour: bool) -> str:
    """The sections after `buckets` (items of one watch, the oldest first), as of `now` in epoch seconds.

    A row of tiles for each row of the grid, or a line for each section where rows are wider than `width` columns.
    """
    if not buckets:
        return NOTHING
    tiles = [_tile(name, buckets, now) for name in grid.names]
    row = grid.columns * TILE + (grid.columns - 1) * len(GAP)
    if width is not None and row > width:
        return "\n".join([*_lines(tiles, colour=colour), "", FOOTER])
    rows = [tiles[first : first + grid.columns] for first in range(0, len(tiles), grid.columns)]
    return "\n".join([*(_row(row, colour=colour) for row in rows), FOOTER])


def _tile(name: str, buckets: Sequence[Attributes], now: float) -> Tile:
    past = [(begin_of(item) + BUCKET_SECONDS, item["sections"].get(name, {})) for item in buckets]
    at, newest = past[-1]
    known = [(moment, float(section["smoothed"])) for moment, section in past if "smoothed" in section]
    spark = _spark(known, past[0][0], at)
    if now - at > STALE_SECONDS or "level" not in newest:
        return Tile(printable(name), NO_DATA, spark=spark)
    look = LOOKS[Level(newest["level"])]
    if "smoothed" not in newest:
        return Tile(printable(name), look, spark=spark)
    many = newest["faces"] >= PERCENTAGE_FROM
    percentage = f"{newest['smoothed']:.0f} %" if many else ""
    return Tile(printable(name), look, percentage, _arrow(trend(known), many=many), spark)


def _arrow(change: float | None, *, many: bool) -> str:
    """With the points of change, which are a percentage, too, only where there are `many` faces."""
    if change is None or abs(change) <= TREND_SHOWN:
        return ""
    return ("↗" if change > 0 else "↘") + (f" {change:+.0f}" if many else "")


def _spark(known: Sequence[tuple[float, float]], first: float, last: float) -> str:
    """One sign for each part of the time from `first` to `last`, blank where nothing is known."""
    step = max(float(BUCKET_SECONDS), (last - first + BUCKET_SECONDS) / SPARK_COLUMNS)
    columns = int((last - first) / step) + 1
    parts: list[list[float]] = [[] for _ in range(columns)]
    for moment, value in known:
        parts[int((moment - first) / step)].append(value)
    return "".join(_bar(fmean(part)) if part else " " for part in parts)


def _bar(value: float) -> str:
    return SPARKS[min(max(int(value / 100 * len(SPARKS)), 0), len(SPARKS) - 1)]


def _row(tiles: Sequence[Tile], *, colour: bool) -> str:
    lines = [
        [fitted(tile.name, TILE) for tile in tiles],
        [_styled(fitted(f" {_state(tile)}", TILE), tile.look, colour=colour) for tile in tiles],
        [fitted(tile.spark, TILE) for tile in tiles],
    ]
    return "".join(f"{GAP.join(line).rstrip()}\n" for line in lines)


def _lines(tiles: Sequence[Tile], *, colour: bool) -> list[str]:
    names = max(cells(tile.name) for tile in tiles)
    states = max(cells(_state(tile)) for tile in tiles)
    return [
        GAP.join(
            [
                fitted(tile.name, min(names, TILE)),
                _styled(fitted(_state(tile), states), tile.look, colour=colour),
                tile.spark,
            ]
        ).rstrip()
        for tile in tiles
    ]


def _state(tile: Tile) -> str:
    return " ".join(filter(None, [tile.look.sign, tile.look.word, tile.percentage, tile.arrow]))


def _styled(text: str, look: Look, *, colour: bool) -> str:
    return f"\x1b[{look.style}m{text}\x1b[0m" if colour else text
