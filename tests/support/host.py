"""A machine on the camera's LAN, and the worker's programs that run there."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from demo.program import PATIENCE_SECONDS, Entry, Program

CHECKOUT = Path(__file__).parents[2]


class Host:
    """One home folder, one environment made from nothing, and the workers that are started there.

    The working folder has no `.env`, and what is temporary stays in it; an empty setting counts as unset.

    Args:
        settings: asked again at each start.
    """

    def __init__(self, home: Path, settings: Callable[[], Mapping[str, str]]) -> None:
        self._home = home
        self._settings = settings
        self._running = ExitStack()
        self._workers: list[Program] = []
        self.module = "worker"
        """What is started as a worker."""
        self._commands: list[subprocess.CompletedProcess[str]] = []
        self.data_dirs: set[Path] = set()
        """Of all workers that ever ran here."""

    @property
    def output(self) -> str:
        """All that was ever said here."""
        commands = (command.stdout + command.stderr for command in self._commands)
        return "".join([*(worker.output for worker in self._workers), *commands])

    @property
    def entries(self) -> list[Entry]:
        """All that was ever logged here."""
        return [entry for worker in self._workers for entry in worker.entries]

    def launch(self, **settings: str) -> Program:
        """Start a worker; it may not be ready, or never be."""
        environment = self.environment(**settings)
        self.data_dirs.add(Path(environment["DATA_DIR"]))
        worker = Program(self.module, environment=environment, folder=self._home)
        self._running.enter_context(worker)
        self._workers.append(worker)
        return worker

    def start(self, **settings: str) -> Program:
        """Start a worker and wait until it says that it is ready."""
        worker = self.launch(**settings)
        worker.wait_for("ready")
        return worker

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one of the worker's other commands to its end."""
        return self._complete(["-m", "worker", *arguments], settings)

    def python(self, code: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run something else that may import the worker."""
        return self._complete(["-c", code], settings)

    def environment(self, **settings: str) -> dict[str, str]:
        home = str(self._home)
        own = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, "PYTHONPATH": str(CHECKOUT)}
        return {**own, **self._settings(), **settings}

    def close(self) -> None:
        self._running.close()

    def _complete(self, options: list[str], settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *options],
            cwd=self._home,
            env=self.environment(**settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        self._commands.append(done)
        return done
