"""From encoded pictures to seen ones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from worker.domain.errors import CameraUnsupported
from worker.domain.video import TICKS_PER_SECOND, AccessUnit, Codec
from worker.video.blank import tint
from worker.video.doubt import Doubt, TooSlow, never
from worker.video.ffmpeg import MAX_PIXELS, av, check_size

_TIME_BASE = Fraction(1, TICKS_PER_SECOND)
_LATE_PICTURES = 32
"""More than a decoder keeps back."""


@dataclass(frozen=True)
class Seen:
    """A decoded picture, and when its last packet came, by the monotonic clock."""

    frame: av.VideoFrame
    ticks: int
    received_at: float


class Decoder:
    """Of one codec, from a key frame on. Belongs to one thread, and is of no use any more once it has raised."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self._context = cast("av.VideoCodecContext", av.CodecContext.create(codec, "r"))
        # With several, FFmpeg's H.264 does not say which picture was torn, and each comes later.
        self._context.thread_count = 1
        self._context.options = {"err_detect": "explode", "max_pixels": str(MAX_PIXELS)}
        self._received_at: dict[int, float] = {}

    def pictures(self, unit: AccessUnit) -> Iterator[Seen]:
        """What can be shown by now. Raises Doubt."""
        packet: av.Packet[Any] = av.Packet(unit.data)
        packet.pts, packet.time_base = unit.ticks, _TIME_BASE
        self._received_at[unit.ticks] = unit.received_at
        while len(self._received_at) > _LATE_PICTURES:
            self._received_at.pop(next(iter(self._received_at)))
        return self._decoded(packet)

    def rest(self) -> Iterator[Seen]:
        """What was kept back, once there is no more. Raises Doubt."""
        return self._decoded(None)

    def _decoded(self, packet: "av.Packet[Any] | None") -> Iterator[Seen]:
        try:
            frames = self._context.decode(packet)
        except (av.FFmpegError, MemoryError) as error:
            raise Doubt(self._why(error)) from error
        for frame in frames:
            if frame.is_corrupt:
                raise Doubt("the newest picture is damaged")
            ticks = frame.pts or 0
            yield Seen(frame, ticks, self._received_at.get(ticks, 0.0))

    def _why(self, error: Exception) -> str:
        try:
            check_size(self._context.width, self._context.height)
        except CameraUnsupported as too_large:
            return str(too_large)
        return f"the newest picture cannot be decoded: {type(error).__name__}"


def newest(tail: Sequence[AccessUnit], enough: Callable[[], bool] = never) -> Seen:
    """The last picture that is shown of a `tail` that begins with a key frame.

    Raises:
        Doubt: something in it is damaged, or it is grey or green.
        TooSlow: `enough`, which is asked before each picture, says that it is not waited for any more.
    """
    decoder = Decoder(tail[0].codec)
    return checked(latest(_all(decoder, tail, enough)))


def latest(pictures: Iterable[Seen]) -> Seen:
    """The last one in the order of showing. Raises Doubt where there is none."""
    # One at a time: together they would take tens of megabytes.
    found = None
    for seen in pictures:
        if found is None or seen.ticks >= found.ticks:
            found = seen
    if found is None:
        raise Doubt("nothing could be decoded")
    return found


def checked(seen: Seen) -> Seen:
    """Raises Doubt for a picture of one colour, as decoders make of what was lost."""
    colour = tint(seen.frame)
    if colour is not None:
        raise Doubt(f"the newest picture is {colour}")
    return seen


def _all(decoder: Decoder, tail: Sequence[AccessUnit], enough: Callable[[], bool]) -> Iterator[Seen]:
    for number, unit in enumerate(tail):
        if enough():
            raise TooSlow(f"{number} of the {len(tail)} pictures since the last key frame were decoded")
        yield from decoder.pictures(unit)
    yield from decoder.rest()
