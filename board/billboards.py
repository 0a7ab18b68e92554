"""What the billboards show: read for all screens of a camera together, and only while one of them asks."""

import asyncio
from dataclasses import dataclass, field

import structlog

from board.domain.billboard import ALONE_SECONDS, Seen, Showing, after, begin, turn
from board.domain.errors import CloudError
from board.domain.faces_seen import MAX_CLIP_SECONDS, has_faces_of_late, of_buckets, of_presses
from board.domain.moment import stamp_of
from board.domain.playlist import Playlist, Turn
from board.domain.samples import BUCKET_SECONDS
from board.playlist_file import PlaylistFile
from board.services import Services

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 1.0
"""For so long a screen waits for what AWS has to say; then it gets what is known already."""
LATE_SECONDS = 60.0
"""A press may be worked on, and a bucket be written, so long after it was."""


@dataclass(frozen=True)
class Current:
    """What is on of which playlist."""

    playlist: Playlist
    showing: Showing
    turn: Turn


@dataclass
class _Camera:
    """Belongs to the event loop, but `watched` to the look under way: it is kept so that no bucket is read twice."""

    watched: dict[float, Seen] = field(default_factory=dict)
    samples: list[Seen] = field(default_factory=list)
    showing: Showing | None = None
    looked_at: float | None = None
    look: "asyncio.Task[None] | None" = None
    trouble: str | None = None


class Billboards:
    """Of all cameras, by one file. Belongs to the event loop."""

    def __init__(self, file: PlaylistFile, services: Services) -> None:
        self.file = file
        self._services = services
        self._cameras: dict[str, _Camera] = {}

    async def current(self, camera: str) -> Current:
        """Without AWS, or with a file that broke meanwhile, it goes on with what it has."""
        state = self._cameras.setdefault(camera, _Camera())
        if state.look is None and self._is_due(state):
            state.looked_at = self._services.monotonic()
            state.look = asyncio.create_task(self._look(camera, state))
        if state.look is not None:
            await asyncio.wait([state.look], timeout=PATIENCE_SECONDS)
        now, playlist = self._now(), self.file.playlist
        state.showing = after(playlist, state.showing or begin(playlist, now), state.samples, now)
        return Current(playlist, state.showing, turn(playlist, state.showing, now))

    def _is_due(self, state: _Camera) -> bool:
        return state.looked_at is None or self._services.monotonic() - state.looked_at >= LOOK_SECONDS

    async def _look(self, camera: str, state: _Camera) -> None:
        try:
            await asyncio.to_thread(self.file.refresh)
            state.samples = await asyncio.to_thread(self._samples, camera, state)
            state.trouble = None
        except CloudError as error:
            if state.trouble != str(error):
                log.warning("the billboard goes on without AWS", action="billboard_blind", error=str(error))
            state.trouble = str(error)
        finally:
            state.look = None

    def _samples(self, camera: str, state: _Camera) -> list[Seen]:
        """A watch sees everybody, a press whoever pressed: presses count where no watch has seen a face of late."""
        now = self._now()
        oldest = now - self.file.playlist.window_seconds - ALONE_SECONDS - LATE_SECONDS
        since = max(state.watched, default=oldest) - BUCKET_SECONDS
        read = of_buckets(self._services.watches.moods(camera, stamp_of(since)))
        known = state.watched | {seen.at: seen for seen in read}
        state.watched = {at: seen for at, seen in known.items() if oldest <= at <= now + LATE_SECONDS}
        watched = list(state.watched.values())
        if has_faces_of_late(watched, now):
            return watched
        since = now - ALONE_SECONDS - MAX_CLIP_SECONDS - LATE_SECONDS
        return of_presses(self._services.captures.moods(camera, stamp_of(since)))

    def _now(self) -> float:
        return self._services.now().timestamp()
