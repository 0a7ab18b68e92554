"""BILLBOARD_FILE as it stands now: edited while the board runs, and kept as it was where the edit went wrong."""

from pathlib import Path
from threading import Lock

import structlog

from board.domain.playlist import Playlist
from board.settings.billboard import read_billboard
from board.settings.billboard_content import Unusable, resolve, version_of
from board.settings.mistakes import SettingsError

log = structlog.get_logger(__name__)

_TOLD = 5
"""Mistakes that go into the log."""


class PlaylistFile:
    """`refresh` and `find` block. Raises SettingsError where the file is of no use from the start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = version_of(path)
        self._playlist = read_billboard(path)
        self._trouble: str | None = None
        # The looks of several cameras run in threads of their own, and a mistake is to be told once.
        self._lock = Lock()

    @property
    def playlist(self) -> Playlist:
        return self._playlist

    def refresh(self) -> None:
        """Read it again if it or anything that it names has changed, or could not be read before."""
        with self._lock:
            stamp = version_of(self._path)
            if self._trouble is None and stamp == self._stamp and self._names_what_is_there():
                return
            try:
                self._playlist = read_billboard(self._path)
            except SettingsError as error:
                self._complain(error)
                return
            self._stamp, self._trouble = stamp, None
            log.info("the billboard's file was read again", action="billboard_read")

    def find(self, source: str) -> Path | None:
        """Where a file lies that the playlist names; None: there is none, or none that may be shown."""
        if self._playlist.file(source) is None:
            return None
        try:
            return resolve(self._folder, source)
        except (Unusable, OSError):
            return None

    @property
    def _folder(self) -> Path:
        return self._path.resolve().parent

    def _names_what_is_there(self) -> bool:
        folder = self._folder
        return all(item.version == version_of(folder / item.source) for item in self._playlist.items if item.is_file)

    def _complain(self, error: SettingsError) -> None:
        if self._trouble != str(error):
            message = "the billboard's file cannot be used as it is now; what it said before still counts"
            log.error(message, action="billboard_broken", mistakes=list(error.mistakes[:_TOLD]))
        self._trouble = str(error)
