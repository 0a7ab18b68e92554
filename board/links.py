"""Links that open a page on a screen where nobody logs in. Of a link's secret only the SHA-256 is kept."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from board.domain.viewers import Screen, ScreenKind
from board.folder import locked, replace

log = structlog.get_logger(__name__)

MAX_DAYS, DEFAULT_DAYS = 400, 365
"""No browser keeps a cookie for longer than 400 days (RFC 6265bis)."""
MAX_LINKS = 1000
_MAX_BYTES = 1_000_000


class LinksUnusable(Exception):
    """The file of the links; the text says what to do."""


@dataclass(frozen=True)
class Link:
    """`sha256` is the secret's, in hexadecimal digits."""

    id: str
    kind: ScreenKind
    camera: str
    created_at: datetime
    expires_at: datetime
    sha256: str

    def holds(self, now: datetime) -> bool:
        return now < self.expires_at

    @property
    def screen(self) -> Screen:
        return Screen(self.kind, self.camera, self.id)


class Links:
    """Those in `folder`, as they are at each question: what another process revokes is over at once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "links.json"
        self._read_of: tuple[int, ...] | None = None
        self._links: tuple[Link, ...] = ()

    def by_secret(self, secret: str, now: datetime) -> Link | None:
        """The link, if it holds."""
        sha256 = _sha256(secret)
        return next((link for link in self._current() if link.sha256 == sha256 and link.holds(now)), None)

    def holds(self, link_id: str, now: datetime) -> bool:
        return any(link.id == link_id and link.holds(now) for link in self._current())

    def all(self) -> tuple[Link, ...]:
        """Also those that have expired. Raises LinksUnusable."""
        return _read(self._path)

    def add(self, kind: ScreenKind, camera: str, lifetime: timedelta, now: datetime) -> tuple[Link, str]:
        """A new link, and its secret, which is told this once. Those that have expired are dropped.

        Raises LinksUnusable, OSError.
        """
        secret = secrets.token_urlsafe(32)
        link = Link(secrets.token_hex(4), kind, camera, now, now + lifetime, _sha256(secret))
        with locked(self._path.parent):
            kept = [other for other in _read(self._path) if other.holds(now)]
            if len(kept) >= MAX_LINKS:
                raise LinksUnusable(f"There are {MAX_LINKS} links already; revoke what is not needed.")
            _write(self._path, [*kept, link])
        return link, secret

    def revoke(self, link_id: str) -> bool:
        """Whether there was one. Raises LinksUnusable, OSError."""
        with locked(self._path.parent):
            links = _read(self._path)
            kept = [link for link in links if link.id != link_id]
            if len(kept) < len(links):
                _write(self._path, kept)
        return len(kept) < len(links)

    def _current(self) -> tuple[Link, ...]:
        """Nobody gets in by a file that cannot be read."""
        try:
            state = self._path.stat()
            read_of = (state.st_mtime_ns, state.st_ino, state.st_size)
        except OSError:
            return ()
        if read_of != self._read_of:
            self._read_of, self._links = read_of, ()
            try:
                self._links = _read(self._path)
            except LinksUnusable as error:
                log.error("no link opens anything now", action="links_unusable", error=str(error))
        return self._links


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _read(path: Path) -> tuple[Link, ...]:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        return tuple(map(_link, json.loads(content)["links"]))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise LinksUnusable(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise LinksUnusable(
            f"{path} is damaged. Move it away, and make the links anew; until then no link opens anything."
        ) from error


def _link(kept: Mapping[str, Any]) -> Link:
    """Raises ValueError, TypeError, KeyError."""
    created_at, expires_at = (datetime.fromisoformat(kept[name]) for name in ("created_at", "expires_at"))
    if created_at.tzinfo is None or expires_at.tzinfo is None:
        raise ValueError("a moment without its offset")
    texts = {name: str(kept[name]) for name in ("id", "camera", "sha256")}
    return Link(kind=ScreenKind(kept["kind"]), created_at=created_at, expires_at=expires_at, **texts)


def _write(path: Path, links: list[Link]) -> None:
    kept = {"links": [asdict(link) for link in links]}
    replace(path, json.dumps(kept, indent=2, default=datetime.isoformat).encode())
