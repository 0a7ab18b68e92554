"""Every page there is, with something on it: what is looked at by layout, contrast and accessibility."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.browser import seeds
from tests.browser.visitor import NIGHT
from tests.support.account import Account, Item
from tests.support.board import Board, running_board
from tests.support.host import CHECKOUT

GRIDS = {1: 1, 2: 2, 6: 3, 24: 6}
"""Numbers of sections, and how many stand side by side."""
PLACES = (
    "gallery",
    "empty gallery",
    "capture",
    *(f"monitor {sections}" for sections in GRIDS),
    "monitor by night",
    "monitor without a watch",
    "billboard",
    "billboard without a file",
    "history",
    "watch 6",
    "watch 24",
    "presses",
    "login",
    "no such page",
)
"""A page that is added here, and to `_paths`, is looked at by all of them."""
_NOT_FOUND = {"excused": ["status of 404"]}
_BILLBOARD = CHECKOUT / "demo" / "billboard" / "billboard.toml"
_PASSWORD = "open sesame"
_WATCHED = {sections: f"hall-{sections}" for sections in GRIDS}


@dataclass(frozen=True)
class Place:
    board: Board
    path: str
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of a `Visitor`."""


@contextmanager
def open_places(account: Account, folder: Path) -> Iterator[Mapping[str, Place]]:
    """The places by their names, on boards that run."""
    with ExitStack() as opened:

        def opened_board(name: str, *cameras: str, **settings: str) -> Board:
            (folder / name).mkdir()
            return opened.enter_context(running_board(account, folder / name, cameras, **settings))

        board = opened_board(
            "open", "lobby", "Aula", *_WATCHED.values(), BOARD_ACTIONS="on", BILLBOARD_FILE=str(_BILLBOARD)
        )
        nothing = opened_board("empty", "garden")
        locked = opened_board("locked", "lobby", BOARD_AUTH="password", BOARD_PASSWORD=_PASSWORD)
        paths = _paths(account)
        yield {
            **{name: Place(board, path) for name, path in paths.items()},
            "no such page": Place(board, "captures/lobby/none", _NOT_FOUND),
            "monitor by night": Place(board, f"monitor/{_WATCHED[6]}", {"hour": NIGHT}),
            "empty gallery": Place(nothing, ""),
            "billboard without a file": Place(nothing, "billboard/garden", _NOT_FOUND),
            "login": Place(locked, "login"),
        }


def _paths(account: Account) -> dict[str, str]:
    newest = _captures(account, datetime.now(UTC) - timedelta(minutes=3))
    watches = {sections: _audience(account, sections, datetime.now(UTC)) for sections in GRIDS}
    return {
        "gallery": "",
        "capture": f"captures/{newest['camera']}/{quote(newest['capture_id'], safe='')}",
        **{f"monitor {sections}": f"monitor/{camera}" for sections, camera in _WATCHED.items()},
        "monitor without a watch": "monitor/lobby",
        "billboard": "billboard/lobby",
        "history": "history",
        **{f"watch {number}": _course(_WATCHED[number], watches[number]) for number in (6, 24)},
        "presses": "presses",
    }


def _captures(account: Account, newest: datetime) -> Item:
    """Presses of the last days, with everything that can become of one; the newest has a long sentence."""
    for number in range(1, 20):
        record = seeds.capture("lobby", newest - timedelta(hours=5 * number), f"earlier-{number}")
        seeds.put_capture(account, record, ("astronaut.jpg", "group-of-three.jpg")[number % 2])
    failed = {"status": "failed", "error": f"the camera did not answer: {'x' * 300}", "speech": "failed"}
    expired = {"status": "expired", "said": "", "speech": "off"}
    for number, ending in enumerate((failed, expired, {"status": "in_progress"}), 1):
        record = seeds.capture("Aula", newest - timedelta(minutes=number), f"ended-{number}")
        kept = {name: record[name] for name in ("camera", "capture_id", "pressed_at", "source", "worker")}
        seeds.put(account, kept | ending)
    return seeds.put_capture(account, seeds.capture("lobby", newest, said=seeds.LONG_SENTENCE))


def _course(camera: str, watch: Item) -> str:
    return f"history/watch/{camera}/{quote(watch['capture_id'], safe='')}"


def _audience(account: Account, sections: int, now: datetime) -> Item:
    """Five minutes of a watch in which every level is to be seen."""
    names, camera = seeds.german(sections), _WATCHED[sections]
    watch = seeds.put(account, seeds.watch(camera, now - timedelta(minutes=5), GRIDS[sections], names))
    scores = dict(zip(names, cycle(seeds.SCORES.values())))
    for ago in range(30):
        at = now - timedelta(seconds=seeds.BUCKET_SECONDS * ago)
        seeds.put(account, seeds.bucket(watch, at, scores))
    return watch
