"""Files that settings name: TOML documents, and secrets as a container's engine mounts them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from worker.settings.mistakes import Label, SettingsError, both_given, file_key

MAX_SECRET_BYTES = 4096


def read_text(path: Path) -> str:
    """UTF-8, with or without the mark that Windows puts in front.

    Raises:
        OSError, ValueError: for `reason`.
    """
    return path.read_text(encoding="utf-8-sig")


def read_toml(path: Path) -> dict[str, Any]:
    """Raises OSError or ValueError, for `reason`."""
    return tomllib.loads(read_text(path))


def reason(error: Exception) -> str:
    """Why a file cannot be used, in words that begin a sentence's second half."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, OSError):
        return f"cannot be read: {(error.strerror or str(error)).lower()}"
    if isinstance(error, UnicodeDecodeError):
        return "is no text in UTF-8"
    return f"is no TOML: {error}"


def with_secrets(
    kind: type[BaseModel], values: Mapping[str, Any], label: Label
) -> tuple[dict[str, Any], dict[str, str]]:
    """`values` with each `X_file` replaced by X from that file, and the mistakes by the name of the secret."""
    known, mistakes = dict(values), {}
    for secret, field in kind.model_fields.items():
        for key in file_key(secret, field):
            file = known.pop(key, None)
            if not file:
                continue
            if known.get(secret):
                mistakes[secret] = both_given(label(key), label(secret))
                continue
            try:
                known[secret] = _secret(Path(str(file)), secret)
            except SettingsError as error:
                mistakes[secret] = f"{label(key)}: {error}"
    return known, mistakes


def _secret(path: Path, name: str) -> str:
    """Without its trailing newline. Raises SettingsError; only of a file that is there the name is told."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_SECRET_BYTES + 1)
        text = content.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except FileNotFoundError as error:
        example = f"it names a file that holds the {name}, such as /run/secrets/camera_{name}"
        raise SettingsError([f"there is no such file; {example}"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"the file {path} {reason(error)}"]) from error
    except ValueError as error:
        raise SettingsError(["is no file's name"]) from error
    if not text:
        raise SettingsError([f"the file {path} is empty; it holds the {name} alone"])
    if len(content) > MAX_SECRET_BYTES:
        raise SettingsError([f"the file {path} is longer than {MAX_SECRET_BYTES} bytes; it holds the {name} alone"])
    return text
