"""Changing the sampling rate without the sound above the new band folding back into it."""

from functools import lru_cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

# Kaiser window: 80 dB down in the stop band, over a transition of a tenth of the new band below its edge.
STOP_BAND_DB = 80.0
KAISER_BETA = 0.1102 * (STOP_BAND_DB - 8.7)
TRANSITION = 0.1


def resample(samples: NDArray[np.float32], rate: int, new_rate: int) -> NDArray[np.float32]:
    """The same sound at `new_rate` Hz (not higher than `rate`), starting at the same instant."""
    up, down = new_rate // gcd(rate, new_rate), rate // gcd(rate, new_rate)
    if samples.size == 0 or up == down:
        return samples
    stuffed = np.zeros(samples.size * up, np.float32)
    stuffed[::up] = samples
    low_pass = _low_pass(down) * np.float32(up)
    centred = low_pass.size // 2
    filtered: NDArray[np.float32] = np.convolve(stuffed, low_pass)
    return filtered[centred : centred + stuffed.size : down]


@lru_cache(maxsize=4)
def _low_pass(down: int) -> NDArray[np.float32]:
    """A windowed sinc of unit gain which stops at 1/`down` of the band."""
    edge = 1 / down
    width = edge * TRANSITION
    half = int(np.ceil((STOP_BAND_DB - 7.95) / (2.285 * np.pi * width) / 2))
    taps = np.arange(-half, half + 1)
    kernel = np.sinc(taps * (edge - width / 2)) * np.kaiser(taps.size, KAISER_BETA)
    unit_gain: NDArray[np.float32] = (kernel / kernel.sum()).astype(np.float32)
    return unit_gain
