import pytest

from worker.domain.errors import CameraUnreachable
from worker.domain.video import AccessUnit, Codec
from worker.video.doubt import MAX_AGE_SECONDS, Doubt, check_age, check_fresh, never


def pictures(*received_at: float) -> list[AccessUnit]:
    return [AccessUnit(Codec.H264, b"", number == 0, number, at) for number, at in enumerate(received_at)]


def test_the_newest_picture_counts_however_old_those_before_it_are() -> None:
    tail = pictures(10.0, 12.0, 14.9)
    assert check_fresh(tail, None, now=15.0) is tail[-1]


@pytest.mark.parametrize("age", [0.0, MAX_AGE_SECONDS])
def test_a_picture_of_up_to_two_seconds_ago_is_of_this_moment(age: float) -> None:
    assert MAX_AGE_SECONDS == 2
    check_age(age)
    [unit] = pictures(100.0)
    assert check_fresh([unit], None, now=100.0 + age) is unit


def test_an_older_one_is_doubted() -> None:
    with pytest.raises(Doubt, match="older than 2 s"):
        check_fresh(pictures(100.0), None, now=102.01)


def test_without_a_key_frame_there_is_nothing_to_believe() -> None:
    with pytest.raises(Doubt, match="no key frame"):
        check_fresh([], None, now=100.0)


def test_trouble_of_the_stream_is_told_before_anything_else() -> None:
    trouble = CameraUnreachable("no answer")
    with pytest.raises(Doubt, match="no answer") as raised:
        check_fresh(pictures(100.0), trouble, now=100.0)
    assert raised.value.__cause__ is trouble


def test_who_has_nothing_else_is_never_satisfied_before_the_end() -> None:
    assert not never()
