"""The chime before a text: two tones that die away, computed, so that it is nobody's recording."""

import math
from functools import cache

from worker.domain.sound import BYTES_PER_SECOND, AudioFormat

SECONDS = 0.5
TONES_HZ = (659.26, 523.25)
"""E5, then C5: a doorbell's third."""
PEAK = 0.5
"""Of full scale, about -6 dB: as loud as speech, and not louder."""

_SECOND_TONE_AT = 0.17
_SILENT_FROM = 0.45
"""The rest parts it from the first word."""
_ATTACK_SECONDS = 0.005
_DECAY_SECONDS = 0.09
_FULL_SCALE = 32_767


@cache
def chime(audio_format: AudioFormat) -> bytes:
    """Half a second of headerless 8 kHz G.711, which ends in silence."""
    encode = {"alaw": _alaw, "mulaw": _mulaw}[audio_format]
    samples = range(round(SECONDS * BYTES_PER_SECOND))
    return bytes(encode(round(_FULL_SCALE * _wave(sample / BYTES_PER_SECOND))) for sample in samples)


def _wave(at: float) -> float:
    """Between -PEAK and PEAK, `at` so many seconds; each tone gives way to the next."""
    if at >= _SILENT_FROM:
        return 0.0
    first, second = TONES_HZ
    if at < _SECOND_TONE_AT:
        return _tone(first, at, _SECOND_TONE_AT)
    return _tone(second, at - _SECOND_TONE_AT, _SILENT_FROM - _SECOND_TONE_AT)


def _tone(hertz: float, at: float, lasts: float) -> float:
    """Neither its beginning nor its end clicks."""
    edges = min(1.0, at / _ATTACK_SECONDS, (lasts - at) / _ATTACK_SECONDS)
    return PEAK * edges * math.exp(-at / _DECAY_SECONDS) * math.sin(2 * math.pi * hertz * at)


def _alaw(sample: int) -> int:
    """ITU-T G.711, table 1: sign, segment and four bits of a 13-bit magnitude, every other bit inverted."""
    magnitude = (sample if sample >= 0 else ~sample) >> 4
    segment = max(0, magnitude.bit_length() - 4)
    code = segment << 4 | magnitude >> max(segment - 1, 0) & 0x0F
    # The lowest two segments share one step size, so the first has no leading one to drop.
    return code ^ (0xD5 if sample >= 0 else 0x55)


def _mulaw(sample: int) -> int:
    """ITU-T G.711, table 2: the magnitude is moved up by 132, so that its segments begin at powers of two."""
    magnitude = min(abs(sample), 32_635) + 132
    segment = magnitude.bit_length() - 8
    code = segment << 4 | magnitude >> (segment + 3) & 0x0F
    return ~(code | (0x80 if sample < 0 else 0)) & 0xFF
