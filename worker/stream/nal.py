"""NAL units of H.264 (ITU-T H.264, table 7-1) and H.265 (ITU-T H.265, table 7-1), as far as their headers tell."""

from dataclasses import dataclass

from worker.domain.video import Codec

START_CODE = b"\x00\x00\x00\x01"


@dataclass(frozen=True)
class Syntax:
    """What the types of NAL units mean, and how RTP packs them (RFC 6184, RFC 7798)."""

    header_bytes: int
    shift: int
    """Of the type in the first byte."""
    mask: int
    keys: frozenset[int]
    """Slices of a picture at which decoding can begin: IDR, and IRAP."""
    slices: frozenset[int]
    parameter_sets: tuple[int, ...]
    """In the order in which they refer to each other."""
    dropped: frozenset[int]
    """Delimiters and padding."""
    aggregation: int
    """STAP-A, AP."""
    fragment: int
    """FU-A, FU."""

    def type_of(self, first_byte: int) -> int:
        return (first_byte >> self.shift) & self.mask


SYNTAX = {
    Codec.H264: Syntax(
        header_bytes=1,
        shift=0,
        mask=0x1F,
        keys=frozenset({5}),
        slices=frozenset(range(1, 6)),
        parameter_sets=(7, 8),
        dropped=frozenset({9, 10, 11, 12}),
        aggregation=24,
        fragment=28,
    ),
    Codec.H265: Syntax(
        header_bytes=2,
        shift=1,
        mask=0x3F,
        keys=frozenset(range(16, 24)),
        slices=frozenset(range(32)),
        parameter_sets=(32, 33, 34),
        dropped=frozenset({35, 36, 37, 38}),
        aggregation=48,
        fragment=49,
    ),
}
