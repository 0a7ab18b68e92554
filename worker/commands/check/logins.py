"""How many logins a camera still bears: it says so only to those it lets in, so what it said is remembered."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from worker.camera.amcrest import LoginLimit
from worker.camera.lockout import Lockout
from worker.disk.atomic import write_atomically


@dataclass(frozen=True)
class Logins:
    """`path` is where the camera's limit is remembered, `lockout` what counts our refused logins."""

    path: Path
    lockout: Lockout

    def remember(self, limit: LoginLimit | None) -> None:
        # Where DATA_DIR cannot be written, which has a line of its own, there is only less to say.
        with suppress(OSError):
            if limit is None:
                self.path.unlink(missing_ok=True)
            else:
                write_atomically(self.path, json.dumps(asdict(limit)).encode())

    def left(self) -> int | None:
        """At most so many wrong logins before the camera locks; None where it never said."""
        try:
            limit = LoginLimit(**json.loads(self.path.read_bytes()))
            return max(0, limit.attempts - self.lockout.refusals)
        except (OSError, ValueError, TypeError):
            return None
