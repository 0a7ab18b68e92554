from concurrent.futures import ThreadPoolExecutor

import pytest

from worker.domain.errors import CameraFaulty
from worker.domain.video import AccessUnit, Codec
from worker.stream.window import MAX_BYTES, SLOW_SECONDS, Window

LONG = 20.0


def unit(at: float, *, key: bool = False, size: int = 10) -> AccessUnit:
    return AccessUnit(Codec.H264, bytes(size), key, round(at * 90_000), at)


def filled(window: Window, seconds: int) -> Window:
    """Ten pictures a second, a key frame every second."""
    for tenth in range(seconds * 10):
        window.put(unit(tenth / 10, key=tenth % 10 == 0))
    return window


def kept(window: Window) -> list[float]:
    return [one.received_at for one in window.read(window.place(float("-inf")), 0.0) or ()]


def test_the_tail_goes_from_the_newest_key_frame_to_the_newest_picture() -> None:
    assert [one.received_at for one in filled(Window(), 5).tail()] == [4.0 + tenth / 10 for tenth in range(10)]


def test_there_is_no_tail_without_a_key_frame() -> None:
    window = Window()
    window.put(unit(0.0))
    assert (window.tail(), window.size) == ((), 0)


@pytest.mark.parametrize("before", [0.0, 2.0, 5.0, 7.5])
def test_whole_groups_are_kept_that_reach_back_far_enough_and_no_more(before: float) -> None:
    oldest = kept(filled(Window(before), 20))[0]
    reach = 19.9 - before - SLOW_SECONDS
    assert reach - 1.0 < oldest <= reach
    assert oldest == int(oldest)


@pytest.mark.parametrize("before", [0.0, 3.0, 10.0])
def test_what_is_asked_for_is_not_gone_by_the_time_it_is_read(before: float) -> None:
    """As far back as can be asked for, and the pictures go on meanwhile."""
    window = filled(Window(before), 20)
    place = window.place(19.9 - before)
    for tenth in range(200, 215):
        window.put(unit(tenth / 10, key=tenth % 10 == 0))
    first, *_ = window.read(place, 0.0) or ()
    assert first.received_at == pytest.approx(int(19.9 - before))


def test_it_never_keeps_more_than_its_cap() -> None:
    window = Window(10.0)
    for at in range(60):
        window.put(unit(at / 10, key=at % 5 == 0, size=1024 * 1024))
        assert window.size <= MAX_BYTES
    assert window.tail()[0].key
    for at in range(60, 120):
        window.put(unit(at / 10, size=1024 * 1024))
        assert window.size <= MAX_BYTES
    assert not window.tail()


def test_a_place_is_that_of_the_newest_key_frame_that_came_by_then() -> None:
    window = filled(Window(5.0), 10)
    for since, found in [(8.5, 8.0), (9.0, 9.0), (99.0, 9.0), (0.0, 2.0)]:
        units = window.read(window.place(since), 0.0)
        assert units
        assert (units[0].received_at, units[0].key) == (found, True)


def test_who_reads_along_gets_each_picture_once_and_in_order() -> None:
    window = Window()
    place, seen = window.place(0.0), []
    for tenth in range(100):
        window.put(unit(tenth / 10, key=tenth % 10 == 0))
        if tenth % 7 == 0:
            units = window.read(place, 0.0)
            assert units is not None
            place += len(units)
            seen += [one.received_at for one in units]
    assert seen == [tenth / 10 for tenth in range(99)]


def test_who_waits_gets_what_comes() -> None:
    window = Window()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(window.read, window.place(0.0), LONG)
        window.put(unit(1.0, key=True))
        units = waiting.result(LONG)
    assert units
    assert units[0].received_at == 1.0


def test_who_waits_too_long_gets_nothing() -> None:
    assert Window().read(0, 0.0) == ()


def test_who_is_too_slow_is_told() -> None:
    window = Window()
    place = window.place(0.0)
    filled(window, 10)
    with pytest.raises(CameraFaulty, match="quickly"):
        window.read(place, 0.0)


def test_the_end_is_told_to_who_waits() -> None:
    window = Window()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(window.read, 0, LONG)
        window.close()
        assert waiting.result(LONG) is None


def test_what_was_cleared_is_gone_and_the_places_go_on() -> None:
    window = filled(Window(), 3)
    window.clear()
    place = window.place(0.0)
    assert (window.tail(), window.size, window.read(place, 0.0)) == ((), 0, ())
    window.put(unit(9.0, key=True))
    assert [one.received_at for one in window.read(place, 0.0) or ()] == [9.0]
