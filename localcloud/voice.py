"""The local voice: English text to 16-bit speech."""

from threading import Lock

import numpy as np
from hibari import SAMPLE_RATE, Hibari
from numpy.typing import NDArray

from localcloud.resampling import resample

PEAK = 0.89  # -1 dBFS
# Lifts the quietest sentence to the peak, but not the model's noise floor when there is nothing to say.
MAX_GAIN = 8.0
# The model begins and ends with 0.3 s of near silence; nobody should wait for it in front of a camera.
SILENCE = 0.01
MARGIN = SAMPLE_RATE // 20


class Voice:
    """hibari-tts's own voice, the one whose model is in its package. Loads in about a second; safe among threads."""

    def __init__(self) -> None:
        self._model = Hibari(threads=1)
        self._lock = Lock()
        self.say("Ready.", 8000)

    def say(self, text: str, rate: int) -> NDArray[np.int16]:
        """Mono speech at `rate` Hz, the same for the same text; no samples where nothing can be pronounced."""
        with self._lock:
            speech: NDArray[np.float32] = self._model(text, seed=0)
        heard = resample(_trimmed(speech), SAMPLE_RATE, rate)
        levelled = np.clip(heard * _gain(heard), -PEAK, PEAK)
        return np.asarray(np.round(levelled * np.iinfo(np.int16).max), np.int16)


def _trimmed(speech: NDArray[np.float32]) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(speech) > SILENCE)
    return speech[max(loud[0] - MARGIN, 0) : loud[-1] + MARGIN] if loud.size else speech[:0]


def _gain(speech: NDArray[np.float32]) -> float:
    peak = float(np.abs(speech).max(initial=0.0))
    return min(PEAK / peak, MAX_GAIN) if peak else 1.0
