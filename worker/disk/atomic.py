"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

TEMPORARY_PREFIX = ".tmp-"
"""What a crash may leave behind; cleared at the next start."""

Fsync = Callable[[int], None]
"""Returns once what the file descriptor stands for is on the medium."""


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path`, making its folder if need be, whatever happens to the process.

    Not synchronised to the medium: a power cut within the next seconds may leave it empty or cut short, so its reader
    must notice that. What has to outlast a power cut is written by `write_durably`.
    """
    _write(path, content, synchronise=_nothing)


def write_durably(path: Path, content: bytes, fsync: Fsync = os.fsync) -> None:
    """Replace `path`, making its folder if need be, whatever happens to the process or to the power.

    After a power cut the old content or the new one is there, and the new one once this has returned. On an SD card
    that can take some tenths of a second.
    """
    _write(path, content, synchronise=fsync)
    sync_path(path.parent, fsync)


def sync_path(path: Path, fsync: Fsync = os.fsync) -> None:
    """Bring a file, or the names in a folder, to the medium. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes, synchronise: Fsync) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY_PREFIX)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            synchronise(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _nothing(_descriptor: int) -> None:
    """Leave it to the operating system, which writes within some seconds."""
