"""The nonces in hand, and what the camera has taught about using one again."""

from dataclasses import dataclass
from enum import Enum, auto
from threading import Lock

from worker.camera.digest import Challenge

FRESH_SECONDS = 5.0
"""A nonce accepted this recently is in hand for a sound, which had better not be sent twice."""
KEPT = 2
"""One is in use for as long as a sentence lasts; the nod beside it needs another."""


class NonceUse(Enum):
    UNTRIED = auto()
    REUSABLE = auto()
    NEWEST_ONLY = auto()
    """Of this camera's nonces only the one that it issued last is good."""
    ONCE = auto()
    """This camera wants a new one for every request."""


class Lesson(Enum):
    ACCEPTED_AGAIN = auto()
    STALE_AT_ONCE = auto()
    """The second time it was used, moments after the first."""
    REFUSED_AGAIN = auto()
    """Used again it was refused without the word "stale", and the same request with a fresh one was accepted."""
    OLDER_REFUSED = auto()
    """Either of them, moments after it was accepted, of a nonce after which another was issued."""


_LEARNT = {
    (NonceUse.UNTRIED, Lesson.ACCEPTED_AGAIN): NonceUse.REUSABLE,
    (NonceUse.UNTRIED, Lesson.STALE_AT_ONCE): NonceUse.ONCE,
    (NonceUse.UNTRIED, Lesson.REFUSED_AGAIN): NonceUse.ONCE,
    (NonceUse.UNTRIED, Lesson.OLDER_REFUSED): NonceUse.NEWEST_ONLY,
    (NonceUse.REUSABLE, Lesson.OLDER_REFUSED): NonceUse.NEWEST_ONLY,
    (NonceUse.REUSABLE, Lesson.REFUSED_AGAIN): NonceUse.ONCE,
    (NonceUse.NEWEST_ONLY, Lesson.REFUSED_AGAIN): NonceUse.ONCE,
}
_SECOND = 2


@dataclass(frozen=True)
class _Idle:
    challenge: Challenge
    accepted_at: float


class Nonces:
    """A nonce serves one request at a time: its count rises in the order in which the camera sees it."""

    def __init__(self) -> None:
        # Guards what follows; never held during a request.
        self._lock = Lock()
        self._use = NonceUse.UNTRIED
        self._newest = ""
        self._idle: list[_Idle] = []
        """The one accepted last at the end."""
        self._accepted_at = float("-inf")

    def take(self, *, for_sound: bool, now: float) -> Challenge | None:
        """The nonce that was accepted last, if it may be used again; it is given back by `accepted`."""
        with self._lock:
            if not self._idle or self._use is NonceUse.ONCE:
                return None
            recent = now - self._idle[-1].accepted_at < FRESH_SECONDS
            if for_sound and (self._use is NonceUse.UNTRIED or not recent):
                return None
            return self._idle.pop().challenge

    def issued(self, challenge: Challenge) -> None:
        """A new one, about to be used."""
        with self._lock:
            self._newest = challenge.nonce
            if self._use is NonceUse.NEWEST_ONLY:
                self._idle.clear()

    def accepted(self, challenge: Challenge, count: int, now: float) -> None:
        with self._lock:
            self._accepted_at = now
            if count > 1:
                self._learn(Lesson.ACCEPTED_AGAIN)
            if self._use is not NonceUse.NEWEST_ONLY or challenge.nonce == self._newest:
                self._idle = [*self._idle, _Idle(challenge, now)][-KEPT:]

    def is_newest(self, challenge: Challenge) -> bool:
        return challenge.nonce == self._newest

    def newest_went_stale(self, count: int, now: float) -> None:
        with self._lock:
            if count == _SECOND and now - self._accepted_at < FRESH_SECONDS:
                self._learn(Lesson.STALE_AT_ONCE)

    def older_went_stale(self, now: float) -> None:
        with self._lock:
            if now - self._accepted_at < FRESH_SECONDS:
                self._learn(Lesson.OLDER_REFUSED)

    def newest_was_refused_only_for_its_age(self) -> None:
        with self._lock:
            self._learn(Lesson.REFUSED_AGAIN)

    def older_was_refused_only_for_its_age(self) -> None:
        with self._lock:
            self._learn(Lesson.OLDER_REFUSED)

    def _learn(self, lesson: Lesson) -> None:
        self._use = _LEARNT.get((self._use, lesson), self._use)
