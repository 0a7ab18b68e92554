"""The folder in which sentences are kept as sound: each a file, checked when it is read, within a cap."""

import fcntl
import os
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from worker.disk.atomic import TEMPORARY_PREFIX, write_atomically
from worker.domain.sound import SILENCE

MAX_BYTES = 64_000_000
"""Two hours of speech; all that a worker expects to say takes 4 MB."""
MAX_FILES = 4_000
_KEPT_SHARE = 0.9
"""Of the cap, once it is reached: so that the folder is not looked through for every new sentence."""

CHECKSUM_BYTES = 4
"""At the end of each file: a power cut may tear one, and the voice must not wait until an SD card has taken it in."""

_SOUNDS = {f".{audio_format}" for audio_format in SILENCE}
_LOCK = "fetching.lock"
_REMAINS_SECONDS = 3600
"""What is still half written after that was left by a crash; other workers may be writing now."""


@dataclass(frozen=True, order=True)
class _File:
    used_at: float
    path: Path
    bytes: int


@dataclass(frozen=True)
class _Size:
    files: int
    bytes: int

    def plus(self, sound_bytes: int) -> "_Size":
        return _Size(self.files + 1, self.bytes + sound_bytes + CHECKSUM_BYTES)

    def is_too_much(self) -> bool:
        return self.files > MAX_FILES or self.bytes > MAX_BYTES

    def leaves_room(self) -> bool:
        return self.files <= MAX_FILES * _KEPT_SHARE and self.bytes <= MAX_BYTES * _KEPT_SHARE


class VoiceFolder:
    """Sounds by file name; safe to use from many threads. Other workers may use the same folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: _Size | None = None
        # Guards _used, and lets one thread at a time make room.
        self._lock = Lock()

    def read(self, name: str) -> bytes | None:
        """The sound, or None where there is none, or a damaged one."""
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        sound, checksum = content[:-CHECKSUM_BYTES], content[-CHECKSUM_BYTES:]
        return sound if sound and checksum == _checksum(sound) else None

    def note_use(self, name: str) -> None:
        """Where room is needed, the file whose last use is longest ago goes first."""
        with suppress(OSError):
            os.utime(self._folder / name)

    def write(self, name: str, sound: bytes) -> None:
        """Raises OSError."""
        write_atomically(self._folder / name, sound + _checksum(sound))
        with self._lock:
            # What other workers write is seen at the next look only.
            self._used = self._size_of(self._files()) if self._used is None else self._used.plus(len(sound))
            if self._used.is_too_much():
                self._used = self._make_room()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other process has asked the same, for the body of the `with`; a crash gives it up.

        In a folder that cannot be written, or on a file system without locks, nobody meets another.
        """
        with ExitStack() as held:
            yield self._locked(held)

    def _locked(self, held: ExitStack) -> bool:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = held.enter_context((self._folder / _LOCK).open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def _make_room(self) -> _Size:
        files = sorted(self._files())
        size = self._size_of(files)
        for file in files:
            if size.leaves_room():
                break
            with suppress(OSError):
                file.path.unlink()
            size = _Size(size.files - 1, size.bytes - file.bytes)
        return size

    def _files(self) -> Iterator[_File]:
        """All sounds; what a crash has left half written is deleted on the way."""
        for path in self._folder.iterdir():
            # Another worker may delete it at this moment.
            with suppress(OSError):
                status = path.stat()
                if path.suffix in _SOUNDS:
                    yield _File(status.st_mtime, path, status.st_size)
                elif path.name.startswith(TEMPORARY_PREFIX) and status.st_mtime < time.time() - _REMAINS_SECONDS:
                    path.unlink()

    @staticmethod
    def _size_of(files: Iterable[_File]) -> _Size:
        sizes = [file.bytes for file in files]
        return _Size(len(sizes), sum(sizes))


def _checksum(sound: bytes) -> bytes:
    return zlib.crc32(sound).to_bytes(CHECKSUM_BYTES)
