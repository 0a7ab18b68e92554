"""Files that settings name: TOML documents, and secrets as a container's engine mounts them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from board.settings.mistakes import SettingsError

MAX_FILE_BYTES = 1_000_000
MAX_SECRET_BYTES = 4096


def read_toml(setting: str, path: Path) -> dict[str, Any]:
    """Raises SettingsError, whose line begins with the name of the `setting`."""
    try:
        return tomllib.loads(_read(path, MAX_FILE_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{setting}: {path} {reason(error)}") from error


def secret(environ: Mapping[str, str], name: str) -> str | None:
    """The setting `name`, or what is in the file that `name`_FILE names, without a trailing newline.

    Raises SettingsError.
    """
    value, file = environ.get(name), environ.get(f"{name}_FILE")
    if value and file:
        raise SettingsError(f"{name}_FILE: set together with {name}; one of them is enough")
    if not file:
        return value or None
    try:
        text = _read(Path(file), MAX_SECRET_BYTES).decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except (OSError, ValueError) as error:
        raise SettingsError(f"{name}_FILE: the file {reason(error)}; it holds the password alone") from error
    if not text:
        raise SettingsError(f"{name}_FILE: the file is empty; it holds the password alone")
    return text


def reason(error: Exception) -> str:
    """Why a file cannot be used, in words that follow its name."""
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    if isinstance(error, OSError):
        return f"cannot be read: {(error.strerror or str(error)).lower()}"
    if isinstance(error, UnicodeDecodeError):
        return "is no text in UTF-8"
    return f"is no TOML: {error}" if isinstance(error, tomllib.TOMLDecodeError) else str(error)


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"is longer than {limit} bytes")
    return content
