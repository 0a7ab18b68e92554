"""The spool: photos that were taken and are not yet safe elsewhere.

    DATA_DIR/spool/<camera>/<stamp>-<press id>/photo.jpg       the photo
                                              /press.json      whose it is, and when it was taken
                                              /progress.json   which steps are finished

A folder appears whole by one rename and never replaces an earlier one, so a retry uses the first photo.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from worker.disk.atomic import TEMPORARY_PREFIX, write_atomically
from worker.domain.errors import CameraFaulty
from worker.domain.jpeg import whole_jpeg
from worker.domain.photo import SpooledPhoto
from worker.domain.press import Press
from worker.domain.timestamp import iso, parse_iso


class Spool:
    """Under `root`. Writing raises OSError where the disk is full or read-only; reading treats that as empty."""

    def __init__(self, root: Path) -> None:
        self._root = root
        # Steps that run beside each other note that they are finished: none may undo another's note.
        self._noting = Lock()

    def save(self, press: Press, photo: bytes, taken_at: datetime) -> None:
        """Keep the photo of `press`, unless one is kept already."""
        folder = self._folder(press)
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = Path(tempfile.mkdtemp(dir=self._root, prefix=TEMPORARY_PREFIX))
        try:
            (temporary / "photo.jpg").write_bytes(photo)
            identity = {**asdict(press), "pressed_at": iso(press.pressed_at), "taken_at": iso(taken_at)}
            (temporary / "press.json").write_text(json.dumps(identity))
            self._publish(temporary, folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def note(self, press: Press, **finished: Any) -> None:
        """Remember finished steps of a kept photo; does nothing where none is kept."""
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

    def kept(self) -> Iterator[SpooledPhoto]:
        """Every photo in the spool, one at a time."""
        for folder in sorted(self._root.glob("[!.]*/*")):
            if (photo := _load(folder)) is not None:
                yield photo

    def clear_remains(self) -> None:
        """Delete what a crash left half written; only while nobody else writes."""
        for temporary in self._root.glob(f"{TEMPORARY_PREFIX}*"):
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
    identity = _read_json(folder / "press.json")
    try:
        taken_at = parse_iso(identity.pop("taken_at"))
        press = Press(**{**identity, "pressed_at": parse_iso(identity["pressed_at"])})
        photo = whole_jpeg((folder / "photo.jpg").read_bytes())
    except (OSError, KeyError, TypeError, ValueError, CameraFaulty):
        return None
    return SpooledPhoto(press, photo, taken_at, _read_json(folder / "progress.json"))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
