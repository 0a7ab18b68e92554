"""The board's own folder, `DATA_DIR/board`: two processes never write it at once, and a crash leaves no half file."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_SECONDS = 5.0
_PERIOD = 0.02
_TEMPORARY = ".tmp-"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """For whoever writes; makes the folder if need be. Raises OSError, TimeoutError among them."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor)
        # What a crash has left behind: whoever wrote it held the lock.
        for left in folder.glob(f"{_TEMPORARY}*"):
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    ends_at = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > ends_at:
                raise TimeoutError("another process holds it") from error
            time.sleep(_PERIOD)
        else:
            return


def replace(path: Path, content: bytes) -> None:
    """Write `path`, readable by its owner alone, so that a power cut leaves the old or the new one. Raises OSError."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
