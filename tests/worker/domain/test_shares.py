import pytest

from worker.domain.shares import MAX_IN_HAND, MAX_IN_WORK, MAX_TURNED_AWAY, Load, Shares

CAMERAS = [1, 2, 3, 13, 50]


@pytest.mark.parametrize("cameras", CAMERAS)
@pytest.mark.parametrize("concurrency", [1, 4, 50])
def test_all_shares_together_are_what_one_worker_may_have(cameras: int, concurrency: int) -> None:
    shares = Shares(cameras, concurrency)
    assert 1 <= shares.in_work <= concurrency
    assert shares.in_work * cameras <= MAX_IN_WORK
    assert shares.in_work <= shares.in_hand
    assert shares.in_hand * cameras <= MAX_IN_HAND


@pytest.mark.parametrize("cameras", CAMERAS[1:])
@pytest.mark.parametrize("concurrency", [1, 4, 50])
def test_however_full_the_others_are_a_camera_has_room(cameras: int, concurrency: int) -> None:
    shares = Shares(cameras, concurrency)
    full = Load(shares.in_hand, shares.in_hand)
    loads = {str(number): full for number in range(cameras - 1)}
    assert not shares.has_room(full)
    assert shares.has_room(Load())
    assert shares.room(loads, turned_away=0) > 0
    assert shares.room({**loads, "last": full}, turned_away=0) == 0


def test_no_more_are_asked_for_than_can_be_turned_away() -> None:
    shares = Shares(3, 4)
    assert shares.room({}, turned_away=0) == MAX_TURNED_AWAY
    assert shares.room({}, turned_away=MAX_TURNED_AWAY) <= 0


def test_what_only_waits_for_the_speaker_leaves_room_until_too_many_are_in_hand() -> None:
    shares = Shares(1, 4)
    assert shares.room({"lobby": Load(in_work=1, in_hand=50)}, turned_away=0) == 3
    assert shares.room({"lobby": Load(in_work=0, in_hand=MAX_IN_HAND - 2)}, turned_away=0) == 2
