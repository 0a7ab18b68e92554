"""The local voices: text in one of six kinds of speech to 16-bit samples."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from localcloud.resampling import resample

# What is not among them, such as en-AU, is spoken as the first that begins alike.
LANGUAGES = ("en-GB", "en-US", "de-DE", "es-ES", "fr-FR", "it-IT")
SAMPLE_RATE = 16_000
PROGRAM = Path(__file__).with_name("pico.py")
# Wall time, which on a busy machine is several times what pico.py allows itself.
MAX_SECONDS = 60
# What Pico takes for commands, some of which read and write files, begins with the one; the other ends its text.
NOT_TEXT = re.compile("[<\0]")

PEAK = 0.89  # -1 dBFS
# Lifts the quietest sentence to the peak, but not the noise floor when there is nothing to say.
MAX_GAIN = 8.0
# Pico ends with up to 0.6 s of near silence; nobody should wait for it in front of a camera.
SILENCE = 0.02
MARGIN = SAMPLE_RATE // 20


class CannotSayError(Exception):
    """The voice failed or did not come to an end; another text may succeed."""


class Voice:
    """Pico's voices, which come in the package py-nanotts. Safe among threads.

    Raises:
        CannotSayError: they do not work on this machine.
    """

    languages = frozenset(known.partition("-")[0] for known in LANGUAGES)

    def __init__(self) -> None:
        self.say("Ready.", 8000, LANGUAGES[0])

    def say(self, text: str, rate: int, language: str) -> NDArray[np.int16]:
        """Mono speech at `rate` Hz, the same for the same text; no samples where nothing can be pronounced.

        Of `language`, such as `en-AU`, the first part must be among `languages`. Raises CannotSayError.
        """
        pcm = np.frombuffer(_pcm(NOT_TEXT.sub(" ", text), _nearest(language)), "<i2")
        speech = pcm.astype(np.float32) / np.float32(2**15)
        heard = resample(_trimmed(speech), SAMPLE_RATE, rate)
        levelled = np.clip(heard * _gain(heard), -PEAK, PEAK)
        return np.asarray(np.round(levelled * np.iinfo(np.int16).max), np.int16)


def _nearest(language: str) -> str:
    first = language.partition("-")[0]
    return language if language in LANGUAGES else next(known for known in LANGUAGES if known.startswith(f"{first}-"))


def _pcm(text: str, language: str) -> bytes:
    command = [sys.executable, "-P", str(PROGRAM), language]
    try:
        said = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=MAX_SECONDS)  # noqa: S603 - pico.py
    except subprocess.CalledProcessError as error:
        raise CannotSayError(f"the local voice failed: {_reason(error)}") from error
    except subprocess.TimeoutExpired as error:
        raise CannotSayError(f"the local voice did not end within {MAX_SECONDS} seconds") from error
    return said.stdout


def _reason(error: subprocess.CalledProcessError) -> str:
    if error.returncode < 0:
        return f"ended by {signal.Signals(-error.returncode).name}"
    return str(error.stderr.decode(errors="replace").strip().rpartition("\n")[2])


def _trimmed(speech: NDArray[np.float32]) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(speech) > SILENCE)
    return speech[max(loud[0] - MARGIN, 0) : loud[-1] + MARGIN] if loud.size else speech[:0]


def _gain(speech: NDArray[np.float32]) -> float:
    peak = float(np.abs(speech).max(initial=0.0))
    return min(PEAK / peak, MAX_GAIN) if peak else 1.0
