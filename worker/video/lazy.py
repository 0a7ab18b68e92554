"""The stream's newest picture, decoded when somebody asks for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.video.doubt import check_fresh, never
from worker.video.stream import Stream

if TYPE_CHECKING:
    from worker.video.decoding import Seen


@dataclass(frozen=True)
class Lazy:
    """Decodes the pictures since the last key frame. PyAV is imported only then."""

    stream: Stream
    monotonic: Callable[[], float] = time.monotonic

    def __call__(self, enough: Callable[[], bool] = never) -> "Seen":
        """Given up between two pictures once there is `enough`. Raises Doubt."""
        tail = self.stream.window.tail()
        check_fresh(tail, self.stream.trouble, self.monotonic())
        from worker.video.decoding import newest  # noqa: PLC0415 - 24 MB

        return newest(tail, enough)
