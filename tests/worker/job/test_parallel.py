from concurrent.futures import Future
from contextvars import ContextVar
from threading import Barrier, Event

import pytest

from worker.job.parallel import Parallel, settle

LONG = 20.0
subject: ContextVar[str] = ContextVar("subject")


def fail(error: BaseException) -> None:
    raise error


def test_steps_run_beside_each_other_and_the_body() -> None:
    together = Barrier(3)

    def meet() -> None:
        together.wait(LONG)

    with Parallel() as parallel:
        parallel.start(meet)
        parallel.start(meet)
        meet()
    assert together.n_waiting == 0


def test_the_body_ends_when_all_steps_have_ended() -> None:
    may_end, ended = Event(), Event()

    def step() -> None:
        may_end.wait(LONG)
        ended.set()

    with Parallel() as parallel:
        parallel.start(step)
        may_end.set()
    assert ended.is_set()


def test_how_a_step_ended_can_be_waited_for_where_it_is_settled() -> None:
    ended: Future[None] = Future()
    settle(ended, lambda: None)
    assert ended.result(LONG) is None
    failed: Future[None] = Future()
    settle(failed, lambda: fail(KeyError()))
    with pytest.raises(KeyError):
        failed.result(LONG)


def test_the_first_started_of_two_failing_steps_is_raised() -> None:
    second_has_failed = Event()

    def first() -> None:
        second_has_failed.wait(LONG)
        raise KeyError

    def second() -> None:
        second_has_failed.set()
        raise IndexError

    def job() -> None:
        with Parallel() as parallel:
            parallel.start(first)
            parallel.start(second)

    with pytest.raises(KeyError):
        job()


def test_the_body_s_own_error_goes_first_and_still_waits_for_the_steps() -> None:
    body_fails, ended = Event(), Event()

    def step() -> None:
        body_fails.wait(LONG)
        ended.set()
        raise IndexError

    def job() -> None:
        with Parallel() as parallel:
            parallel.start(step)
            body_fails.set()
            raise KeyError

    with pytest.raises(KeyError):
        job()
    assert ended.is_set()


def test_not_even_an_exit_is_lost() -> None:
    with pytest.raises(SystemExit), Parallel() as parallel:
        parallel.start(lambda: fail(SystemExit()))


def test_a_step_knows_the_context_it_was_started_in() -> None:
    subject.set("press 1")
    known: list[str] = []
    with Parallel() as parallel:
        parallel.start(lambda: known.append(subject.get()))
        subject.set("press 2")
    assert known == ["press 1"]
