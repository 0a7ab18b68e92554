"""When each picture of a clip is decoded and shown, as MP4 wants it."""

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush

from worker.domain.video import TICKS_PER_SECOND, AccessUnit

HELD = 4
"""Pictures that wait for those after them: so many may be shown before one that is sent before them."""
_FIRST_DURATION = TICKS_PER_SECOND // 15
_LONGEST_DURATION = TICKS_PER_SECOND
"""What comes later than that after another comes after pictures that were lost."""


@dataclass(frozen=True)
class Timed:
    """In ticks from the clip's begin; `decoded_at` rises from one to the next and is never after `shown_at`."""

    unit: AccessUnit
    decoded_at: int
    shown_at: int
    duration: int


@dataclass
class Timeline:
    """Pictures are decoded in the order in which they are sent, at the times at which any are shown, moved ahead."""

    seconds: float = 0.0
    """From the first picture's begin to the last one's end, of those that were given out."""
    _held: deque[AccessUnit] = field(default_factory=deque)
    _times: list[int] = field(default_factory=list)
    _begin: int | None = None
    _first: int = 0
    _ahead: int = 0
    _last: int = -1
    _duration: int = _FIRST_DURATION

    def put(self, unit: AccessUnit) -> list[Timed]:
        """What is known now that this one has come."""
        self._held.append(unit)
        heappush(self._times, unit.ticks)
        return [self._next()] if len(self._held) > HELD else []

    def rest(self) -> list[Timed]:
        """All that still waited: no more will come."""
        return [self._next() for _ in range(len(self._held))]

    def _next(self) -> Timed:
        if self._begin is None:
            self._start()
        unit, time = self._held.popleft(), heappop(self._times)
        self._ahead = max(self._ahead, time - unit.ticks)
        decoded_at = max(self._last + 1, self._at(time) - self._ahead)
        shown_at = max(decoded_at, self._at(unit.ticks))
        if self._last >= 0 and decoded_at - self._last <= _LONGEST_DURATION:
            self._duration = decoded_at - self._last
        self._last = decoded_at
        self.seconds = max(self.seconds, (shown_at - self._first + self._duration) / TICKS_PER_SECOND)
        return Timed(unit, decoded_at, shown_at, self._duration)

    def _start(self) -> None:
        """The first is decoded at 0, and shown as much later as those need that are shown before their turn."""
        times = sorted(self._times)
        self._begin = times[0]
        self._ahead = max(time - unit.ticks for time, unit in zip(times, self._held, strict=True))
        self._begin -= self._ahead
        self._first = self._at(self._held[0].ticks)

    def _at(self, ticks: int) -> int:
        return ticks - (self._begin or 0)
