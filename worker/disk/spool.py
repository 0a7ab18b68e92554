"""The spool: photos and clips that were taken and are not yet safe elsewhere.

    DATA_DIR/spool/<camera>/<stamp>-<press id>/photo.jpg       the photo, or the clip as `clip_files` has it
                                              /press.json      whose it is, and when it was taken
                                              /progress.json   which steps are finished

A folder appears whole by one rename and never replaces an earlier one, so a retry uses the first photo. A clip grows
in its folder, and is recorded again only where there is nothing in it. The rename
alone outlasts the process; `sync` makes it outlast a power cut, beside the job, since no voice should wait for an
SD card. What a power cut tore before that is noticed when it is read: JSON that is none, a JPEG without its end.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from worker.disk import clip_files
from worker.disk.atomic import TEMPORARY_PREFIX, Fsync, sync_path, write_atomically
from worker.domain.clip import SpooledClip
from worker.domain.errors import CameraFaulty
from worker.domain.jpeg import whole_jpeg
from worker.domain.photo import Kind, SpooledPhoto, SpoolFolder, SpoolNote
from worker.domain.press import Press
from worker.domain.timestamp import iso, parse_iso


class Spool:
    """Under `root`. Writing raises OSError where the disk is full or read-only; reading treats that as empty."""

    def __init__(self, root: Path, fsync: Fsync = os.fsync) -> None:
        self._root = root
        self._fsync = fsync
        # Steps that run beside each other note that they are finished: none may undo another's note.
        self._noting = Lock()

    def save(self, press: Press, photo: bytes, taken_at: datetime) -> None:
        """Keep the photo of `press`, unless one is kept already."""
        with self._prepared(press, taken_at) as (temporary, folder):
            (temporary / "photo.jpg").write_bytes(photo)
            self._publish(temporary, folder)

    def begin_clip(self, press: Press, asked_at: datetime) -> Path:
        """Where the clip of `press` may grow. What is there already is no clip, or would be gone on with."""
        with self._prepared(press, asked_at, kind=Kind.CLIP) as (temporary, folder):
            shutil.rmtree(folder, ignore_errors=True)
            temporary.rename(folder)
        return folder / clip_files.GROWING

    def clip(self, press: Press) -> SpooledClip | None:
        """The newest that is kept for `press`, be it torn."""
        folder = self._folder(press)
        note, found = _read_note(folder), clip_files.newest(folder)
        if note is None or found is None:
            return None
        path, size, finished = found
        return SpooledClip(path, size, note.taken_at, finished, note.progress)

    def finish_clip(self, press: Press, grown: SpooledClip, finish: Callable[[Path, Path], float]) -> None:
        """Put in the place of a clip that grew what `finish` makes of it; raises what that raises."""
        folder = self._folder(press)
        self.note(press, video_seconds=finish(grown.path, folder / clip_files.FINISHING))
        (folder / clip_files.FINISHING).replace(folder / clip_files.FINISHED)
        grown.path.unlink()

    def sync(self, press: Press) -> None:
        """Bring what is kept to the medium, so that a power cut leaves it too; nothing where nothing is kept.

        Takes as long as the medium does. Raises OSError.
        """
        folder = self._folder(press)
        try:
            for path in (*sorted(folder.iterdir()), folder, folder.parent, self._root):
                sync_path(path, self._fsync)
        except FileNotFoundError:
            # Never kept, or stored and cleared meanwhile.
            return

    def note(self, press: Press, **finished: Any) -> None:
        """Remember finished steps of what is kept; does nothing where nothing is."""
        folder = self._folder(press)
        with self._noting:
            if folder.is_dir():
                progress = {**_read_json(folder / "progress.json"), **finished}
                write_atomically(folder / "progress.json", json.dumps(progress).encode())

    def load(self, press: Press) -> SpooledPhoto | None:
        """The photo kept for `press`; a broken one (a power cut) counts as none."""
        return _load(self._folder(press))

    def clear(self, press: Press) -> None:
        shutil.rmtree(self._folder(press), ignore_errors=True)

    def delete(self, press: Press) -> bool:
        """Whether there was something, which is gone now. Raises OSError where it cannot be deleted."""
        folder = self._folder(press)
        if not folder.exists():
            return False
        shutil.rmtree(folder)
        return True

    def keeps(self, press: Press) -> bool:
        """Whether there is anything for `press`, be it broken."""
        return self._folder(press).exists()

    def folders(self) -> Iterator[SpoolFolder]:
        """Everything in the spool, the broken too, without its photos and clips."""
        for folder in sorted(self._root.glob("[!.]*/*")):
            try:
                size = sum(path.lstat().st_size for path in folder.rglob("*"))
                changed_at = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
            except OSError:
                # Cleared at this moment by the job it belongs to.
                continue
            yield SpoolFolder(str(folder.relative_to(self._root)), size, changed_at, _read_note(folder))

    def remove(self, folder: SpoolFolder) -> None:
        """Raises OSError where it cannot be deleted."""
        path = self._root / folder.name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def clear_remains(self) -> None:
        """Delete what a crash left half written; only while nobody else writes."""
        for temporary in self._root.glob(f"{TEMPORARY_PREFIX}*"):
            shutil.rmtree(temporary, ignore_errors=True)

    @contextmanager
    def _prepared(self, press: Press, taken_at: datetime, **more: str) -> Iterator[tuple[Path, Path]]:
        """A folder with whose it is, for the body of the `with` to rename, and the folder that it is to be."""
        folder = self._folder(press)
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = Path(tempfile.mkdtemp(dir=self._root, prefix=TEMPORARY_PREFIX))
        try:
            identity = {**asdict(press), "pressed_at": iso(press.pressed_at), "taken_at": iso(taken_at), **more}
            (temporary / "press.json").write_text(json.dumps(identity))
            yield temporary, folder
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _publish(self, temporary: Path, folder: Path) -> None:
        try:
            temporary.rename(folder)
        except OSError:
            # rename(2) does not replace a folder with something in it: an earlier photo of this press stays.
            if _load(folder) is not None:
                return
            shutil.rmtree(folder, ignore_errors=True)
            temporary.rename(folder)

    def _folder(self, press: Press) -> Path:
        stamp = press.capture_id.partition("#")[0].replace(":", "").replace(".", "")
        return self._root / press.camera / f"{stamp}-{press.press_id}"


def _load(folder: Path) -> SpooledPhoto | None:
    note = _read_note(folder)
    if note is None:
        return None
    try:
        photo = whole_jpeg((folder / "photo.jpg").read_bytes())
    except (OSError, CameraFaulty):
        return None
    return SpooledPhoto(note.press, photo, note.taken_at, note.progress)


def _read_note(folder: Path) -> SpoolNote | None:
    identity = _read_json(folder / "press.json")
    try:
        taken_at, kind = parse_iso(identity.pop("taken_at")), Kind(identity.pop("kind", Kind.PHOTO))
        press = Press(**{**identity, "pressed_at": parse_iso(identity["pressed_at"])})
    except (KeyError, TypeError, ValueError):
        return None
    return SpoolNote(press, taken_at, _read_json(folder / "progress.json"), kind)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
