"""BILLBOARD_FILE: the moods of a billboard, and what lies beside the file. Every mistake is told at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from board.domain.playlist import EMOTIONS, Item, Kind, Mood, Playlist
from board.settings.files import read_toml
from board.settings.mistakes import SettingsError

SETTING = "BILLBOARD_FILE"
MAX_BYTES = {Kind.IMAGE: 20_000_000, Kind.VIDEO: 500_000_000}
MAX_MOODS, MAX_ITEMS, MAX_WEIGHT = 20, 200, 20
IMAGE_SECONDS = 10.0
"""Where nothing is said; of an address, too."""
MIN_SECONDS, MAX_SECONDS = 1.0, 3600.0

SUFFIXES = {
    Kind.IMAGE: {
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".png": "image/png",
        ".webp": "image/webp",
        ".gif": "image/gif",
    },
    Kind.VIDEO: {".mp4": "video/mp4", ".webm": "video/webm"},
}
"""What browsers play, with its content type."""
_TOP = ("default", "window_seconds", "min_faces", "switch_margin", "moods")
_OF_MOOD = ("when", "min_dwell", "items")
_OF_ITEM = ("image", "video", "url", "seconds", "weight")


@dataclass(frozen=True)
class _Reader:
    """Reads one value after the other, and keeps what is wrong with each."""

    folder: Path
    mistakes: list[str]

    def complain(self, where: str, what: str) -> None:
        self.mistakes.append(f"{SETTING}: {where}: {what}")

    def keys(self, where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        known = list(known)
        for key in sorted(table.keys() - set(known)):
            meant = get_close_matches(key, known, n=1)
            hint = f"did you mean {meant[0]}?" if meant else f"known are {', '.join(known)}"
            self.complain(f"{where} {key}".strip(), f"there is no such key; {hint}")

    def number(self, where: str, value: Any, default: float, bounds: tuple[float, float]) -> float:
        low, high = bounds
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.complain(where, f"must be a number from {low:g} to {high:g}, such as {default:g}")
            return default
        return float(value)


def read_billboard(path: Path) -> Playlist:
    """Raises SettingsError with every mistake there is."""
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
    moods = {name: mood for name, table in tables.items() if (mood := _mood(reader, name, table)) is not None}
    if (default := document.get("default")) not in tables:
        reader.complain("default", f"must be the name of one of the moods: {', '.join(tables)}")
    return Playlist(
        str(default),
        moods,
        reader.number("window_seconds", document.get("window_seconds"), 30, (1, 600)),
        reader.number("min_faces", document.get("min_faces"), 1, (0, 100)),
        reader.number("switch_margin", document.get("switch_margin"), 15, (0, 100)),
    )


def _mood(reader: _Reader, name: str, table: Any) -> Mood | None:
    where = f"[moods.{name}]"
    if not isinstance(table, dict):
        reader.complain(where, "must be a table with when and items")
        return None
    reader.keys(where, table, _OF_MOOD)
    when = table.get("when", [])
    if not isinstance(when, list) or not set(map(str, when)) <= set(EMOTIONS):
        reader.complain(f"{where} when", f"must be a list of {', '.join(EMOTIONS)}")
        when = []
    items = table.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        reader.complain(f"{where} items", f'must be a list of 1 to {MAX_ITEMS} items, such as {{image = "sea.jpg"}}')
        return None
    dwell = reader.number(f"{where} min_dwell", table.get("min_dwell"), 0, (0, MAX_SECONDS))
    read = [_item(reader, f"{where} items, {number}.", item) for number, item in enumerate(items, start=1)]
    return Mood(name, frozenset(when), tuple(item for item in read if item is not None), dwell)


def _item(reader: _Reader, where: str, table: Any) -> Item | None:
    kinds = [kind for kind in Kind if isinstance(table, dict) and isinstance(table.get(kind.value), str)]
    if len(kinds) != 1:
        reader.complain(where, 'must be one of {image = "..."}, {video = "..."} and {url = "..."}')
        return None
    reader.keys(where, table, _OF_ITEM)
    kind, source = kinds[0], str(table[kinds[0].value])
    wrong = _wrong_address(source) if kind is Kind.URL else _wrong_file(reader.folder, kind, source)
    if wrong is not None:
        reader.complain(where, wrong)
        return None
    own = _length(reader.folder / source) if kind is Kind.VIDEO else IMAGE_SECONDS
    if own is None and "seconds" not in table:
        reader.complain(where, f"say how long {source} is, such as seconds = 12: its file does not tell")
    seconds = reader.number(f"{where} seconds", table.get("seconds"), own or IMAGE_SECONDS, (MIN_SECONDS, MAX_SECONDS))
    weight = table.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= MAX_WEIGHT:
        reader.complain(f"{where} weight", f"must be a whole number from 1 to {MAX_WEIGHT}")
        weight = 1
    return Item(kind, source, max(MIN_SECONDS, seconds), weight)


def _wrong_address(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    return None if good else "url must be a whole address without a login, such as https://example.org/"


def _wrong_file(folder: Path, kind: Kind, name: str) -> str | None:
    """What is wrong with a file that is to lie beside BILLBOARD_FILE, in its folder or below it."""
    known = SUFFIXES[kind]
    if Path(name).suffix.lower() not in known:
        return f"{name} is no {kind.value} that browsers play: {', '.join(known)}"
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder):
            return f"{name} does not lie in the folder of this file"
        if not path.is_file():
            return f"{name} is no file"
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        return _unreadable(name, error)
    if not 0 < size <= MAX_BYTES[kind]:
        return f"{name} has {size} bytes; it may have 1 to {MAX_BYTES[kind]}"
    return None


def _unreadable(name: str, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"there is no file {name} beside this one"
    return f"{name} cannot be read: {error.strerror if isinstance(error, OSError) else error}"


def _length(path: Path) -> float | None:
    """Of a video, in seconds; None where its file does not tell."""
    from tinytag import TinyTag, TinyTagException  # noqa: PLC0415 - only a billboard with a video needs it

    try:
        seconds = TinyTag.get(path, tags=False).duration
    except (TinyTagException, OSError, ValueError):
        return None
    return min(seconds, MAX_SECONDS) if seconds else None


def content_type(name: str) -> str:
    """Of a file that a playlist names."""
    types = {suffix: kind for known in SUFFIXES.values() for suffix, kind in known.items()}
    return types[Path(name).suffix.lower()]
