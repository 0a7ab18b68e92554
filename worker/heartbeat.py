"""Whether the daemon polls, told by a file: no network, no libraries, so that a container can ask often."""

import json
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from worker.atomic import write_atomically

MAX_AGE_SECONDS = 180
"""Polls take 20 s and back off up to 60 s; three minutes without one is a failure that lasts."""


def heartbeat_paths(data_dir: Path) -> tuple[Path, Path]:
    """Where the heartbeat is: in DATA_DIR, or in the temporary folder where that cannot be written."""
    return data_dir / "heartbeat", Path(tempfile.gettempdir()) / f"camera-worker-{os.getuid()}.heartbeat"


class Heartbeat:
    """The daemon's side: `beat` after every poll that was answered, `end` when it stops."""

    def __init__(self, path: Path, wall: Callable[[], float] = time.time) -> None:
        self._path = path
        self._wall = wall

    def beat(self) -> None:
        content = json.dumps({"pid": os.getpid(), "polled_at": self._wall()})
        # A full disk must not stop the daemon; `health` sees that the file grows old, and says so.
        with suppress(OSError):
            write_atomically(self._path, content.encode())

    def end(self) -> None:
        self._path.unlink(missing_ok=True)


def complaint(data_dir: Path, wall: Callable[[], float] = time.time) -> str | None:
    """What is wrong with the daemon, or None while it polls."""
    beats = [beat for path in heartbeat_paths(data_dir) if (beat := _read(path))]
    if not beats:
        return f"no worker polls with DATA_DIR {data_dir}: it has not started, has stopped, or has never reached SQS"
    pid, polled_at = max(beats, key=lambda beat: beat[1])
    if not _alive(pid):
        return f"the worker (process {pid}) is gone without having stopped"
    age = wall() - polled_at
    if age > MAX_AGE_SECONDS:
        return f"the last poll that SQS answered was {age:.0f} s ago; the worker's log says why"
    return None


def _read(path: Path) -> tuple[int, float] | None:
    try:
        beat = json.loads(path.read_bytes())
        return int(beat["pid"]), float(beat["polled_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
