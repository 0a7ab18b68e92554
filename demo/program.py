"""A module of this project as a process of its own: started, listened to line by line, and always ended."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Self, TypeVar

PATIENCE_SECONDS = 60.0
"""Far longer than anything takes that does come; only who waits in vain waits for so long."""

Entry = dict[str, Any]
T = TypeVar("T")


class Silent(Exception):
    """A program did not say in time what was waited for; the text ends with all that it did say."""


class Program:
    """`python -m module` for the body of a `with`; killed at its end if it still runs.

    It has a process group of its own, so that Ctrl-C reaches only who started it, and a standard input that stays
    open and empty until its starter ends. What it writes is kept, each document of JSON (an `Entry`) also as such.

    Args:
        environment: all that it finds in its own.
        hear: is given each line as it comes, without its end; on another thread.
        ended: is given the exit code, negative after a signal, when no more line will come; on that thread too.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        folder: Path,
        hear: Callable[[str], object] | None = None,
        ended: Callable[[int], object] | None = None,
    ) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._environment = dict(environment)
        self._folder = folder
        self._hear = hear
        self._tell_end = ended
        self._lines: list[str] = []
        self._entries: list[Entry] = []
        self._ended = False
        # Guards the three above, and wakes those who wait for a line.
        self._said = Condition()

    def __enter__(self) -> Self:
        self.started_at = time.time()
        self._process = subprocess.Popen(  # noqa: S603 (a module of this project)
            self._command,
            env=self._environment,
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._listener = Thread(target=self._listen, name=" ".join(self._command[2:]))
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        """Standard output and standard error so far, as one."""
        with self._said:
            return "".join(self._lines)

    @property
    def entries(self) -> list[Entry]:
        with self._said:
            return list(self._entries)

    @property
    def mark(self) -> int:
        """How many entries there are so far; `since` such a mark are those that came later."""
        with self._said:
            return len(self._entries)

    def logged(self, event: str, *, since: int = 0, **values: object) -> list[Entry]:
        """The entries so far that have this event and these values."""
        with self._said:
            return [
                entry
                for entry in self._entries[since:]
                if entry.get("event") == event and entry.items() >= values.items()
            ]

    def wait_for(
        self, event: str, count: int = 1, *, since: int = 0, within: float = PATIENCE_SECONDS, **values: object
    ) -> list[Entry]:
        """Those entries, once there are `count` of them. Raises Silent."""

        def enough() -> list[Entry] | None:
            found = self.logged(event, since=since, **values)
            return found if len(found) >= count else None

        return self._wait(enough, within, f"{event!r} {count} times")

    def wait_for_document(self, key: str, within: float = PATIENCE_SECONDS) -> Entry:
        """The first entry that has `key`. Raises Silent."""
        return self._wait(lambda: next((entry for entry in self._entries if key in entry), None), within, repr(key))

    def wait_for_line(self, words: str, within: float = PATIENCE_SECONDS) -> str:
        """The first line with these words. Raises Silent."""
        return self._wait(lambda: next((line for line in self._lines if words in line), None), within, repr(words))

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, within: float = PATIENCE_SECONDS) -> int:
        """Its exit code, once it has ended and its output is complete. Raises subprocess.TimeoutExpired."""
        code = self._process.wait(within)
        self._listener.join()
        return code

    def stop(self, within: float = PATIENCE_SECONDS) -> int:
        """Send SIGTERM; the exit code. Raises subprocess.TimeoutExpired."""
        self.signal(signal.SIGTERM)
        return self.wait(within)

    def kill(self) -> None:
        self._process.kill()
        self.wait()

    def _wait(self, look: Callable[[], T | None], within: float, what: str) -> T:
        found: list[T] = []

        def over() -> bool:
            if (seen := look()) is not None:
                found.append(seen)
            return bool(found) or self._ended

        with self._said:
            self._said.wait_for(over, within)
        if not found:
            raise Silent(f"{self._listener.name} has not said {what}:\n{self.output}")
        return found[0]

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            entry = _document(line)
            with self._said:
                self._lines.append(line)
                self._entries += [entry] if entry is not None else []
                self._said.notify_all()
            if self._hear:
                self._hear(line.rstrip("\n"))
        code = self._process.wait()
        with self._said:
            self._ended = True
            self._said.notify_all()
        if self._tell_end:
            self._tell_end(code)


def _document(line: str) -> Entry | None:
    try:
        said = json.loads(line) if line.startswith("{") else None
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
