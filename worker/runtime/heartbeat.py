"""Whether the daemon polls, told by a file: no network, no libraries, so that a container can ask often."""

import json
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from worker.disk.atomic import write_atomically

MAX_AGE_SECONDS = 180
"""Polls take 20 s and back off up to 60 s; three minutes without one is a failure that lasts."""

DRAIN_GRACE_SECONDS = 10
"""For giving back what a drain did not finish."""


def heartbeat_paths(data_dir: Path) -> tuple[Path, Path]:
    """Where the heartbeat is: in DATA_DIR, or in the temporary folder where that cannot be written."""
    return data_dir / "heartbeat", Path(tempfile.gettempdir()) / f"camera-worker-{os.getuid()}.heartbeat"


@dataclass(frozen=True)
class _Beat:
    """Moments are epoch seconds."""

    pid: int
    polled_at: float
    drains_until: float | None = None


class Heartbeat:
    """The daemon's side: `beat` after every poll that was answered, `drain` instead of polls, `end` when it stops."""

    def __init__(self, path: Path, wall: Callable[[], float] = time.time) -> None:
        self._path = path
        self._wall = wall

    def beat(self) -> None:
        self._write(_Beat(os.getpid(), self._wall()))

    def drain(self, seconds: float) -> None:
        """No poll comes any more; the jobs in hand may take `seconds`, however many."""
        now = self._wall()
        self._write(_Beat(os.getpid(), now, now + seconds + DRAIN_GRACE_SECONDS))

    def end(self) -> None:
        self._path.unlink(missing_ok=True)

    def _write(self, beat: _Beat) -> None:
        # A full disk must not stop the daemon; `health` sees that the file grows old, and says so.
        with suppress(OSError):
            write_atomically(self._path, json.dumps(asdict(beat)).encode())


def complaint(data_dir: Path, wall: Callable[[], float] = time.time) -> str | None:
    """What is wrong with the daemon, or None while it polls."""
    beats = [beat for path in heartbeat_paths(data_dir) if (beat := _read(path))]
    if not beats:
        return f"no worker polls with DATA_DIR {data_dir}: it has not started, has stopped, or has never reached SQS"
    beat = max(beats, key=lambda beat: beat.polled_at)
    if not _alive(beat.pid):
        return f"the worker (process {beat.pid}) is gone without having stopped"
    if beat.drains_until is not None:
        overdue = wall() - beat.drains_until
        return f"the worker should have stopped {overdue:.0f} s ago" if overdue > 0 else None
    age = wall() - beat.polled_at
    if age > MAX_AGE_SECONDS:
        return f"the last poll that SQS answered was {age:.0f} s ago; the worker's log says why"
    return None


def _read(path: Path) -> _Beat | None:
    try:
        beat = json.loads(path.read_bytes())
        until = beat.get("drains_until")
        return _Beat(int(beat["pid"]), float(beat["polled_at"]), None if until is None else float(until))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
