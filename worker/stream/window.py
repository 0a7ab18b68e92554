"""The newest pictures of one camera, for all who want them."""

from bisect import bisect_right
from collections import deque
from threading import Condition

from worker.domain.errors import CameraFaulty
from worker.domain.video import AccessUnit

MAX_BYTES = 24 * 1024 * 1024
SLOW_SECONDS = 2.0
"""How far behind who reads along may fall."""


class Window:
    """Whole groups, each from a key frame on: the newest, and those before that reach back far enough.

    Args:
        before_seconds: How far back from a press. Two seconds more are kept: for its way here, and for slow readers.
    """

    def __init__(self, before_seconds: float = 0.0) -> None:
        self._reach = before_seconds + SLOW_SECONDS
        # Guards all that follows; held only to look and to change, and notified at each change.
        self._changed = Condition()
        self._units: deque[AccessUnit] = deque()
        self._keys: deque[int] = deque()
        self._first = 0
        self._bytes = 0
        self._closed = False

    @property
    def size(self) -> int:
        """In bytes."""
        with self._changed:
            return self._bytes

    def tail(self) -> tuple[AccessUnit, ...]:
        """From the newest key frame to the newest picture, empty when there is none."""
        with self._changed:
            if not self._keys:
                return ()
            start = self._keys[-1] - self._first
            return tuple(self._units[index] for index in range(start, len(self._units)))

    def put(self, unit: AccessUnit) -> None:
        """What follows no key frame is dropped."""
        with self._changed:
            if unit.key:
                self._keys.append(self._first + len(self._units))
            elif not self._keys:
                return
            self._units.append(unit)
            self._bytes += len(unit.data)
            self._trim(unit.received_at - self._reach)
            self._changed.notify_all()

    def clear(self) -> None:
        with self._changed:
            self._drop(len(self._units))

    def open(self) -> None:
        with self._changed:
            self._closed = False

    def close(self) -> None:
        """For who reads along this is the end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def place(self, since: float) -> int:
        """Of the newest key frame that came by `since`, else of the oldest kept, else of the first that will come."""
        with self._changed:
            came = [self._units[key - self._first].received_at for key in self._keys]
            if not came:
                return self._first
            return self._keys[max(bisect_right(came, since) - 1, 0)]

    def read(self, place: int, patience: float) -> tuple[AccessUnit, ...] | None:
        """The pictures from `place` on, waited for; empty when none came for so many seconds, None when closed.

        Raises:
            CameraFaulty: some of them were dropped meanwhile.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._first + len(self._units) > place, patience)
            if self._closed:
                return None
            if place < self._first:
                raise CameraFaulty("the stream's pictures were not taken up as quickly as they came")
            return tuple(self._units[index] for index in range(place - self._first, len(self._units)))

    def _trim(self, since: float) -> None:
        while len(self._keys) > 1 and (
            self._units[self._keys[1] - self._first].received_at <= since or self._bytes > MAX_BYTES
        ):
            self._drop(self._keys[1] - self._first)
        if self._bytes > MAX_BYTES:
            self._drop(len(self._units))

    def _drop(self, count: int) -> None:
        for _ in range(count):
            self._bytes -= len(self._units.popleft().data)
        self._first += count
        while self._keys and self._keys[0] < self._first:
            self._keys.popleft()
