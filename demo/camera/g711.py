"""G.711 as the speaker hears it: one byte a sample becomes 16-bit little-endian PCM (ITU-T G.711)."""

from collections.abc import Callable
from enum import StrEnum


class Encoding(StrEnum):
    """The media type a client names in Content-Type."""

    ALAW = "Audio/G.711A"
    MULAW = "Audio/G.711Mu"


def decode(audio: bytes, encoding: Encoding) -> bytes:
    """Give the same sound as 16-bit signed little-endian PCM, two bytes a sample."""
    table = _TABLES[encoding]
    return b"".join([table[code] for code in audio])


def _alaw(code: int) -> int:
    code ^= 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (mantissa << 4) + 8
    if exponent:
        magnitude = (magnitude + 0x100) << (exponent - 1)
    return magnitude if code & 0x80 else -magnitude


def _mulaw(code: int) -> int:
    code ^= 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return -magnitude if code & 0x80 else magnitude


def _table(sample: Callable[[int], int]) -> list[bytes]:
    return [sample(code).to_bytes(2, "little", signed=True) for code in range(256)]


_TABLES = {Encoding.ALAW: _table(_alaw), Encoding.MULAW: _table(_mulaw)}
