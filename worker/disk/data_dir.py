"""DATA_DIR: what the worker keeps across restarts, and its one owner."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


class DataDirTaken(Exception):
    """Another worker uses it."""


@contextmanager
def owned(data_dir: Path) -> Iterator[bool]:
    """Own `data_dir` for the body of the `with`; whether it can be written. A folder that cannot is only warned of.

    Raises:
        DataDirTaken: another worker owns it.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (data_dir / "lock").open("w")
    except OSError as error:
        log.warning(
            "DATA_DIR cannot be written: photos in work do not survive a crash",
            action="data_dir_not_writable",
            data_dir=str(data_dir),
            error=str(error),
        )
        yield False
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataDirTaken(
                f"DATA_DIR: another worker uses {data_dir}; give each worker a folder of its own"
            ) from error
        yield True
