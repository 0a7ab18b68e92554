"""One recording, from the press to its last picture."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from worker.domain.errors import CameraError, CameraFaulty, CameraRefused, CameraUnsupported
from worker.domain.video import TICKS_PER_SECOND, AccessUnit, ClipWish, Recorded
from worker.video.growing import GrowingClip
from worker.video.looker import Looker
from worker.video.stream import Stream, follow

FIRST_PICTURE_SECONDS = 20.0
"""To log in, and for a key frame to come: some cameras send one every ten seconds."""
STALL_SECONDS = 5.0
LAST_SECONDS = 1.0
"""A clip whose last picture is no farther from its end is as long as was wished."""
_LONGEST_GROUP_SECONDS = 20.0
"""A key frame that came so long before all that is wanted is of a session that has ended since."""


class _Shortened(Exception):
    """Why there will be no more pictures in the clip."""


@dataclass
class Recording:
    """Within `stream.needed()`."""

    stream: Stream
    into: Path
    wish: ClipWish
    on_begin: Callable[[float], None]
    looker: Looker
    cut: Callable[[], bool]
    monotonic: Callable[[], float]
    max_bytes: int
    asked_at: float
    _bytes: int = 0
    _end: float = 0.0
    _last: float = 0.0
    _begin: int = 0
    _next_look: float = 0.0
    _group: list[AccessUnit] = field(default_factory=list)

    def run(self) -> Recorded:
        """Raises CameraError where there is no first picture, and OSError."""
        pictures = self._pictures()
        first = self._first(pictures)
        self._end = max(self.asked_at, first.received_at) + self.wish.seconds
        self._last, self._begin = self.monotonic(), first.ticks
        with GrowingClip(self.into, first) as clip:
            self.on_begin(self._last - first.received_at)
            shortened_by = self._grow(clip, chain([first], pictures))
        return Recorded(clip.seconds, shortened_by)

    def _pictures(self) -> Iterator[AccessUnit | None]:
        """Each as it comes, and None where there is time to look at the clock: twice a second at least."""
        for units in follow(self.stream, self.asked_at - self.wish.before):
            yield from units
            yield None

    def _first(self, pictures: Iterator[AccessUnit | None]) -> AccessUnit:
        """The key frame that the clip begins with. Raises CameraError."""
        oldest = self.asked_at - self.wish.before - _LONGEST_GROUP_SECONDS
        for unit in pictures:
            if unit is None:
                self._check_hope()
            elif unit.key and unit.received_at >= oldest:
                return unit
        raise self.stream.trouble or CameraFaulty("the camera's stream was closed before a picture came")

    def _grow(self, clip: GrowingClip, pictures: Iterable[AccessUnit | None]) -> str | None:
        """Why it becomes no longer than it is."""
        came = False
        try:
            for unit in pictures:
                if unit is None:
                    if self._is_over(came=came):
                        return None
                    came = False
                elif unit.ticks >= self._begin:
                    # Those that are shown before the first cannot be decoded without what is not in the clip.
                    came = True
                    if not self._take(clip, unit):
                        return None
        except (CameraError, _Shortened) as error:
            return str(error)
        return "the camera's stream was closed"

    def _take(self, clip: GrowingClip, unit: AccessUnit) -> bool:
        """Whether it belongs to the clip, where it is now."""
        if unit.received_at >= self._end:
            return False
        if not clip.fits(unit):
            raise _Shortened("the camera changed the size or the codec of its pictures")
        self._bytes += len(unit.data)
        if self._bytes > self.max_bytes:
            raise _Shortened(f"it would become larger than {self.max_bytes // 1_000_000} MB")
        clip.put(unit)
        self._group = [unit] if unit.key else [*self._group, unit]
        self._look((unit.ticks - self._begin) / TICKS_PER_SECOND)
        return True

    def _look(self, second: float) -> None:
        if self.wish.look_every and second >= self._next_look:
            self._next_look = (round(second / self.wish.look_every) + 1) * self.wish.look_every
            self.looker.show(second, tuple(self._group))

    def _is_over(self, *, came: bool) -> bool:
        """Raises _Shortened where it ends before its time."""
        now = self.monotonic()
        if came:
            self._last = now
        if self.cut():
            raise _Shortened("it was to end early")
        is_late = now >= self._end + LAST_SECONDS
        if now - self._last >= STALL_SECONDS or (is_late and self._end - self._last > LAST_SECONDS):
            raise _Shortened(f"the camera stopped sending{f': {self.stream.trouble}' if self.stream.trouble else ''}")
        return is_late

    def _check_hope(self) -> None:
        """Raises CameraError where no picture will come."""
        trouble = self.stream.trouble
        if isinstance(trouble, CameraRefused | CameraUnsupported):
            raise trouble
        if self.cut():
            raise CameraFaulty("the recording was to end before the camera's stream brought a picture")
        if self.monotonic() - self.asked_at >= FIRST_PICTURE_SECONDS:
            raise trouble or CameraFaulty(f"the camera's stream brought no key frame for {FIRST_PICTURE_SECONDS:g} s")
