import numpy as np
import pytest
from numpy.typing import NDArray

from localcloud.resampling import resample

RATE = 24_000


def tone(hertz: float, rate: int = RATE, seconds: float = 0.5) -> NDArray[np.float32]:
    instants = np.arange(round(rate * seconds)) / rate
    return np.sin(2 * np.pi * hertz * instants).astype(np.float32)


def loudness_db(samples: NDArray[np.float32]) -> float:
    """Against a full tone; the ends, where the filter sees the tone switched on and off, left out."""
    middle = samples[samples.size // 4 : -samples.size // 4]
    return float(20 * np.log10(np.sqrt(2 * np.mean(middle**2)) + 1e-12))


@pytest.mark.parametrize("new_rate", [8000, 16_000])
def test_the_sound_is_as_long_as_before(new_rate: int) -> None:
    assert new_rate // 2 == resample(tone(440), RATE, new_rate).size


@pytest.mark.parametrize("new_rate", [8000, 16_000])
def test_a_tone_of_speech_stays_where_it_was(new_rate: int) -> None:
    resampled = resample(tone(1000), RATE, new_rate)
    middle = slice(new_rate // 8, -new_rate // 8)
    assert np.allclose(tone(1000, new_rate)[middle], resampled[middle], atol=1e-3)


@pytest.mark.parametrize(("new_rate", "hertz"), [(8000, 3400), (16_000, 7000)])
def test_the_band_is_kept_up_to_its_edge(new_rate: int, hertz: float) -> None:
    assert loudness_db(resample(tone(hertz), RATE, new_rate)) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(("new_rate", "hertz"), [(8000, 4100), (8000, 7000), (16_000, 8200), (16_000, 11_000)])
def test_what_is_above_the_new_band_does_not_fold_back_into_it(new_rate: int, hertz: float) -> None:
    assert loudness_db(resample(tone(hertz), RATE, new_rate)) < -70


def test_nothing_stays_nothing() -> None:
    assert resample(np.zeros(0, np.float32), RATE, 8000).size == 0
