"""Which logins may be under way at once, so that a password that turns out wrong costs two refused ones at most.

A refusal is followed by one request that every user may make. That is one login, so no more than one may have been
refused before it. Two may be under way all the same, a photo beside a sound, if the two refusals would speak for
themselves: one of them to a fresh nonce, of a request that this user was allowed before.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from threading import Condition

from worker.domain.errors import CameraUnreachable

MAX_REFUSED_LOGINS = 2
WAIT_SECONDS = 60.0


class Password(Enum):
    UNPROVEN = auto()
    """Not yet accepted, or something was refused since."""
    ACCEPTED = auto()
    NOT_ASKED = auto()
    """What answers there asks for no login."""


class Event(Enum):
    PROVED = auto()
    LET_IN_UNASKED = auto()
    REFUSED = auto()
    BREAKER_OPENED = auto()


_AFTER = {
    Event.PROVED: Password.ACCEPTED,
    Event.LET_IN_UNASKED: Password.NOT_ASKED,
    Event.REFUSED: Password.UNPROVEN,
    Event.BREAKER_OPENED: Password.UNPROVEN,
}
"""Whatever was believed before."""


@dataclass(frozen=True)
class Turn:
    """A login under way; `fresh` where it needs a nonce of its own."""

    function: str
    fresh: bool
    allowed: bool

    @property
    def speaks_for_the_password(self) -> bool:
        return self.fresh and self.allowed


def may_join(under_way: Sequence[Turn], *, allowed: bool) -> bool:
    """Whether one more login may be sent, with a fresh nonce if it is not the only one."""
    if not under_way:
        return True
    first, *others = under_way
    return not others and (first.speaks_for_the_password or allowed)


class Logins:
    """The turns of all threads, and what their logins have shown of the password."""

    def __init__(self) -> None:
        # Guards all that follows; never held during a request.
        self._changed = Condition()
        self._password = Password.UNPROVEN
        self._refusals = 0
        self._under_way: list[Turn] = []
        self._alone = False
        self._waiting = 0
        self._allowed: set[str] = set()

    @property
    def password(self) -> Password:
        with self._changed:
            return self._password

    @property
    def refusals(self) -> int:
        """Since the password was last accepted."""
        with self._changed:
            return self._refusals

    @contextmanager
    def turn(self, function: str) -> Iterator[Turn | None]:
        """Beside one other at most. None where the password is in doubt: then nothing may be sent.

        Raises:
            CameraUnreachable: others left no room for a minute.
        """
        with self._changed:
            self._wait_for(lambda: self._password is Password.UNPROVEN or self._has_room(function))
            if self._password is Password.UNPROVEN:
                turn = None
            else:
                turn = Turn(function, fresh=bool(self._under_way), allowed=function in self._allowed)
                self._under_way.append(turn)
        try:
            yield turn
        finally:
            if turn:
                with self._changed:
                    self._under_way.remove(turn)
                    self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """With nothing else under way, so that every refusal has been counted. Raises CameraUnreachable."""
        with self._changed:
            self._waiting += 1
            try:
                self._wait_for(lambda: not self._alone and not self._under_way)
                self._alone = True
            finally:
                self._waiting -= 1
        with self._while_alone():
            yield

    @contextmanager
    def when_quiet(self, seconds: float = WAIT_SECONDS) -> Iterator[bool]:
        """As `alone`, but whoever comes meanwhile goes first. False where that took longer: nothing may be sent."""
        with self._changed:
            quiet = self._changed.wait_for(self._is_quiet, seconds)
            self._alone = self._alone or quiet
        if not quiet:
            yield False
            return
        with self._while_alone():
            yield True

    def note(self, event: Event) -> None:
        with self._changed:
            self._password = _AFTER[event]
            if event is not Event.LET_IN_UNASKED:
                self._refusals = self._refusals + 1 if event is Event.REFUSED else 0
            self._changed.notify_all()

    def allow(self, function: str) -> None:
        """The camera has let this user do it."""
        with self._changed:
            self._allowed.add(function)

    @contextmanager
    def _while_alone(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()

    def _has_room(self, function: str) -> bool:
        free = not (self._alone or self._waiting)
        return free and may_join(self._under_way, allowed=function in self._allowed)

    def _is_quiet(self) -> bool:
        return not (self._alone or self._waiting or self._under_way)

    def _wait_for(self, ready: Callable[[], bool]) -> None:
        if not self._changed.wait_for(ready, WAIT_SECONDS):
            raise CameraUnreachable("the camera left earlier requests without an answer")
