"""Each test is the course of one board: somebody looks, time passes, records come and go."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from board.aws.table import PAGE
from board.domain.errors import CloudError, CloudUnavailable
from board.domain.item import Item
from board.domain.tally import Tally, slot, tallies_of, total
from board.domain.watched import read_watch
from board.history import MAX_WATCHES, History
from board.refresher import Refresher
from board.rollup import LEFT_SECONDS, RENEWED_SECONDS, WHOLE_SECONDS, Rollup, Source
from tests.board.fakes import NOW, FakeTable, record
from tests.board.watched import ENDED, bucket_at

SINCE = slot(NOW - timedelta(days=30))
LONG = 10.0


class Course:
    """Its clocks go on only when it is told to."""

    def __init__(self) -> None:
        self.table = FakeTable()
        self.passed = 1000.0
        self.refresher = Refresher(self.table, self.now, lambda: self.passed)
        self.rollup = Rollup[Tally](Source("lobby", (), tallies_of, timedelta(hours=2)))

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed - 1000)

    def later(self, seconds: float) -> None:
        self.passed += seconds

    async def look(self, since: str = SINCE) -> int:
        """Presses that are counted, once all was read that this look asked for."""
        await self.refresher.look([self.rollup], since, LONG)
        await self.rollup.reread.wait()
        return total(self.rollup.kept.values()).presses


def course(steps: Callable[[Course], Awaitable[None]]) -> None:
    async def play() -> None:
        async with running(Course()) as begun:
            await steps(begun)

    asyncio.run(play())


@asynccontextmanager
async def running(begun: Course) -> AsyncIterator[Course]:
    task = asyncio.create_task(begun.refresher.run())
    try:
        yield begun
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def old(number: int, **more: Any) -> Item:
    at = NOW - timedelta(hours=5 + number)
    return record(capture_id=f"{at.isoformat(timespec='milliseconds').replace('+00:00', 'Z')}#{number}", **more)


def test_nothing_is_read_of_what_nobody_looks_at() -> None:
    async def steps(board: Course) -> None:
        board.table.put(**record())
        other = Rollup[Tally](Source("hall", (), tallies_of, timedelta(hours=2)))
        await board.refresher.look([other], SINCE, LONG)
        assert set(board.table.calls) == {"hall"}
        await board.look()
        calls = board.table.calls.count("lobby")
        board.later(2 * WHOLE_SECONDS)
        await board.refresher.look([other], SINCE, LONG)
        await other.reread.wait()
        assert board.table.calls.count("lobby") == calls

    course(steps)


def test_each_record_is_read_once_and_then_only_what_is_new() -> None:
    async def steps(board: Course) -> None:
        for number in range(600):
            board.table.put(**old(number))
        assert await board.look() == 600
        read = len(board.table.calls)
        assert read == -(-600 // PAGE)
        board.later(RENEWED_SECONDS)
        board.table.put(**record())
        assert await board.look() == 601
        assert len(board.table.calls) == read + 1

    course(steps)


def test_who_looks_again_at_once_asks_aws_nothing() -> None:
    async def steps(board: Course) -> None:
        board.table.put(**record())
        await board.look()
        calls = len(board.table.calls)
        await asyncio.gather(*(board.look() for _ in range(30)))
        assert len(board.table.calls) == calls

    course(steps)


def test_a_record_that_changes_after_it_appeared_counts_as_what_it_is_now() -> None:
    async def steps(board: Course) -> None:
        board.table.put(**record(status="in_progress", speech=None))
        await board.look()
        board.table.put(**record(status="failed"))
        board.later(RENEWED_SECONDS)
        assert await board.look() == 1
        assert total(board.rollup.kept.values()).counts["failed"] == 1  # type: ignore[index]

    course(steps)


def test_what_was_forgotten_leaves_the_figures() -> None:
    async def steps(board: Course) -> None:
        for number in range(300):
            board.table.put(**old(number))
        await board.look()
        board.table.items.pop(("lobby", old(7)["capture_id"]))
        board.table.put(camera="lobby", capture_id=old(9)["capture_id"], status="forgotten")
        board.later(WHOLE_SECONDS - 1)
        assert await board.look() == 300
        board.later(1)
        assert await board.look() == 298

    course(steps)


def test_who_looks_further_back_has_only_the_rest_read() -> None:
    async def steps(board: Course) -> None:
        for number in range(400):
            board.table.put(**old(number))
        week = await board.look(slot(NOW - timedelta(days=7)))
        assert week == len([number for number in range(400) if 5 + number <= 7 * 24])
        board.later(RENEWED_SECONDS)
        assert await board.look() == 400

    course(steps)


def test_presses_of_one_slot_that_two_answers_part_are_counted_once_each() -> None:
    async def steps(board: Course) -> None:
        for number in range(600):
            board.table.put(**record(capture_id=f"2026-11-22T10:00:00.{number:03}Z#x"))
        assert await board.look() == 600
        board.later(WHOLE_SECONDS)
        assert await board.look() == 600

    course(steps)


def test_a_page_does_not_wait_for_the_end_and_finds_what_there_is() -> None:
    async def steps(board: Course) -> None:
        first, gate = Event(), Event()
        answered = board.table.pages

        def pages(*arguments: Any, **more: Any) -> Iterator[list[Item]]:
            for number, page in enumerate(answered(*arguments, **more)):
                if number:
                    first.set()
                    assert gate.wait(LONG)
                yield page

        board.table.pages = pages  # type: ignore[method-assign]
        for number in range(300):
            board.table.put(**old(number))
        await board.refresher.look([board.rollup], SINCE, 0.05)
        assert await asyncio.to_thread(first.wait, LONG)
        assert (board.rollup.records, board.rollup.whole) == (PAGE, False)
        gate.set()
        assert await board.look() == 300
        assert board.rollup.whole

    course(steps)


def test_what_nobody_waits_for_any_more_is_left_and_later_gone_on_with() -> None:
    async def steps(board: Course) -> None:
        answered = board.table.pages

        def pages(*arguments: Any, **more: Any) -> Iterator[list[Item]]:
            for page in answered(*arguments, **more):
                yield page
                board.later(LEFT_SECONDS)

        board.table.pages = pages  # type: ignore[method-assign]
        for number in range(700):
            board.table.put(**old(number))
        assert await board.look() == 2 * PAGE
        assert not board.rollup.whole
        board.table.pages = answered  # type: ignore[method-assign]
        assert await board.look() == 700
        assert board.rollup.whole

    course(steps)


def test_trouble_is_told_what_is_there_stays_and_the_next_look_tries_again() -> None:
    async def steps(board: Course) -> None:
        board.table.put(**record())
        await board.look()
        board.table.error = CloudUnavailable("dynamodb:Query: no answer")
        board.later(RENEWED_SECONDS)
        assert await board.look() == 1
        assert isinstance(board.rollup.trouble, CloudUnavailable)
        board.table.error = None
        board.later(RENEWED_SECONDS)
        assert await board.look() == 1
        assert board.rollup.trouble is None

    course(steps)


def test_who_needs_all_of_it_is_told_of_trouble() -> None:
    async def steps(board: Course) -> None:
        board.table.error = CloudUnavailable("dynamodb:Query: no answer")
        with pytest.raises(CloudError):
            await board.refresher.look_until_whole([board.rollup], SINCE)

    course(steps)


def test_a_mistake_in_one_rollup_leaves_the_others_alone() -> None:
    def broken(_page: list[Item]) -> dict[str, Tally]:
        raise ZeroDivisionError

    async def steps(board: Course) -> None:
        board.table.put(**record())
        bad = Rollup[Tally](Source("lobby", (), broken, timedelta(hours=2)))
        await board.refresher.look([bad], SINCE, LONG)
        assert "ZeroDivisionError" in str(bad.trouble)
        assert await board.look() == 1

    course(steps)


def test_a_mistake_in_reading_everything_again_leaves_the_others_alone() -> None:
    mistaken = Event()

    def digest(page: list[Item]) -> dict[str, Tally]:
        if mistaken.is_set():
            raise ZeroDivisionError
        return tallies_of(page)

    async def steps(board: Course) -> None:
        board.table.put(**old(1))
        bad = Rollup[Tally](Source("lobby", (), digest, timedelta(hours=2)))
        await board.refresher.look([bad], SINCE, LONG)
        mistaken.set()
        board.later(WHOLE_SECONDS)
        await board.refresher.look([bad], SINCE, LONG)
        await bad.reread.wait()
        assert "ZeroDivisionError" in str(bad.trouble)
        assert await board.look() == 1

    course(steps)


def test_a_watch_that_has_ended_is_read_once() -> None:
    async def steps(board: Course) -> None:
        for second in range(6):
            board.table.put(**bucket_at(f"18:01:{second}0", 40))
        rollup = History(board.table, ["lobby"], board.now).minutes(read_watch(ENDED))
        await board.refresher.look([rollup], "2026-11-22T18:00", LONG)
        assert rollup.kept["2026-11-22T18:01"].scores["left"].count == 6
        calls = len(board.table.calls)
        board.later(2 * WHOLE_SECONDS)
        await board.refresher.look([rollup], "2026-11-22T18:00", LONG)
        assert len(board.table.calls) == calls

    course(steps)


def test_a_watch_that_runs_grows_by_what_is_new() -> None:
    async def steps(board: Course) -> None:
        watch = read_watch({name: value for name, value in ENDED.items() if name != "ended_at"} | {"status": "running"})
        rollup = History(board.table, ["lobby"], board.now).minutes(watch)
        for at in ("18:01:00", "18:44:50"):
            board.table.put(**bucket_at(at, 40))
        await board.refresher.look([rollup], "2026-11-22T18:00", LONG)
        board.table.put(**bucket_at("18:45:00", 50))
        board.later(RENEWED_SECONDS)
        await board.refresher.look([rollup], "2026-11-22T18:00", LONG)
        counted = {at: minute.scores["left"].count for at, minute in rollup.kept.items()}
        assert counted == {"2026-11-22T18:01": 1, "2026-11-22T18:44": 1, "2026-11-22T18:45": 1}

    course(steps)


def test_the_measurements_of_few_watches_are_kept() -> None:
    history = History(FakeTable(), ["lobby"], lambda: NOW)
    watches = [read_watch({**ENDED, "capture_id": f"2026-11-22T18:00:00.000Z#{number}"}) for number in range(20)]
    first = history.minutes(watches[0])
    for watch in watches[1:MAX_WATCHES]:
        history.minutes(watch)
    assert history.minutes(watches[0]) is first
    for watch in watches[MAX_WATCHES:]:
        history.minutes(watch)
    assert history.minutes(watches[0]) is not first
