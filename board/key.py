"""The key that logins are signed with."""

import secrets
from pathlib import Path

import structlog

from board.folder import locked, replace

log = structlog.get_logger(__name__)

_BYTES = 32


def signing_key(folder: Path) -> bytes:
    """The one in `folder`, made at the first start; where that cannot be, one that is forgotten at the end."""
    try:
        return _kept(folder / "key")
    except OSError as error:
        log.warning(
            "logins end when the board ends: its key cannot be kept; make DATA_DIR writable for it",
            action="key_not_kept",
            folder=str(folder),
            error=error.strerror or str(error),
        )
        return secrets.token_bytes(_BYTES)


def _kept(path: Path) -> bytes:
    """Raises OSError."""
    key = _read(path)
    if key is None:
        with locked(path.parent):
            # Another process may have been faster.
            key = _read(path)
            if key is None:
                key = secrets.token_bytes(_BYTES)
                replace(path, key)
    return key


def _read(path: Path) -> bytes | None:
    """None where there is none, or one that something has cut short."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == _BYTES else None
