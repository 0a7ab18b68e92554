"""What a billboard's items name: files beside BILLBOARD_FILE and never outside of its folder, and addresses."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from board.domain.playlist import Kind

MAX_BYTES = {Kind.IMAGE: 20_000_000, Kind.VIDEO: 500_000_000}
TYPES = {
    Kind.IMAGE: {
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".png": "image/png",
        ".webp": "image/webp",
        ".gif": "image/gif",
        ".avif": "image/avif",
    },
    Kind.VIDEO: {".mp4": "video/mp4", ".webm": "video/webm"},
}
"""What browsers show, by the ending of the file's name; no SVG or HTML: they may have scripts in them."""

_MAX_ADDRESS = 2000
_SHOWN = 60
_NAME = re.compile(r"[^/\\][^\\]{0,199}")
_HOST = re.compile(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+")


class Unusable(Exception):
    """Its text says why, in words that follow an item's place in the file."""


def check_address(address: str) -> None:
    """Raises Unusable."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
        good = parts.scheme in {"http", "https"} and _HOST.fullmatch(host) and parts.username is None
    except ValueError:
        good = False
    if not good or not address.isascii() or not address.isprintable() or " " in address:
        raise Unusable("url must be a whole address in ASCII, without a login, such as https://example.org/")
    if len(address) > _MAX_ADDRESS:
        raise Unusable(f"url is longer than {_MAX_ADDRESS} characters")


def check_file(folder: Path, kind: Kind, name: str) -> Path:
    """Where it really lies. `folder` has no link in it. Raises Unusable."""
    shown = name[:_SHOWN]
    if PurePosixPath(name).suffix.lower() not in TYPES[kind]:
        raise Unusable(f"{shown} is no {kind.value} that browsers show: {', '.join(TYPES[kind])}")
    try:
        path = resolve(folder, name)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise Unusable(f"there is no file {shown} beside this one") from error
    except OSError as error:
        raise Unusable(f"{shown} cannot be read: {(error.strerror or str(error)).lower()}") from error
    if not size:
        raise Unusable(f"{shown} is empty")
    if size > MAX_BYTES[kind]:
        most = MAX_BYTES[kind] // 1_000_000
        raise Unusable(f"{shown} has {size / 1e6:.0f} MB, and {kind.value}s may have up to {most} MB")
    return path


def resolve(folder: Path, name: str) -> Path:
    """Where a file of `folder` or below really lies. Raises Unusable, OSError."""
    shown = name[:_SHOWN]
    if not _NAME.fullmatch(name) or not name.isprintable() or ".." in name.split("/"):
        raise Unusable(f"{shown} must be the name of a file beside this one, such as sea.jpg or summer/sea.jpg")
    path = (folder / name).resolve(strict=True)
    if not path.is_relative_to(folder):
        raise Unusable(f"{shown} is a link that leads out of the folder of this file")
    if not path.is_file():
        raise Unusable(f"{shown} is no file")
    return path


def version_of(path: Path) -> str:
    """Differs when the file has changed; empty while there is none."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}"


def length(path: Path) -> float:
    """Of a video, in seconds; 0 where its file does not tell."""
    from tinytag import TinyTag, TinyTagException  # noqa: PLC0415 - only a billboard with a video needs it

    try:
        return TinyTag.get(path, tags=False).duration or 0.0
    except (TinyTagException, OSError, ValueError):
        return 0.0
