"""The processes of the demo, each with its log."""

import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self, TextIO

from demo.inbox import Ended, Inbox, Line
from demo.program import Program

STOP_SECONDS = 4


class Processes:
    """Ended, the last one first, when the `with` ends: by SIGTERM, and by SIGKILL if that is not heeded.

    They are tethered: they end with the demo, however it ends.

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
        self._running = ExitStack()

    def start(self, name: str, module: str, *arguments: str, **settings: str) -> None:
        """Run `python -m module`; `settings` come on top of the environment."""
        path = self._new_file(f"{name.replace(' ', '-')}.log")
        log = self._running.enter_context(path.open("w", encoding="utf-8", buffering=1))
        program = Program(
            "demo.tethered",
            module,
            *arguments,
            environment=self._environment | settings,
            folder=self._folder,
            hear=lambda line: self._note(name, line, log),
            ended=lambda code: self._inbox.put(Ended(name, code)),
        )
        self._running.enter_context(program)
        self._running.callback(_ask_to_end, program)

    def _note(self, name: str, line: str, log: TextIO) -> None:
        log.write(line + "\n")
        self._inbox.put(Line(name, line))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()


def _ask_to_end(program: Program) -> None:
    try:
        program.stop(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
