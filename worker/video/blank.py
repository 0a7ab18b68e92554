"""Pictures that decoders make of what never came: grey, or green."""

from worker.video.ffmpeg import av

ROWS = 64
"""So many rows of a plane are looked at."""
GREY_SHARE = 0.4
GREEN_SHARE = 0.05

_EIGHT_BITS = frozenset({"yuv420p", "yuvj420p"})
_ZERO = bytes(value <= 4 for value in range(256))  # noqa: PLR2004 - no camera's colour is so low: the range begins at 16
_MIDDLE = bytes(abs(value - 128) <= 1 for value in range(256))
"""What a decoder begins with where there is no picture to begin with."""


def tint(frame: av.VideoFrame) -> str | None:
    """Which of the two much of `frame` is, or None. A dark, white or foggy picture is neither, nor one by night."""
    seen = frame if frame.format.name in _EIGHT_BITS else frame.reformat(format="yuv420p")
    luma, blue, red = (_marks(plane, step) for plane, step in zip(seen.planes, (2, 1, 1), strict=True))
    points = max(1, len(blue[0]))
    if (_as_bits(blue[0]) & _as_bits(red[0])).bit_count() > points * GREEN_SHARE:
        return "green"
    grey = _as_bits(luma[1]) & _as_bits(blue[1]) & _as_bits(red[1])
    return "grey" if grey.bit_count() > points * GREY_SHARE else None


def _marks(plane: av.video.plane.VideoPlane, step: int) -> tuple[bytes, bytes]:
    """A byte for each point that is looked at, of every plane the same ones: 1 where it is zero, where it is middle."""
    data, width, height = memoryview(plane), plane.width // step, plane.height // step
    every = max(1, height // ROWS)
    rows = (row * step * plane.line_size for row in range(0, height, every))
    sample = b"".join(bytes(data[start : start + width * step : step]) for start in rows)
    return sample.translate(_ZERO), sample.translate(_MIDDLE)


def _as_bits(marks: bytes) -> int:
    return int.from_bytes(marks)
