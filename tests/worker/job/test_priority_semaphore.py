import itertools
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Barrier, Event

import pytest

from worker.job.priority_semaphore import NotAdmitted, PrioritySemaphore

LONG = 20.0


def free(turns: PrioritySemaphore) -> int:
    """How many could have a turn now."""
    with ExitStack() as taken, suppress(NotAdmitted):
        for number in itertools.count():
            free = number
            taken.enter_context(turns.permit(0))
    return free


class Visitors:
    """Threads that take turns and write down the order in which they had one."""

    def __init__(self, turns: PrioritySemaphore, pool: ThreadPoolExecutor) -> None:
        self.turns = turns
        self.order: list[str] = []
        self._pool = pool
        self._came = 0

    def come(self, name: str, rank: int = 0, timeout: float = LONG) -> "Future[None]":
        visit = self._pool.submit(self._visit, name, rank, timeout)
        self._came += 1
        self._await_arrival()
        return visit

    def _await_arrival(self) -> None:
        # Nobody wakes a watcher when somebody merely queues up: looked at again until it has happened.
        arrived = Event()
        while len(self.turns._waiting) < self._came:
            arrived.wait(0.001)

    def _visit(self, name: str, rank: int, timeout: float) -> None:
        with self.turns.permit(timeout, rank):
            self.order.append(name)


@pytest.fixture
def pool() -> "ThreadPoolExecutor":
    return ThreadPoolExecutor(16)


def test_lower_ranks_come_first_and_within_a_rank_whoever_came_first(pool: ThreadPoolExecutor) -> None:
    turns = PrioritySemaphore()
    visitors = Visitors(turns, pool)
    with pool:
        with turns.permit(0):
            visits = [visitors.come(name, rank) for name, rank in [("a", 1), ("b", 0), ("c", 1), ("d", 0)]]
        for visit in visits:
            visit.result(LONG)
    assert visitors.order == ["b", "d", "a", "c"]


def test_as_many_have_a_turn_as_there_are_places(pool: ThreadPoolExecutor) -> None:
    turns, inside = PrioritySemaphore(3), Barrier(3)

    def meet() -> None:
        with turns.permit(LONG):
            inside.wait(LONG)

    with pool:
        for meeting in [pool.submit(meet) for _ in range(12)]:
            meeting.result(LONG)
    assert free(turns) == 3


def test_never_more_than_one_has_the_only_place(pool: ThreadPoolExecutor) -> None:
    turns, all_at_once = PrioritySemaphore(), Barrier(8)
    inside: list[int] = []
    seen: list[int] = []

    def visit(number: int) -> None:
        all_at_once.wait(LONG)
        for _ in range(20):
            with turns.permit(LONG):
                inside.append(number)
                seen.append(len(inside))
                inside.remove(number)

    with pool:
        for done in [pool.submit(visit, number) for number in range(8)]:
            done.result(LONG)
    assert seen == [1] * 160


@pytest.mark.parametrize("timeout", [0.0, -5.0, 0.01])
def test_no_turn_in_time_is_refused_and_the_next_in_line_is_not_held_up(timeout: float) -> None:
    turns = PrioritySemaphore()
    with turns.permit(0), pytest.raises(NotAdmitted), turns.permit(timeout):
        pass
    with turns.permit(0):
        assert free(turns) == 0


def test_one_who_gives_up_makes_way_for_those_behind(pool: ThreadPoolExecutor) -> None:
    turns = PrioritySemaphore()
    visitors = Visitors(turns, pool)
    with pool:
        with turns.permit(0):
            patient = visitors.come("patient", rank=1)
            with pytest.raises(NotAdmitted), turns.permit(0):
                pass
        patient.result(LONG)
    assert visitors.order == ["patient"]


def test_closed_turns_refuse_who_waits_and_who_comes_and_let_go_on_who_has_one(pool: ThreadPoolExecutor) -> None:
    turns = PrioritySemaphore()
    visitors = Visitors(turns, pool)
    with pool:
        with turns.permit(0):
            waiting = visitors.come("waiting")
            turns.close()
            with pytest.raises(NotAdmitted):
                waiting.result(LONG)
        with pytest.raises(NotAdmitted), turns.permit(0):
            pass
    assert visitors.order == []


@pytest.mark.parametrize("end", [0, 1, 2])
def test_a_turn_ended_early_is_given_back_once(end: int) -> None:
    turns = PrioritySemaphore()
    with turns.permit(0) as turn:
        for _ in range(end):
            turn.release()
        assert free(turns) == min(end, 1)
    assert free(turns) == 1


def test_an_error_gives_the_place_back() -> None:
    turns = PrioritySemaphore()

    with pytest.raises(KeyError), turns.permit(0):
        raise KeyError
    assert free(turns) == 1
