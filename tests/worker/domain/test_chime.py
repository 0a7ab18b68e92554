"""The chime, as a camera decodes it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from demo.camera.g711 import Encoding, decode
from localcloud.g711 import encode_alaw, encode_mulaw
from worker.domain.chime import TONES_HZ, _alaw, _mulaw, chime
from worker.domain.sound import BYTES_PER_SECOND, AudioFormat

ENCODINGS: dict[AudioFormat, Encoding] = {"alaw": Encoding.ALAW, "mulaw": Encoding.MULAW}
SILENCE: dict[AudioFormat, int] = {"alaw": 0xD5, "mulaw": 0xFF}
ALL_SAMPLES = np.arange(-32_768, 32_768, dtype=np.int16)
FORMATS: list[AudioFormat] = ["alaw", "mulaw"]

Samples = NDArray[np.int64]


def heard(audio_format: AudioFormat) -> Samples:
    return np.frombuffer(decode(chime(audio_format), ENCODINGS[audio_format]), "<i2").astype(np.int64)


@pytest.mark.parametrize("audio_format", FORMATS)
def test_it_lasts_half_a_second_and_ends_in_silence(audio_format: AudioFormat) -> None:
    sound = chime(audio_format)
    assert len(sound) == BYTES_PER_SECOND // 2
    assert set(sound[-320:]) == {SILENCE[audio_format]}


@pytest.mark.parametrize("audio_format", FORMATS)
def test_it_is_as_loud_as_speech_and_no_louder(audio_format: AudioFormat) -> None:
    decibels = 20 * np.log10(np.abs(heard(audio_format)).max() / 32_768)
    assert -7 < decibels < -5.5


@pytest.mark.parametrize("audio_format", FORMATS)
def test_it_dies_away_and_does_not_click(audio_format: AudioFormat) -> None:
    samples = np.abs(heard(audio_format))
    assert samples[0] < 16
    assert samples[3000:3500].max() < samples[1400:2000].max() / 3
    # The steepest that these tones get at this loudness; a click would be a step of its own.
    steepest = 16_384 * 2 * np.pi * TONES_HZ[0] / BYTES_PER_SECOND
    assert np.abs(np.diff(heard(audio_format))).max() < 1.1 * steepest


@pytest.mark.parametrize(("tone", "part"), [(TONES_HZ[0], slice(0, 1360)), (TONES_HZ[1], slice(1360, 3600))])
def test_it_has_two_tones(tone: float, part: slice) -> None:
    samples = heard("alaw")[part]
    spectrum = np.abs(np.fft.rfft(samples, BYTES_PER_SECOND))
    assert abs(int(spectrum.argmax()) - tone) < 10


def test_it_is_encoded_as_the_standard_says() -> None:
    assert bytes(map(_alaw, ALL_SAMPLES.tolist())) == encode_alaw(ALL_SAMPLES)
    assert bytes(map(_mulaw, ALL_SAMPLES.tolist())) == encode_mulaw(ALL_SAMPLES)
