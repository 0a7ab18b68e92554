from collections.abc import Iterator

import pytest

from worker.job.timings import Timings
from worker.runtime.observer import NOBODY


@pytest.fixture
def timings() -> Timings:
    """Made at 100 s; every look at the clock finds it a quarter of a second later."""
    seconds: Iterator[float] = iter(100 + step / 4 for step in range(100))
    return Timings(12, NOBODY, lambda: next(seconds))


def test_a_step_is_measured_by_itself(timings: Timings) -> None:
    with timings.step("snapshot"):
        pass
    with timings.step("faces"):
        pass
    assert timings.ms == {"queue": 12, "snapshot": 250, "faces": 250}


def test_a_step_is_measured_also_when_it_fails(timings: Timings) -> None:
    with pytest.raises(KeyError), timings.step("faces"):
        raise KeyError
    assert timings.ms["faces"] == 250


def test_a_mark_counts_from_the_receive(timings: Timings) -> None:
    with timings.step("snapshot"):
        pass
    timings.mark("speech_start")
    assert timings.ms["speech_start"] == 750
