"""The worker as a process: `python -m worker` with an environment made from nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Self

from tests.support.waiting import PATIENCE_SECONDS

CHECKOUT = Path(__file__).parents[2]

LogEntry = dict[str, Any]


class WorkerProcess:
    """A worker that runs for the body of a `with` at most; whatever happens, it is gone afterwards."""

    def __init__(self, environment: Mapping[str, str], home: Path) -> None:
        self._environment = environment
        self._home = home
        self._lines: list[str] = []
        self._ended = False
        # Guards the two above, and wakes those who wait for a line.
        self._said = Condition()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "worker"],
            cwd=self._home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = Thread(target=self._listen, name="worker's output")
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        """Standard output and standard error so far, as one."""
        with self._said:
            return "".join(self._lines)

    @property
    def entries(self) -> list[LogEntry]:
        """The log so far."""
        with self._said:
            return [json.loads(line) for line in self._lines if line.startswith("{")]

    def logged(self, event: str, **values: object) -> list[LogEntry]:
        """The log's entries so far that have this event and these values."""
        return [entry for entry in self.entries if entry["event"] == event and entry.items() >= values.items()]

    def wait_for(
        self, event: str, count: int = 1, within: float = PATIENCE_SECONDS, **values: object
    ) -> list[LogEntry]:
        """Wait until it has logged `count` such entries.

        Raises:
            AssertionError: it has not, and shows what it has said.
        """
        with self._said:
            self._said.wait_for(lambda: self._ended or len(self.logged(event, **values)) >= count, within)
            found = self.logged(event, **values)
        assert len(found) >= count, f"{len(found)} of {count} {event!r} in\n{self.output}"
        return found

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, within: float = PATIENCE_SECONDS) -> int:
        """Its exit code, once it has ended and its output is complete.

        Raises:
            subprocess.TimeoutExpired: it runs on.
        """
        code = self._process.wait(within)
        self._reader.join()
        return code

    def stop(self, within: float = PATIENCE_SECONDS) -> tuple[int, float]:
        """Send SIGTERM; the exit code, and the seconds until it ended."""
        asked = time.monotonic()
        self.signal(signal.SIGTERM)
        return self.wait(within), time.monotonic() - asked

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            for line in stdout:
                self._hear(line)
        with self._said:
            self._ended = True
            self._said.notify_all()

    def _hear(self, line: str) -> None:
        with self._said:
            self._lines.append(line)
            self._said.notify_all()


class Host:
    """A machine on the camera's LAN: one home folder, one environment, and the workers that are started there.

    The working folder has no `.env`, and what is temporary stays in it; an empty setting counts as unset.
    """

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        self._home = home
        self._settings = settings
        self._running = ExitStack()
        self._workers: list[WorkerProcess] = []
        self._commands: list[subprocess.CompletedProcess[str]] = []

    @property
    def output(self) -> str:
        """All that was ever said here."""
        commands = (command.stdout + command.stderr for command in self._commands)
        return "".join([*(worker.output for worker in self._workers), *commands])

    @property
    def entries(self) -> list[LogEntry]:
        """All that was ever logged here."""
        return [entry for worker in self._workers for entry in worker.entries]

    def launch(self, **settings: str) -> WorkerProcess:
        """Start a worker; it may not be ready, or never be."""
        worker = WorkerProcess(self._environment(settings), self._home)
        self._running.enter_context(worker)
        self._workers.append(worker)
        return worker

    def start(self, **settings: str) -> WorkerProcess:
        """Start a worker and wait until it says that it is ready."""
        worker = self.launch(**settings)
        worker.wait_for("ready")
        return worker

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one of the worker's other commands to its end."""
        command = subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            cwd=self._home,
            env=self._environment(settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        self._commands.append(command)
        return command

    def close(self) -> None:
        self._running.close()

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        home = str(self._home)
        own = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, "PYTHONPATH": str(CHECKOUT)}
        return {**own, **self._settings, **settings}
