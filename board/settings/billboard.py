"""BILLBOARD_FILE: the moods of a billboard, and what lies beside the file. Every mistake is told at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from board.domain.moods import EMOTIONS
from board.domain.playlist import Item, Kind, Mood, Playlist
from board.logs import printable
from board.settings.billboard_content import Unusable, check_address, check_file, length, version_of
from board.settings.files import read_toml
from board.settings.mistakes import SettingsError

SETTING = "BILLBOARD_FILE"
MAX_MOODS, MAX_ITEMS, MAX_WEIGHT = 20, 200, 20
MIN_SECONDS, MAX_SECONDS, IMAGE_SECONDS = 1.0, 3600.0, 10.0
"""The last is for an image or an address of which nothing is said."""

_TOP = ("default", "window_seconds", "min_faces", "switch_margin", "moods")
_OF_MOOD = ("when", "min_dwell", "items")
_OF_ITEM = ("image", "video", "url", "seconds", "weight")
_SHOWN = 60


@dataclass(frozen=True)
class _Reader:
    """Reads one value after the other, and keeps what is wrong with each."""

    folder: Path
    mistakes: list[str]

    def complain(self, where: str, what: str) -> None:
        self.mistakes.append(printable(f"{SETTING}: {where}: {what}"))

    def keys(self, where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        known = list(known)
        for key in sorted(table.keys() - set(known)):
            meant = get_close_matches(key, known, n=1)
            hint = f"did you mean {meant[0]}?" if meant else f"known are {', '.join(known)}"
            self.complain(f"{where} {key[:_SHOWN]}".strip(), f"there is no such key; {hint}")

    def number(self, where: str, value: Any, default: float, bounds: tuple[float, float]) -> float:
        low, high = bounds
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.complain(where, f"must be a number from {low:g} to {high:g}, such as {default:g}")
            return default
        return float(value)


def read_billboard(path: Path) -> Playlist:
    """Blocks. Raises SettingsError with every mistake there is."""
    document = read_toml(SETTING, path)
    reader = _Reader(path.resolve().parent, [])
    playlist = _playlist(reader, document)
    if reader.mistakes or playlist is None:
        raise SettingsError(*reader.mistakes)
    return playlist


def _playlist(reader: _Reader, document: Mapping[str, Any]) -> Playlist | None:
    reader.keys("", document, _TOP)
    tables = document.get("moods")
    if not isinstance(tables, dict) or not 1 <= len(tables) <= MAX_MOODS:
        reader.complain("moods", f"must be 1 to {MAX_MOODS} tables, such as [moods.calm] with when and items")
        return None
    default = document.get("default")
    if default not in tables:
        names = ", ".join(name[:_SHOWN] for name in tables)
        reader.complain("default", f"must be the name of one of the moods: {names}")
    moods = {name: _mood(reader, name, table, is_default=name == default) for name, table in tables.items()}
    return Playlist(
        str(default),
        {name: mood for name, mood in moods.items() if mood is not None},
        reader.number("window_seconds", document.get("window_seconds"), 30, (1, 600)),
        reader.number("min_faces", document.get("min_faces"), 1, (0, 100)),
        reader.number("switch_margin", document.get("switch_margin"), 15, (0, 100)),
    )


def _mood(reader: _Reader, name: str, table: Any, *, is_default: bool) -> Mood | None:
    where = f"[moods.{name[:_SHOWN]}]"
    if not isinstance(table, dict):
        reader.complain(where, "must be a table with when and items")
        return None
    reader.keys(where, table, _OF_MOOD)
    when = table.get("when", [])
    if not isinstance(when, list) or not set(map(str, when)) <= set(EMOTIONS):
        reader.complain(f"{where} when", f"must be a list of {', '.join(EMOTIONS)}")
        when = []
    elif not when and not is_default:
        reader.complain(f"{where} when", 'not set, so that this mood would never be shown; such as ["HAPPY"]')
    items = table.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        reader.complain(f"{where} items", f'must be a list of 1 to {MAX_ITEMS} items, such as {{image = "sea.jpg"}}')
        return None
    dwell = reader.number(f"{where} min_dwell", table.get("min_dwell"), 0, (0, MAX_SECONDS))
    read = [_item(reader, f"{where} items, {number}.", item) for number, item in enumerate(items, start=1)]
    return Mood(name, frozenset(map(str, when)), tuple(item for item in read if item is not None), dwell)


def _item(reader: _Reader, where: str, table: Any) -> Item | None:
    if isinstance(table, dict):
        reader.keys(where, table, _OF_ITEM)
    kinds = [kind for kind in Kind if isinstance(table, dict) and isinstance(table.get(kind.value), str)]
    if len(kinds) != 1:
        reader.complain(where, 'must be one of {image = "..."}, {video = "..."} and {url = "..."}')
        return None
    kind, source = kinds[0], str(table[kinds[0].value])
    try:
        least = _checked(reader.folder, kind, source, given="seconds" in table)
    except Unusable as error:
        reader.complain(where, str(error))
        return None
    seconds = reader.number(
        f"{where} seconds", table.get("seconds"), least or IMAGE_SECONDS, (MIN_SECONDS, MAX_SECONDS)
    )
    weight = table.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= MAX_WEIGHT:
        reader.complain(f"{where} weight", f"must be a whole number from 1 to {MAX_WEIGHT}")
        weight = 1
    version = "" if kind is Kind.URL else version_of(reader.folder / source)
    return Item(kind, source, max(MIN_SECONDS, least, seconds), weight, version)


def _checked(folder: Path, kind: Kind, source: str, *, given: bool) -> float:
    """How many seconds it needs; 0 where that is not known, or its seconds are `given`. Raises Unusable."""
    if kind is Kind.URL:
        check_address(source)
        return 0
    path = check_file(folder, kind, source)
    if kind is Kind.IMAGE:
        return 0
    seconds = length(path)
    if seconds > MAX_SECONDS:
        raise Unusable(f"{source} is longer than an hour")
    if not seconds and not given:
        raise Unusable(f"say how long {source} is, such as seconds = 12: its file does not tell")
    return seconds
