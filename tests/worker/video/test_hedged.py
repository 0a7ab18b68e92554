import threading
from threading import Event, Lock

import pytest

from worker.domain.errors import CameraUnreachable
from worker.domain.photo import Snapshot
from worker.video.hedged import HedgedSnapshot

PHOTO = Snapshot(b"photo", 0.0)


class Lens:
    """Counts what is taken; whether the wait is `over` before a snapshot is asked for beside it, the test says."""

    def __init__(self, *, over: bool = False, error: Exception | None = None) -> None:
        self.over, self.error = over, error
        self.taken, self.waited = 0, list[float]()
        self.lock = Lock()
        self.snapshot = HedgedSnapshot(self._photograph, self.lock, self._over_within)

    def _photograph(self) -> Snapshot:
        assert self.lock.locked(), "two at a time"
        self.taken += 1
        if self.error is not None:
            raise self.error
        return PHOTO

    def _over_within(self, over: Event, seconds: float) -> bool:
        self.waited.append(seconds)
        return over.wait(10) if self.over else False


def wait_for_the_thread() -> None:
    for thread in threading.enumerate():
        if thread.name == "snapshot":
            thread.join(10)


def test_who_asks_at_once_gets_one() -> None:
    lens = Lens()
    assert not lens.snapshot.is_there()
    assert lens.snapshot.result() is PHOTO
    assert lens.taken == 1


def test_what_was_decoded_in_time_costs_the_camera_nothing() -> None:
    lens = Lens(over=True)
    with lens.snapshot.asked_after(0.08):
        assert not lens.snapshot.is_there()
    wait_for_the_thread()
    assert (lens.taken, lens.waited) == (0, [0.08])
    assert not lens.snapshot.is_there()


def test_a_picture_that_turns_out_damaged_in_time_is_made_good_by_one_snapshot() -> None:
    lens = Lens(over=True)
    with lens.snapshot.asked_after(0.08):
        pass
    wait_for_the_thread()
    assert lens.snapshot.result() is PHOTO
    assert lens.taken == 1


def test_one_that_was_asked_for_meanwhile_is_not_asked_for_again() -> None:
    lens = Lens()
    with lens.snapshot.asked_after(0.08):
        wait_for_the_thread()
        assert lens.snapshot.is_there()
    assert lens.snapshot.result() is PHOTO
    assert lens.taken == 1


def test_one_that_failed_is_not_there_and_says_why_to_whoever_needs_it() -> None:
    lens = Lens(error=CameraUnreachable("no answer"))
    with lens.snapshot.asked_after(0.08):
        wait_for_the_thread()
        assert not lens.snapshot.is_there()
    with pytest.raises(CameraUnreachable, match="no answer"):
        lens.snapshot.result()
    assert lens.taken == 1


def test_patience_that_ends_with_the_decoding_asks_for_nothing_any_more() -> None:
    lens = Lens()

    def at_the_same_moment(over: Event, _seconds: float) -> bool:
        assert over.wait(10)
        return False

    snapshot = HedgedSnapshot(lens._photograph, lens.lock, at_the_same_moment)
    with snapshot.asked_after(0.08):
        pass
    wait_for_the_thread()
    assert lens.taken == 0
    assert not snapshot.is_there()
