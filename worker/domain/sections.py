"""The parts of the camera's picture in which an audience is measured, and their names."""

import re
import unicodedata
from dataclasses import dataclass

MAX_COLUMNS = 6
MAX_ROWS = 4
MAX_NAME_CHARACTERS = 40

_COLUMNS = {
    1: ("",),
    2: ("left", "right"),
    3: ("left", "centre", "right"),
    4: ("far left", "left", "right", "far right"),
    5: ("far left", "left", "centre", "right", "far right"),
    6: ("far left", "left", "centre left", "centre right", "right", "far right"),
}
_ROWS = {
    1: ("",),
    2: ("back", "front"),
    3: ("back", "middle", "front"),
    4: ("back", "middle back", "middle front", "front"),
}
_EVERYWHERE = "room"
"""The one section of a grid of 1x1."""

_GRID_PATTERN = re.compile(r"([0-9]{1,2})\s*[xX]\s*([0-9]{1,2})")
_UNPRINTABLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class Grid:
    """Sections of one size; `names` in reading order as the camera sees them, the back row on top."""

    columns: int
    rows: int
    names: tuple[str, ...]

    def section_at(self, middle: tuple[float, float]) -> str:
        """The name of the section in which a point lies; on a line between two, that to the right or below."""
        column = min(int(middle[0] * self.columns), self.columns - 1)
        row = min(int(middle[1] * self.rows), self.rows - 1)
        return self.names[row * self.columns + column]

    def __str__(self) -> str:
        return f"{self.columns}x{self.rows}"


def read_grid(size: str, names: str = "") -> Grid:
    """A grid of `size`, such as 3x2 (columns x rows); `names` are parted by commas, and by place where there are none.

    Raises:
        ValueError: no such size, or names that do not fit; it says which.
    """
    read = _GRID_PATTERN.fullmatch(size.strip())
    columns, rows = (int(read[1]), int(read[2])) if read else (0, 0)
    if not (1 <= columns <= MAX_COLUMNS and 1 <= rows <= MAX_ROWS):
        raise ValueError(f"{size!r} is no grid: columns x rows, such as 3x2, up to {MAX_COLUMNS}x{MAX_ROWS}")
    return Grid(columns, rows, _read_names(names, columns * rows) if names.strip() else _place_names(columns, rows))


def _place_names(columns: int, rows: int) -> tuple[str, ...]:
    names = [f"{row} {column}".strip() for row in _ROWS[rows] for column in _COLUMNS[columns]]
    return tuple(name or _EVERYWHERE for name in names)


def _read_names(text: str, sections: int) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if len(names) != sections:
        raise ValueError(f"{len(names)} names for {sections} sections")
    for name in names:
        if not 1 <= len(name) <= MAX_NAME_CHARACTERS:
            raise ValueError(f"{name!r} is no name: it has 1 to {MAX_NAME_CHARACTERS} characters")
        if any(unicodedata.category(char) in _UNPRINTABLE for char in name):
            raise ValueError(f"{name!r} has a character that cannot be shown")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{twice[0]!r} is the name of more than one section")
    return names
