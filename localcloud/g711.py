"""ITU-T G.711: 16-bit linear samples to the logarithmic bytes of telephone lines and camera speakers.

Both laws keep a sign, the exponent of the magnitude (the segment) and the four bits below its leading one.
"""

import numpy as np
from numpy.typing import NDArray

# Makes the segments of the mu-law start at powers of two; louder than MULAW_CLIP would overflow the last one.
MULAW_BIAS = 132
MULAW_CLIP = 32_635


def encode_alaw(samples: NDArray[np.int16]) -> bytes:
    linear = samples.astype(np.int32)
    magnitude = np.where(linear < 0, ~linear, linear) >> 4
    # The lowest two segments share one step size, so the first has no leading one to drop.
    segment = np.maximum(_exponent(magnitude) - 3, 0)
    mantissa = magnitude >> np.maximum(segment - 1, 0) & 0x0F
    even_bits_inverted = np.where(linear < 0, 0x55, 0xD5)
    return bytes(((segment << 4 | mantissa) ^ even_bits_inverted).astype(np.uint8))


def encode_mulaw(samples: NDArray[np.int16]) -> bytes:
    linear = samples.astype(np.int32)
    magnitude = np.minimum(np.abs(linear), MULAW_CLIP) + MULAW_BIAS
    segment = _exponent(magnitude) - 7
    mantissa = magnitude >> (segment + 3) & 0x0F
    sign = np.where(linear < 0, 0x80, 0)
    return bytes((~(sign | segment << 4 | mantissa) & 0xFF).astype(np.uint8))


def _exponent(magnitude: NDArray[np.int32]) -> NDArray[np.int32]:
    """The position of the leading one; -1 for 0."""
    return np.frexp(magnitude)[1].astype(np.int32) - 1
