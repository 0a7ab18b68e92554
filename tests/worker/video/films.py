"""Encoded pictures as a camera's stream brings them, and streams that bring them when a test says so."""

import io
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from threading import Condition
from typing import Any, cast

import av
from PIL import Image

from worker.domain.errors import CameraError, CameraFaulty
from worker.domain.video import TICKS_PER_SECOND, AccessUnit, Codec

PHOTOS = Path(__file__).parents[3] / "demo" / "photos"
FPS = 10
_ENCODERS = {Codec.H264: "libx264", Codec.H265: "libx265"}


@lru_cache(maxsize=32)
def film(  # noqa: PLR0913 - what can be set on a camera
    seconds: int = 2,
    *,
    codec: Codec = Codec.H264,
    size: tuple[int, int] = (320, 240),
    b_frames: int = 0,
    colours: int = 1,
    key_every: int = FPS,
) -> tuple[AccessUnit, ...]:
    """A photograph that turns, with a key frame every `key_every`; received in order, ten a second, from 0 on.

    `colours` is the matrix, by its number in the stream.
    """
    encoder: Any = av.CodecContext.create(_ENCODERS[codec], "w")
    encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(FPS), Fraction(1, FPS)
    encoder.colorspace, encoder.color_range = colours, 1
    parameters = f"keyint={key_every}:min-keyint={key_every}:scenecut=0:bframes={b_frames}:b-adapt=0:repeat-headers=1"
    # With threads, x265's bits are others on a busy machine.
    quiet = ":log-level=none:open-gop=0:pools=none:frame-threads=1" if codec is Codec.H265 else ""
    name = "x264-params" if codec is Codec.H264 else "x265-params"
    encoder.options = {"preset": "ultrafast", "crf": "16", name: parameters + quiet}
    packets: list[Any] = []
    for number in range(seconds * FPS):
        packets += encoder.encode(_frame(number, size, colours))
    packets += encoder.encode(None)
    return tuple(
        AccessUnit(codec, bytes(packet), packet.is_keyframe, packet.pts * TICKS_PER_SECOND // FPS, number / FPS)
        for number, packet in enumerate(packets)
    )


def scene(number: int, size: tuple[int, int]) -> Image.Image:
    """What the camera sees in its picture of this number."""
    with Image.open(PHOTOS / "astronaut.jpg") as photo:
        return photo.convert("RGB").resize(size).rotate(number)


def _frame(number: int, size: tuple[int, int], colours: int) -> av.VideoFrame:
    photo: av.VideoFrame = cast("Any", av.VideoFrame).from_image(scene(number, size))
    frame = photo.reformat(
        format="yuv420p",
        dst_colorspace="ITU709" if colours == 1 else "ITU601",
        dst_color_range="MPEG",
        interpolation=0x42002,
    )
    frame.pts = number
    frame.pict_type = 0
    return frame


def one_colour(colour: tuple[int, int, int], size: tuple[int, int] = (320, 240)) -> av.VideoFrame:
    """`colour` is luma, blue and red as they lie in the planes."""
    frame = av.VideoFrame(*size, "yuv420p")
    for plane, value in zip(frame.planes, colour, strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


def starting(units: tuple[AccessUnit, ...], at: float) -> tuple[AccessUnit, ...]:
    """The same, whose first came at this time."""
    return tuple(replace(unit, received_at=unit.received_at - units[0].received_at + at) for unit in units)


def received(units: tuple[AccessUnit, ...], at: float) -> tuple[AccessUnit, ...]:
    """The same, whose newest came at this time."""
    return tuple(replace(unit, received_at=unit.received_at - units[-1].received_at + at) for unit in units)


def pixels(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


class FakeWindow:
    """Keeps all that it is given."""

    def __init__(self) -> None:
        self.units: list[AccessUnit] = []
        self.dropped = 0
        self.closed = False
        self.changed = Condition()

    def put(self, *units: AccessUnit) -> None:
        with self.changed:
            self.units += units
            self.changed.notify_all()

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def tail(self) -> tuple[AccessUnit, ...]:
        keys = [number for number, unit in enumerate(self.units) if unit.key]
        return tuple(self.units[keys[-1] :]) if keys else ()

    def place(self, since: float) -> int:
        keys = [number for number, unit in enumerate(self.units) if unit.key]
        return max((number for number in keys if self.units[number].received_at <= since), default=min(keys, default=0))

    def read(self, place: int, patience: float) -> tuple[AccessUnit, ...] | None:
        with self.changed:
            self.changed.wait_for(lambda: self.closed or len(self.units) > place, patience)
            if self.closed:
                return None
            if place < self.dropped:
                raise CameraFaulty("too slow")
            return tuple(self.units[place:])


@dataclass
class FakeStream:
    window: FakeWindow = field(default_factory=FakeWindow)
    trouble: CameraError | None = None
    needs: int = 0
    needed_ever: int = 0
    on_needed: Callable[[], object] = lambda: None

    @contextmanager
    def needed(self) -> Iterator[None]:
        self.on_needed()
        self.needs += 1
        self.needed_ever += 1
        try:
            yield
        finally:
            self.needs -= 1


@dataclass
class ScriptedWindow(FakeWindow):
    """Each reading brings what comes next, and the time that then is."""

    def __init__(self, now: "Now") -> None:
        super().__init__()
        self.now = now
        self.script: deque[tuple[float, tuple[AccessUnit, ...]]] = deque()

    def read(self, place: int, patience: float) -> tuple[AccessUnit, ...] | None:
        if len(self.units) > place:
            return super().read(place, 0)
        if not self.script:
            self.now.seconds += patience
            return ()
        self.now.seconds, units = self.script.popleft()
        self.put(*units)
        return super().read(place, 0)

    def play(self, units: tuple[AccessUnit, ...]) -> None:
        """Let each come at its own time."""
        self.script.extend((unit.received_at, (unit,)) for unit in units)


@dataclass
class Now:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds
