"""Settings out of the environment, one variable after the other; here are those that links of screens need, too."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import platformdirs

from board.settings.files import read_toml
from board.settings.mistakes import SettingsError, collect

MAX_PORT = 65_535
MAX_CAMERAS = 50
HOST = re.compile(r"[A-Za-z0-9.:_-]{1,255}")
"""A name or an address, without a port."""

_CAMERA_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

T = TypeVar("T")


class Reader:
    """Reads one variable after the other, and keeps what is wrong with each."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mistakes: list[str] = []

    def text(self, name: str, pattern: re.Pattern[str], default: str | None, words: str) -> str:
        value = self.environ.get(name)
        if not value and default is None:
            self.mistakes.append(f"{name}: not set; it is {words}")
        elif value and not pattern.fullmatch(value):
            self.mistakes.append(f"{name}: must be {words}")
        return value or default or ""

    def choice(self, name: str, choices: Mapping[str, T], default: str, words: str) -> T:
        value = (self.environ.get(name) or default).lower()
        if value not in choices:
            self.mistakes.append(f"{name}: must be {words}")
        return choices.get(value, choices[default])

    def number(self, name: str, default: int, highest: int) -> int:
        value = self.environ.get(name) or str(default)
        if value.isascii() and value.isdigit() and int(value) <= highest:
            return int(value)
        self.mistakes.append(f"{name}: must be a whole number from 0 to {highest}, such as {default}")
        return default

    def read(self, read: Callable[[], T], default: T) -> T:
        found = collect(self.mistakes, read)
        return default if found is None else found


def read_cameras(reader: Reader) -> tuple[str, ...]:
    return reader.read(lambda: _cameras(reader.environ), ())


def read_host(reader: Reader) -> str:
    return reader.text("BOARD_HOST", HOST, "127.0.0.1", "an address to listen on, such as 127.0.0.1 or 0.0.0.0")


def read_port(reader: Reader) -> int:
    return reader.number("BOARD_PORT", 8080, MAX_PORT)


def read_data_dir(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("DATA_DIR") or platformdirs.user_state_path("camera-worker"))


def _cameras(environ: Mapping[str, str]) -> tuple[str, ...]:
    file, name = environ.get("CAMERAS_FILE"), environ.get("CAMERA_NAME") or "default"
    names = tuple(read_toml("CAMERAS_FILE", Path(file))) if file else (name,)
    if not 1 <= len(names) <= MAX_CAMERAS:
        raise SettingsError(f"CAMERAS_FILE: must name 1 to {MAX_CAMERAS} cameras, each as a table such as [lobby]")
    if not all(map(_CAMERA_NAME.fullmatch, names)):
        setting = "CAMERAS_FILE" if file else "CAMERA_NAME"
        raise SettingsError(f"{setting}: a camera's name is 1 to 64 letters, digits, _ or -, such as lobby")
    return names
