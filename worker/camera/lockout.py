"""The breaker that keeps the camera's account from being locked by us, remembered across restarts."""

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import structlog

from worker.camera.digest import Credentials
from worker.disk.atomic import write_durably
from worker.domain.errors import CameraRefused
from worker.domain.timestamp import iso, parse_iso

OPEN_FOR = timedelta(minutes=30)
"""As long as the cameras themselves lock an address out (docs/cameras.md: `LoginFailLockTime`)."""

log = structlog.get_logger(__name__)


def lockout_file(data_dir: Path, camera: str) -> Path:
    """Where the breaker of a camera is remembered."""
    return data_dir / "lockout" / f"{camera}.json"


@dataclass
class Lockout:
    """Open after a refused login. `path` is where that is remembered; the settings only as a salted scrypt hash."""

    path: Path
    host: str
    credentials: Credentials = field(repr=False)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _until: datetime | None = None
    _written: bool = False
    refusals: int = field(default=0, init=False)
    """Of our logins since the camera last accepted one, as far as DATA_DIR remembers."""

    def __post_init__(self) -> None:
        self.refusals = self._counted()
        self._until = self._remembered()
        self._written = self._until is not None

    @property
    def open_until(self) -> datetime | None:
        """Until when no login may be tried; None while one may.

        Another process that was let in has deleted the file: this one may try again, too.
        """
        until = self._until
        if until is None or self.now() >= until or (self._written and not self.path.exists()):
            return None
        return until

    def check(self) -> None:
        """Raises CameraRefused while no login may be tried."""
        if (until := self.open_until) is not None:
            raise self._refusal(until)

    def allow_one(self) -> None:
        """Let this process try one login in spite of an earlier refusal, which stays remembered for the others."""
        self._until = None

    def refuse(self, logins: int = 1) -> NoReturn:
        """Open the breaker after so many refused logins, and say so by raising CameraRefused."""
        self._until = self.now() + OPEN_FOR
        # Another process may have been refused meanwhile.
        self.refusals = max(self.refusals, self._counted()) + logins
        salt = os.urandom(16)
        memory = {
            "until": iso(self._until),
            "salt": salt.hex(),
            "settings": self._fingerprint(salt),
            "refusals": self.refusals,
        }
        try:
            write_durably(self.path, json.dumps(memory).encode())
            self._written = True
        except OSError as error:
            self._written = False
            log.warning(
                "the camera's refusal could not be written down, a restart forgets it",
                action="camera_refusal_not_stored",
                error=str(error),
            )
        raise self._refusal(self._until)

    def forget(self) -> None:
        """Close the breaker: the camera has accepted the password."""
        self._until = None
        self.refusals = 0
        # Where DATA_DIR cannot be written there is nothing to forget.
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _refusal(self, until: datetime) -> CameraRefused:
        return CameraRefused(
            f"the camera at {self.host} refused the user name or password; so that it does not lock the account, "
            f"no login is tried before {iso(until)}. Mend CAMERA_USERNAME and CAMERA_PASSWORD and restart the worker"
        )

    def _remembered(self) -> datetime | None:
        try:
            memory = json.loads(self.path.read_bytes())
            until, settings = parse_iso(memory["until"]), memory["settings"]
            if settings != self._fingerprint(bytes.fromhex(memory["salt"])):
                return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        # A host whose clock jumped back must not stay locked out for longer than the camera itself would.
        return min(until, self.now() + OPEN_FOR)

    def _counted(self) -> int:
        """Whatever the settings were: the camera counts by address."""
        try:
            return int(json.loads(self.path.read_bytes())["refusals"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _fingerprint(self, salt: bytes) -> str:
        settings = f"{self.host}\0{self.credentials.username}\0{self.credentials.password}"
        return hashlib.scrypt(settings.encode(), salt=salt, n=2**14, r=8, p=1).hex()
