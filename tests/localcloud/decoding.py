"""G.711 read back as the standard's tables read, so that the encoder is not tested against itself."""

import numpy as np
from numpy.typing import NDArray


def decode_alaw(encoded: bytes) -> NDArray[np.int16]:
    return np.array([_ALAW[code] for code in encoded], np.int16)


def decode_mulaw(encoded: bytes) -> NDArray[np.int16]:
    return np.array([_MULAW[code] for code in encoded], np.int16)


def _alaw_value(code: int) -> int:
    plain = code ^ 0x55
    segment, step = plain >> 4 & 7, plain & 15
    magnitude = (step * 2 + 1) << 3 if segment == 0 else (step * 2 + 33) << (segment + 2)
    return magnitude if plain & 0x80 else -magnitude


def _mulaw_value(code: int) -> int:
    plain = code ^ 0xFF
    segment, step = plain >> 4 & 7, plain & 15
    magnitude = ((step * 2 + 33) << (segment + 2)) - 132
    return -magnitude if plain & 0x80 else magnitude


_ALAW = [_alaw_value(code) for code in range(256)]
_MULAW = [_mulaw_value(code) for code in range(256)]
