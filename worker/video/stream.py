"""What photos and clips need of the camera's stream; `worker.stream.reader.StreamReader` has it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from worker.domain.errors import CameraError
from worker.domain.video import AccessUnit

ASK_SECONDS = 0.5
"""How long nothing may come before whoever follows a stream is asked whether to go on."""


class Window(Protocol):
    """As `worker.stream.window.Window`, which says what each of these means."""

    def tail(self) -> tuple[AccessUnit, ...]: ...

    def place(self, since: float) -> int: ...

    def read(self, place: int, patience: float) -> tuple[AccessUnit, ...] | None: ...


class Stream(Protocol):
    """Its pictures come only while somebody is within `needed`."""

    @property
    def window(self) -> Window: ...

    @property
    def trouble(self) -> CameraError | None: ...

    def needed(self) -> AbstractContextManager[None]: ...


def follow(stream: Stream, since: float) -> Iterator[tuple[AccessUnit, ...]]:
    """Pictures as they come, from the newest key frame on that came by `since`; none every half second without one.

    Ends when the stream is closed. Raises CameraFaulty for who is too slow.
    """
    place = stream.window.place(since)
    while (units := stream.window.read(place, ASK_SECONDS)) is not None:
        yield units
        place += len(units)
