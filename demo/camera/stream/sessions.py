"""The sessions that a camera counts, those included that nobody has ended."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock


@dataclass
class _Session:
    heard_at: float
    is_left: bool = False


class Sessions:
    """Safe from any thread; times are those of the camera's clock.

    A session whose connection ended without a TEARDOWN counts until its time is over: clients that leak fill a camera.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.limit = 6
        """How many there may be at once; 0 is a camera that is full. Dahua's own limit of users."""
        self.timeout_seconds = 60.0
        """After so long without a request or a receiver report the camera ends a session."""
        self.peak = 0
        self.torn_down = 0
        self._clock = clock
        # Guards the sessions and the counts against the threads of the connections.
        self._lock = Lock()
        self._open: dict[str, _Session] = {}

    @property
    def open_now(self) -> int:
        with self._lock:
            return self._counted()

    @property
    def is_full(self) -> bool:
        with self._lock:
            return self._counted() >= self.limit

    def begin(self) -> str | None:
        """Give a new session's name, or None if there are too many."""
        with self._lock:
            if self._counted() >= self.limit:
                return None
            name = str(secrets.randbelow(10**12))
            self._open[name] = _Session(self._clock())
            self.peak = max(self.peak, len(self._open))
            return name

    def heard(self, name: str) -> None:
        with self._lock:
            if name in self._open:
                self._open[name].heard_at = self._clock()

    def is_over(self, name: str) -> bool:
        with self._lock:
            return name not in self._open or self._is_silent(self._open[name])

    def tear_down(self, name: str) -> bool:
        """Tell whether there was anything to tear down."""
        with self._lock:
            was_open = self._open.pop(name, None) is not None
            self.torn_down += was_open
            return was_open

    def end(self, name: str) -> None:
        """End it from the camera's side."""
        with self._lock:
            self._open.pop(name, None)

    def leave(self, name: str) -> bool:
        """Remember that its connection is gone; tell whether it counts nevertheless."""
        with self._lock:
            if name in self._open:
                self._open[name].is_left = True
            return name in self._open

    def clear(self) -> None:
        """Forget all, as a camera without power does."""
        with self._lock:
            self._open.clear()

    def _counted(self) -> int:
        for name, session in list(self._open.items()):
            if session.is_left and self._is_silent(session):
                del self._open[name]
        return len(self._open)

    def _is_silent(self, session: _Session) -> bool:
        return self._clock() - session.heard_at > self.timeout_seconds
