from threading import Event

from worker.runtime.upkeep import beside

LONG = 20.0


def test_tasks_run_beside_the_body_and_are_told_to_end() -> None:
    started, ended = Event(), Event()

    def task(stopping: Event) -> None:
        started.set()
        stopping.wait(LONG)
        ended.set()

    with beside([task]):
        assert started.wait(LONG)
    assert ended.wait(LONG)


def test_tasks_that_hang_do_not_keep_the_end() -> None:
    may_end = Event()

    def hang(_stopping: Event) -> None:
        may_end.wait(LONG)

    with beside([hang] * 3):
        pass
    # Here, although none of them has ended.
    may_end.set()
