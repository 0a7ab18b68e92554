"""What the billboards show: read for all screens of a camera together, and only while one of them asks."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from board.aws.captures import Captures
from board.aws.watches import Watches
from board.domain.billboard import ALONE_SECONDS, Seen, Showing, after, begin, turn
from board.domain.errors import CloudError
from board.domain.faces_seen import of_buckets, of_presses
from board.domain.item import Item
from board.domain.playlist import Playlist, Turn
from board.settings.billboard import read_billboard
from board.settings.mistakes import SettingsError

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
BUCKETS = 70
"""Ten minutes of them, the longest window, and some."""
PRESSES = 5


@dataclass(frozen=True)
class Current:
    """What is on, since when its mood is; in epoch seconds."""

    playlist: Playlist
    showing: Showing
    turn: Turn


@dataclass
class _Camera:
    """Belongs to the event loop; the lock lets one request read for all that come meanwhile."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    looked_at: float | None = None
    showing: Showing | None = None
    samples: list[Seen] = field(default_factory=list)
    trouble: str | None = None


class Billboards:
    """Of all cameras, by one file. Belongs to the event loop."""

    def __init__(
        self,
        file: Path,
        captures: Captures,
        watches: Watches,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises SettingsError."""
        self.file = file
        self._captures, self._watches, self._now, self._monotonic = captures, watches, now, monotonic
        self._version = _version(file)
        self._playlist = read_billboard(file)
        self._cameras: dict[str, _Camera] = {}

    @property
    def playlist(self) -> Playlist:
        return self._playlist

    async def current(self, camera: str) -> Current:
        """Never fails: without AWS, or with a file that broke meanwhile, it goes on with what it has."""
        state = self._cameras.setdefault(camera, _Camera())
        async with state.lock:
            at = self._monotonic()
            if state.looked_at is None or at - state.looked_at >= LOOK_SECONDS:
                state.looked_at = at
                await asyncio.to_thread(self._read_again)
                await self._look(camera, state)
            now = self._now()
            showing = state.showing or begin(self._playlist, now)
            state.showing = after(self._playlist, showing, state.samples, now)
            return Current(self._playlist, state.showing, turn(self._playlist, state.showing, now))

    async def _look(self, camera: str, state: _Camera) -> None:
        try:
            state.samples = await asyncio.to_thread(self._samples, camera)
        except CloudError as error:
            if state.trouble != str(error):
                log.warning("the billboard goes on without AWS", action="billboard_blind", error=str(error))
            state.trouble = str(error)
        else:
            state.trouble = None

    def _samples(self, camera: str) -> list[Seen]:
        """Of a watch, if the newest is of the last minute; else of the newest press."""
        now = self._now()
        limit = min(BUCKETS, int(self._playlist.window_seconds // 10) + int(ALONE_SECONDS // 10) + 2)
        watched = of_buckets(self._watches.buckets(camera, limit))
        if watched and now - watched[-1].at <= ALONE_SECONDS:
            return watched
        newest: list[Item] = self._captures.newest([camera], PRESSES)
        return of_presses(newest)

    def _read_again(self) -> None:
        version = _version(self.file)
        if version == self._version:
            return
        self._version = version
        try:
            self._playlist = read_billboard(self.file)
            log.info("the billboard's file was read again", action="billboard_read")
        except SettingsError as error:
            message = "the billboard's file cannot be used any more; what it said before still counts"
            log.error(message, action="billboard_broken", error=str(error))


def _version(file: Path) -> tuple[int, int, int] | None:
    """Changes with the file; None while there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
