"""The sections of a watch as they lie in the camera's picture, whatever its item says of them."""

import re
from dataclasses import dataclass

from board.domain.attributes import text
from board.domain.item import Item

MAX_COLUMNS, MAX_ROWS = 6, 4
MAX_SECTIONS = MAX_COLUMNS * MAX_ROWS
MAX_NAME_CHARACTERS = 60
"""The worker allows 40; what is longer was written by somebody else, and is cut where it is shown."""

_GRID = re.compile(r"([1-6])x([1-4])")


@dataclass(frozen=True)
class Layout:
    """`sections` are their whole names in reading order, the back row on top; columns x rows have room for all."""

    columns: int
    rows: int
    sections: tuple[str, ...]


def layout_of(watch: Item, measured: Item) -> Layout:
    """`measured` has what a bucket knows by section: it stands in where the watch's item has no names."""
    grid = _GRID.fullmatch(text(watch.get("grid"), 3))
    names = _names(watch.get("sections")) or tuple(sorted(map(str, measured)))[:MAX_SECTIONS]
    if grid is None:
        columns = min(max(len(names), 1), MAX_COLUMNS)
        return Layout(columns, max(-(-len(names) // columns), 1), names or ("room",))
    columns, rows = int(grid[1]), int(grid[2])
    nameless = (f"section {number}" for number in range(len(names) + 1, columns * rows + 1))
    return Layout(columns, rows, (*names, *nameless)[: columns * rows])


def shown(section: str) -> str:
    """A section's name as a page has it."""
    return text(section, MAX_NAME_CHARACTERS)


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(
        name if isinstance(name, str) and name.strip() else f"section {number}"
        for number, name in enumerate(value[:MAX_SECTIONS], start=1)
    )
