"""The folder of what the demo leaves behind. It deletes and overwrites nothing but its own files."""

import fcntl
import os
from pathlib import Path
from typing import Self

from demo.inbox import DemoFailed

_MANIFEST = ".written-by-the-demo"


class Output:
    """Empty of an earlier run's files from the start of the `with`.

    Raises:
        DemoFailed: another demo uses the folder, or it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._manifest = (self.folder / _MANIFEST).open("a+", encoding="utf-8", buffering=1)
        except OSError as error:
            raise DemoFailed(f"{self.folder} cannot be used: {error.strerror}") from error
        try:
            fcntl.flock(self._manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._manifest.close()
            raise DemoFailed(f"another demo is writing to {self.folder}") from error
        self._forget_earlier_run()
        return self

    def __exit__(self, *_: object) -> None:
        self._manifest.close()

    def new(self, name: str) -> Path:
        """Where to write the file of this name. Raises DemoFailed if there is one that the demo did not write."""
        path = self.folder / name
        if os.path.lexists(path):
            raise DemoFailed(f"{path} was not written by the demo and would be overwritten; move it away first")
        self._manifest.write(name + "\n")
        return path

    def _forget_earlier_run(self) -> None:
        self._manifest.seek(0)
        for name in self._manifest.read().splitlines():
            path = self.folder / name
            if name == path.name and path.is_file():
                path.unlink()
        self._manifest.truncate(0)
