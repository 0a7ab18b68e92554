"""What the camera's encoder is set to, as its web page would show it."""

from dataclasses import dataclass, replace
from enum import StrEnum

MODULO_SECONDS = 10
"""The clock in the picture is the time of day modulo this."""


class Codec(StrEnum):
    H264 = "H.264"
    H265 = "H.265"


class Tint(StrEnum):
    """A picture of one colour, as decoders make of frames whose reference was lost."""

    GREY = "grey"
    GREEN = "green"


@dataclass(frozen=True)
class Film:
    """A loop of photographs with a clock in the picture.

    Attributes:
        size: pixels, width and height; both even.
        fps: pictures a second; a divisor of 90000.
        key_frame_distance: pictures from one key frame to the next, as `GOP` in the camera's own settings; the loop
            begins with a key frame, so that `fps * MODULO_SECONDS` is the largest that makes a difference.
        b_frames: at most so many in a row.
        slices: pieces that each picture is coded in, a NAL unit each.
        bit_rate: bits a second, the most the encoder may use.
        noise: standard deviation of the sensor's noise in grey levels; without it the pictures in between are empty.

    Raises:
        ValueError: a number that no camera can be set to.
    """

    size: tuple[int, int] = (1280, 720)
    fps: int = 15
    key_frame_distance: int = 15
    codec: Codec = Codec.H264
    b_frames: int = 0
    slices: int = 1
    bit_rate: int = 4_000_000
    noise: float = 2.0
    tint: Tint | None = None

    def __post_init__(self) -> None:
        if any(side % 2 or not 160 <= side <= 4096 for side in self.size):  # noqa: PLR2004 (said in the message)
            raise ValueError("a film's sides are even, 160 to 4096 pixels")
        if (
            self.fps < 1
            or self.b_frames < 0
            or 90_000 % self.fps
            or min(self.key_frame_distance, self.bit_rate, self.slices) < 1
        ):
            raise ValueError("a film has 1 or more pictures a second, a divisor of 90000, and key frames")

    @property
    def pictures(self) -> int:
        return self.fps * MODULO_SECONDS

    def sub(self) -> "Film":
        """Give what the same camera sends as its second stream: at most 640 pixels wide, an eighth of the bits."""
        width = min(640, self.size[0])
        height = width * self.size[1] // self.size[0] // 2 * 2
        return replace(self, size=(width, max(160, height)), bit_rate=max(1, self.bit_rate // 8))
