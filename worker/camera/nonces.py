"""The nonce in hand, and what the camera has taught about using one again."""

from enum import Enum, auto
from threading import Lock

from worker.camera.digest import Challenge

FRESH_SECONDS = 5.0
"""A nonce accepted this recently is in hand for a sound, which had better not be sent twice."""


class NonceUse(Enum):
    UNTRIED = auto()
    REUSABLE = auto()
    ONCE = auto()
    """This camera wants a new one for every request."""


class Lesson(Enum):
    ACCEPTED_AGAIN = auto()
    STALE_AT_ONCE = auto()
    """The second time it was used, moments after the first."""
    REFUSED_AGAIN = auto()
    """Used again it was refused without the word "stale", and the same request with a fresh one was accepted."""


_LEARNT = {
    (NonceUse.UNTRIED, Lesson.ACCEPTED_AGAIN): NonceUse.REUSABLE,
    (NonceUse.UNTRIED, Lesson.STALE_AT_ONCE): NonceUse.ONCE,
    (NonceUse.UNTRIED, Lesson.REFUSED_AGAIN): NonceUse.ONCE,
    (NonceUse.REUSABLE, Lesson.REFUSED_AGAIN): NonceUse.ONCE,
}
_SECOND = 2


class Nonces:
    """One nonce serves one request at a time: its count rises in the order in which the camera sees it."""

    def __init__(self) -> None:
        # Guards what follows; never held during a request.
        self._lock = Lock()
        self._use = NonceUse.UNTRIED
        self._newest: Challenge | None = None
        self._in_hand = False
        self._accepted_at = float("-inf")

    def take(self, *, for_sound: bool, now: float) -> Challenge | None:
        """The nonce in hand, if it may be used again; it is given back by `accepted`."""
        with self._lock:
            sure = self._use is NonceUse.REUSABLE and now - self._accepted_at < FRESH_SECONDS
            if not self._in_hand or self._use is NonceUse.ONCE or (for_sound and not sure):
                return None
            self._in_hand = False
            return self._newest

    def issued(self, challenge: Challenge) -> None:
        """A new one, about to be used; of some cameras it is the only one that is still good."""
        with self._lock:
            self._newest, self._in_hand = challenge, False

    def accepted(self, challenge: Challenge, count: int, now: float) -> None:
        with self._lock:
            self._in_hand = self._in_hand or challenge is self._newest
            self._accepted_at = now
            if count > 1:
                self._learn(Lesson.ACCEPTED_AGAIN)

    def went_stale(self, count: int, now: float) -> None:
        with self._lock:
            if count == _SECOND and now - self._accepted_at < FRESH_SECONDS:
                self._learn(Lesson.STALE_AT_ONCE)

    def was_refused_only_for_its_age(self) -> None:
        with self._lock:
            self._learn(Lesson.REFUSED_AGAIN)

    def _learn(self, lesson: Lesson) -> None:
        self._use = _LEARNT.get((self._use, lesson), self._use)
