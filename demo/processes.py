"""The processes of the demo: started, listened to, and always ended."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Self

from demo.inbox import Ended, Inbox, Line

STOP_SECONDS = 4


class Processes:
    """Ended, the last one first, when the `with` ends: by SIGTERM, and by SIGKILL if that is not heeded.

    Each has a process group of its own, so that Ctrl-C reaches only the demo, and is tethered to it.

    Args:
        inbox: gets every line they write, and their ends.
        new_file: where a file of a name is to be written; for the lines of each process.
        environment: all that they find in theirs, but for what `start` adds.
    """

    def __init__(
        self, inbox: Inbox, new_file: Callable[[str], Path], environment: Mapping[str, str], folder: Path
    ) -> None:
        self._inbox = inbox
        self._new_file = new_file
        self._environment = dict(environment)
        self._folder = folder
        self._running: list[tuple[subprocess.Popen[str], Thread]] = []

    def start(self, name: str, module: str, *arguments: str, **settings: str) -> None:
        """Run `python -m module`; `settings` come on top of the environment."""
        log = self._new_file(f"{name.replace(' ', '-')}.log")
        process = subprocess.Popen(  # noqa: S603 - a module of this project
            [sys.executable, "-m", "demo.tethered", module, *arguments],
            env=self._environment | settings,
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        listener = Thread(target=self._listen, args=(name, process, log), name=name)
        self._running.append((process, listener))
        listener.start()

    def _listen(self, name: str, process: subprocess.Popen[str], log: Path) -> None:
        with log.open("w", encoding="utf-8", buffering=1) as copy:
            for line in process.stdout or ():
                copy.write(line)
                self._inbox.put(Line(name, line.rstrip("\n")))
        self._inbox.put(Ended(name, process.wait()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process, listener in reversed(self._running):
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            listener.join()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
