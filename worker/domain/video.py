"""A camera's stream, as its pictures come: encoded, in the order in which they are sent."""

from dataclasses import dataclass, field
from enum import StrEnum

TICKS_PER_SECOND = 90_000
"""RTP's clock for video (RFC 6184, RFC 7798)."""

MAX_CLIP_BYTES = 300_000_000
"""A minute at 40 Mbit/s, more than any camera's setting; what arrives is untrusted, and the disk is the spool's."""


class Codec(StrEnum):
    """By FFmpeg's names."""

    H264 = "h264"
    H265 = "hevc"


@dataclass(frozen=True)
class AccessUnit:
    """One encoded picture."""

    codec: Codec
    data: bytes = field(repr=False)
    """NAL units behind start codes (Annex B); of a key frame with its parameter sets in front."""
    key: bool
    """Whether decoding can begin here."""
    ticks: int
    """When it is to be shown: 90 kHz, never wrapping round. With B-frames it does not rise from one to the next."""
    received_at: float
    """When its last packet came, by the monotonic clock in seconds."""


@dataclass(frozen=True)
class ClipWish:
    """What a clip is to be, in seconds."""

    seconds: float
    before: float = 0.0
    """How far it reaches back before the moment when it is asked for, as far as there are pictures."""
    look_every: float = 0.0
    """One picture every so often is looked at; 0: none."""


@dataclass(frozen=True)
class Recorded:
    """What a recording came to."""

    seconds: float
    shortened_by: str | None = None
    """Why it is shorter than was wished."""
