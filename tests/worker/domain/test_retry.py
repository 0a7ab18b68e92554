import pytest

from worker.domain.retry import UNKNOWN_REDRIVE, Redrive, is_last_receive, poll_delay, rejected_delay, retry_delay


def middle() -> float:
    return 0.5


def lowest() -> float:
    return 0.0


def highest() -> float:
    return 0.999_999


@pytest.mark.parametrize(("receive_count", "seconds"), [(1, 2), (2, 8), (3, 30), (4, 60), (5, 60), (99, 60)])
def test_retries_follow_the_schedule(receive_count: int, seconds: int) -> None:
    assert retry_delay(receive_count, middle) == seconds


def test_retries_are_jittered_by_a_fifth() -> None:
    assert (retry_delay(4, lowest), retry_delay(4, highest)) == (48, 72)
    assert retry_delay(1, lowest) >= 1


@pytest.mark.parametrize(
    ("receive_count", "max_receive_count", "last"),
    [(1, 5, False), (4, 5, False), (5, 5, True), (6, 5, True), (1, 1, True), (4, None, False), (5, None, True)],
)
def test_the_last_receive_is_the_queue_s(receive_count: int, max_receive_count: int | None, *, last: bool) -> None:
    assert is_last_receive(receive_count, Redrive(known=True, max_receive_count=max_receive_count)) is last


def test_while_the_policy_is_unknown_a_press_is_given_up_before_most_queues_would() -> None:
    assert [is_last_receive(count, UNKNOWN_REDRIVE) for count in (1, 2, 3)] == [False, False, True]


@pytest.mark.parametrize(("receive_count", "seconds"), [(1, 2), (2, 4), (10, 1024), (16, 43_140), (1000, 43_140)])
def test_without_a_dead_letter_queue_what_is_rejected_comes_back_ever_later(receive_count: int, seconds: int) -> None:
    assert rejected_delay(receive_count, Redrive(known=True, max_receive_count=None)) == seconds


def test_with_one_it_comes_back_at_once() -> None:
    assert rejected_delay(3, Redrive(known=True, max_receive_count=5)) == 0


def test_while_it_is_unknown_what_is_rejected_comes_back_ever_later() -> None:
    assert rejected_delay(3, UNKNOWN_REDRIVE) == 8


def test_a_failing_queue_is_left_alone_for_up_to_a_minute() -> None:
    assert [poll_delay(failures, lowest) for failures in (1, 2, 3, 7, 8, 10_000)] == [1, 2, 4, 60, 60, 60]
    assert poll_delay(7, highest) == pytest.approx(30, abs=0.1)
