"""A process under measurement: what it says, a JSON document a line, and what it uses."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Self

Entry = dict[str, Any]
PATIENCE_SECONDS = 60.0


class Silent(Exception):
    """A process did not say in time what was waited for."""


class Program:
    """`python -m module` for the body of a `with`. Times are epoch seconds."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str], folder: Path) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[1]), "HOME": str(folder)}
        self._environment = own | dict(environment)
        self._folder = folder
        self._entries: list[Entry] = []
        self._ended = False
        # Guards the two above, and wakes those who wait for an entry.
        self._said = Condition()

    def __enter__(self) -> Self:
        self.started_at = time.time()
        self._process = subprocess.Popen(  # noqa: S603 - a module of this project
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = Thread(target=self._listen, name=self._command[-1], daemon=True)
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()

    def entries(self, event: str, since: int = 0) -> list[Entry]:
        """What it has said of `event`; `since` is a `mark`."""
        with self._said:
            return [entry for entry in self._entries[since:] if entry["event"] == event]

    @property
    def mark(self) -> int:
        """How much it has said so far."""
        with self._said:
            return len(self._entries)

    def wait_for(self, event: str, count: int = 1, since: int = 0, within: float = PATIENCE_SECONDS) -> list[Entry]:
        """Wait until it has said `event` that often. Raises Silent, with the last that it said."""

        def enough() -> bool:
            return len(self.entries(event, since)) >= count

        with self._said:
            self._said.wait_for(lambda: self._ended or enough(), within)
            if not enough():
                raise Silent(f"{self._command[2]} has not said {event!r} {count} times: {self._entries[-5:]}")
            return self.entries(event, since)

    def counts(self, since: int, but: Collection[str]) -> Counter[str]:
        """How often it has said each event since a `mark`, `but` these."""
        with self._said:
            return Counter(entry["event"] for entry in self._entries[since:] if entry["event"] not in but)

    def wait_for_document(self, key: str) -> Entry:
        """The first document that has `key`. Raises Silent."""
        with self._said:
            self._said.wait_for(lambda: self._ended or any(key in entry for entry in self._entries), PATIENCE_SECONDS)
            for entry in self._entries:
                if key in entry:
                    return entry
        raise Silent(f"{self._command[2]} has not said {key!r}")

    def stop(self) -> float:
        """Send SIGTERM; the seconds until it has ended."""
        asked = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE_SECONDS)
        return time.monotonic() - asked

    @property
    def cpu_seconds(self) -> float:
        """User and system time of all its threads so far, also those that have ended (clock_getcpuclockid(3))."""
        return time.clock_gettime((~self._process.pid << 3) | 2)

    @property
    def memory_mb(self) -> tuple[float, float]:
        """RSS and PSS in MB (10^6 bytes)."""
        lines = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
        return kilobytes["Rss"] * 1024 / 1e6, kilobytes["Pss"] * 1024 / 1e6

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._hear(line)
        if self._process.stdout:
            self._process.stdout.close()
        with self._said:
            self._ended = True
            self._said.notify_all()

    def _hear(self, line: str) -> None:
        entry = {"event": "", **json.loads(line)} if line.startswith("{") else {"event": "", "line": line}
        with self._said:
            self._entries.append(entry)
            self._said.notify_all()
