"""What keeps the camera's account from being locked, by whichever port it is reached."""

import time
from collections.abc import Callable
from typing import NoReturn

from worker.camera.lockout import Lockout
from worker.camera.logins import MAX_REFUSED_LOGINS, Event, Logins, Password
from worker.camera.rights import Rights


class Guard:
    """Breaker, turns and rights of one account.

    Args:
        prove: One login by HTTP that every user may make. Returns what it showed, and raises CameraError where it
            showed nothing.
    """

    def __init__(
        self,
        username: str,
        lockout: Lockout,
        prove: Callable[[], Event],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lockout = lockout
        self._prove = prove
        self.logins = Logins()
        self.rights = Rights(username, monotonic)

    def check(self, function: str) -> None:
        """Raises CameraRefused while the breaker is open, CameraUnsupported while the function is not to be asked."""
        self._lockout.check()
        self.rights.check(function)

    def prove_password(self) -> None:
        """Only alone. Another thread may have done so meanwhile. Raises CameraError."""
        self._lockout.check()
        if self.logins.password is not Password.UNPROVEN:
            return
        if self.logins.refusals >= MAX_REFUSED_LOGINS:
            self.open_breaker()
        shown = self._prove()
        self.logins.note(shown)
        if shown is Event.REFUSED:
            self.open_breaker()
        if shown is Event.PROVED:
            self._lockout.forget()

    def open_breaker(self) -> NoReturn:
        """Raises CameraRefused."""
        refusals = self.logins.refusals
        self.logins.note(Event.BREAKER_OPENED)
        self._lockout.refuse(refusals)
