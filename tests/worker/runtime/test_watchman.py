"""Who watches: one worker at a time, until its watch ends, and never after a stop."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from demo.program import PATIENCE_SECONDS
from tests.worker.watch.watches import FakeWatches
from worker.domain.errors import CloudUnavailable, LeaseLost
from worker.domain.press import Press
from worker.domain.watch import Standing, Watch
from worker.runtime.watchman import Watchman
from worker.watch.hold import Hold

START = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
WATCH = Watch.begun(Press("lobby", "6f1c", START), START, 60)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


class Worker:
    """A watchman, and a film that goes on until it is told to end."""

    def __init__(self, watches: FakeWatches, clock: Clock) -> None:
        self.began = Event()
        self.left = Event()
        self.films: list[tuple[Watch, str, Hold]] = []
        self.end: Callable[[Hold], None] = self._until_stopped
        self.watchman = Watchman("lobby", watches, clock, self._film, LEASE, clock.monotonic)

    def look(self) -> None:
        self.watchman.look()

    def films_now(self) -> bool:
        return self.began.is_set() and not self.left.is_set()

    def _film(self, watch: Watch, attempt: str, hold: Hold) -> None:
        self.films.append((watch, attempt, hold))
        self.began.set()
        try:
            self.end(hold)
            self.watchman.watches.leave("lobby", attempt)
        finally:
            self.left.set()

    def _until_stopped(self, hold: Hold) -> None:
        while not hold.stopped:
            hold.wait_until(hold._monotonic() + PATIENCE_SECONDS)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watches() -> FakeWatches:
    return FakeWatches(Standing(WATCH))


@pytest.fixture
def worker(watches: FakeWatches, clock: Clock) -> Worker:
    return Worker(watches, clock)


def test_a_watch_that_nobody_holds_is_filmed(worker: Worker, watches: FakeWatches) -> None:
    worker.look()
    assert worker.began.wait(PATIENCE_SECONDS)
    assert watches.now.attempt == worker.films[0][1]
    worker.watchman.let_go()


def test_only_one_of_two_workers_films(worker: Worker, watches: FakeWatches, clock: Clock) -> None:
    other = Worker(watches, clock)
    worker.look()
    other.look()
    assert worker.began.wait(PATIENCE_SECONDS)
    assert not other.films
    worker.watchman.let_go()


def test_a_stop_ends_it_and_leaves_the_camera(worker: Worker, watches: FakeWatches) -> None:
    worker.look()
    watches.stop("lobby", START + timedelta(seconds=9))
    worker.look()
    worker.watchman._filming.thread.join(PATIENCE_SECONDS)  # type: ignore[union-attr]
    assert watches.now.watch is None
    worker.look()
    assert len(worker.films) == 1


def test_a_watch_that_was_stopped_while_nobody_held_it_is_taken_only_to_be_ended(
    worker: Worker, watches: FakeWatches
) -> None:
    watches.stop("lobby", START + timedelta(seconds=9))
    worker.look()
    assert worker.began.wait(PATIENCE_SECONDS)
    assert worker.films[0][2].stopped


def test_a_holder_that_died_is_followed_once_its_lease_is_over(
    worker: Worker, watches: FakeWatches, clock: Clock
) -> None:
    watches.hold(WATCH, "dead", START + LEASE, START)
    worker.look()
    assert not worker.films
    clock.seconds = 30.5
    worker.look()
    assert worker.began.wait(PATIENCE_SECONDS)
    worker.watchman.let_go()


def test_a_worker_that_stops_lets_another_go_on_at_once(worker: Worker, watches: FakeWatches, clock: Clock) -> None:
    worker.look()
    assert worker.began.wait(PATIENCE_SECONDS)
    worker.watchman.let_go()
    assert worker.left.wait(PATIENCE_SECONDS)
    other = Worker(watches, clock)
    other.look()
    assert other.began.wait(PATIENCE_SECONDS)
    other.watchman.let_go()


def test_a_lease_that_another_has_taken_ends_the_filming(worker: Worker, watches: FakeWatches, clock: Clock) -> None:
    worker.look()
    assert worker.began.wait(PATIENCE_SECONDS)
    clock.seconds = 31
    watches.hold(WATCH, "other", START + 3 * LEASE, clock.now())
    worker.look()
    assert worker.left.wait(PATIENCE_SECONDS)
    assert watches.now.attempt == "other"


def test_a_table_that_does_not_answer_is_told_once_and_asked_again(worker: Worker, watches: FakeWatches) -> None:
    watches.failing = CloudUnavailable("away")
    worker.look()
    worker.look()
    watches.failing = None
    worker.look()
    assert worker.began.wait(PATIENCE_SECONDS)
    worker.watchman.let_go()


def test_an_end_that_could_not_be_written_is_tried_again(worker: Worker, watches: FakeWatches) -> None:
    def fail(_hold: Hold) -> None:
        raise CloudUnavailable("away")

    worker.end = fail
    worker.look()
    worker.watchman._filming.thread.join(PATIENCE_SECONDS)  # type: ignore[union-attr]
    assert watches.now == Standing(WATCH)
    worker.look()
    worker.watchman._filming.thread.join(PATIENCE_SECONDS)  # type: ignore[union-attr]
    assert len(worker.films) == 2


def test_no_watch_is_filmed_where_none_was_started(worker: Worker, watches: FakeWatches) -> None:
    watches.now = Standing()
    worker.look()
    assert not worker.films


def test_what_is_lost_is_not_left_to_somebody_else(worker: Worker, watches: FakeWatches) -> None:
    def lose(_hold: Hold) -> None:
        raise LeaseLost

    worker.end = lose
    worker.look()
    worker.watchman._filming.thread.join(PATIENCE_SECONDS)  # type: ignore[union-attr]
    assert watches.now.watch == WATCH
