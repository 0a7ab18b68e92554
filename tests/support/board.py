"""The board as a process of its own, on a port that was free."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.program import Program
from tests.support.account import Account
from tests.support.host import CHECKOUT
from tests.support.site import ONLY


@dataclass(frozen=True)
class Board:
    """`environment` is what it was started with; a command that is run with it finds the same DATA_DIR."""

    address: str
    program: Program
    environment: dict[str, str]
    folder: Path


@contextmanager
def running_board(account: Account, folder: Path, cameras: Iterable[str] = (ONLY,), **settings: str) -> Iterator[Board]:
    """One that is ready, and ends with this process however this ends. Everybody may look unless `settings` differ.

    `folder` has its DATA_DIR and its cameras file, and is its working folder.
    """
    file = folder / "board-cameras.toml"
    file.write_text("".join(f"[{camera}]\n" for camera in cameras), encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(CHECKOUT),
        **account.settings,
        "CAMERAS_FILE": str(file),
        "DATA_DIR": str(folder / "board-data"),
        "BOARD_PORT": "0",
        "BOARD_AUTH": "none",
        "LOG_FORMAT": "json",
        **settings,
    }
    with Program("demo.tethered", "board", environment=environment, folder=folder) as program:
        address = str(program.wait_for_document("address")["address"])
        yield Board(address, program, environment, folder)
