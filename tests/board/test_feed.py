"""One poller for all who look: what it asks, and what it tells."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest

from board.aws.captures import Captures
from board.aws.watches import Watches
from board.domain.captures import Stretch
from board.domain.errors import CloudUnavailable
from board.domain.events import Event, Kind, Topic
from board.domain.item import Item
from board.feed import MAX_VIEWERS, MAX_WAITING, NEWEST, Feed, Subscription, TooManyViewers
from tests.board.fakes import FakeTable, capture_id, record

PATIENCE_SECONDS = 20
LOBBY, WATCH = Topic(Kind.CAPTURE, "lobby"), Topic(Kind.WATCH, "lobby")
ONE_ROUND = 3600.0
"""A period: nothing is asked a second time."""


def made(table: FakeTable, period: float = 0.001) -> Feed:
    return Feed(Captures(table), Watches(table), period=period)


@asynccontextmanager
async def polling(feed: Feed) -> AsyncIterator[Feed]:
    poller = asyncio.create_task(feed.run())
    try:
        yield feed
    finally:
        poller.cancel()
        with suppress(asyncio.CancelledError):
            await poller


async def heard(viewer: Subscription) -> Event:
    event = await asyncio.wait_for(viewer.waiting.get(), PATIENCE_SECONDS)
    assert event is not None
    return event


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(scenario(), PATIENCE_SECONDS * 2)

    asyncio.run(within())


def test_thirty_viewers_cost_one_query(table: FakeTable) -> None:
    table.put(**record(44))

    async def scenario() -> None:
        feed = made(table, ONE_ROUND)
        async with AsyncExitStack() as stack:
            viewers = [await stack.enter_async_context(feed.following([LOBBY])) for _ in range(30)]
            async with polling(feed):
                for viewer in viewers:
                    assert (await heard(viewer)).data["capture_id"] == capture_id(44)
        assert table.calls == ["lobby"]

    run(scenario)


def test_nothing_is_asked_while_nobody_looks(table: FakeTable) -> None:
    table.put(**record(44))

    async def scenario() -> None:
        feed = made(table, 0.0)
        async with polling(feed):
            for _ in range(50):
                await asyncio.sleep(0)
            assert not table.calls
            async with feed.following([LOBBY]) as viewer:
                await heard(viewer)
            assert not feed._wanted.is_set()
            assert feed.last_seen("lobby", capture_id(44)) is None

    run(scenario)


def test_who_comes_later_begins_with_the_newest_state_and_costs_nothing(table: FakeTable) -> None:
    table.put(**record(43))
    table.put(**record(44))

    async def scenario() -> None:
        feed = made(table, ONE_ROUND)
        async with polling(feed), feed.following([LOBBY]) as first:
            await heard(first)
            await heard(first)
            async with feed.following([LOBBY]) as second:
                told = [await heard(second), await heard(second)]
        assert [event.data["capture_id"] for event in told] == [capture_id(43), capture_id(44)]
        assert told[0].data["photo"].startswith("photos/lobby/")
        assert table.calls == ["lobby"]

    run(scenario)


def test_what_is_new_and_what_changes_is_told_once(table: FakeTable) -> None:
    table.put(**record(43))

    async def scenario() -> None:
        feed = made(table)
        async with polling(feed), feed.following([LOBBY]) as viewer:
            await heard(viewer)
            table.put(**record(44, status="in_progress"))
            assert (await heard(viewer)).data["status"] == "in_progress"
            assert feed.last_seen("lobby", capture_id(44)) == table.items["lobby", capture_id(44)]
            table.put(**record(44))
            assert (await heard(viewer)).data["status"] == "completed"
            table.put(**record(45))
            assert (await heard(viewer)).data["capture_id"] == capture_id(45)

    run(scenario)


@pytest.mark.parametrize("stub", [True, False])
def test_what_was_forgotten_is_told_and_nothing_else_of_it(table: FakeTable, *, stub: bool) -> None:
    table.put(**record(43))
    table.put(**record(44))

    async def scenario() -> None:
        feed = made(table)
        async with polling(feed), feed.following([LOBBY]) as viewer:
            await heard(viewer)
            await heard(viewer)
            if stub:
                table.put(**record(44, status="forgotten"))
            else:
                del table.items["lobby", capture_id(44)]
            gone = {"camera": "lobby", "capture_id": capture_id(44), "status": "forgotten"}
            assert (await heard(viewer)).data == gone

    run(scenario)


def test_what_is_forgotten_is_told_however_old_it_is(table: FakeTable) -> None:
    for minute in range(NEWEST + 2):
        table.put(**record(minute))

    async def scenario() -> None:
        feed = made(table)
        async with polling(feed), feed.following([LOBBY]) as viewer:
            for _ in range(NEWEST):
                await heard(viewer)
            wish = {"camera": "lobby", "capture_id": capture_id(50), "command": "Forget", "forgets": capture_id(0)}
            table.put(**wish, status="in_progress")
            assert (await heard(viewer)).data["status"] == "in_progress"
            table.put(**wish, status="completed")
            gone = {"camera": "lobby", "capture_id": capture_id(0), "status": "forgotten"}
            assert [(await heard(viewer)).data for _ in range(2)] == [gone, {**wish, "status": "completed"}]

    run(scenario)


def test_what_grows_old_is_not_taken_for_deleted(table: FakeTable) -> None:
    for minute in range(NEWEST):
        table.put(**record(minute))

    async def scenario() -> None:
        feed = made(table)
        async with polling(feed), feed.following([LOBBY]) as viewer:
            for _ in range(NEWEST):
                await heard(viewer)
            table.put(**record(40))
            table.put(**record(41))
            told: list[Item] = []
            while not told or told[-1]["capture_id"] != capture_id(41):
                told.append((await heard(viewer)).data)
            assert all(data["status"] == "completed" for data in told)

    run(scenario)


def test_a_watch_is_told_as_a_whole(table: FakeTable) -> None:
    async def scenario() -> None:
        feed = made(table)
        async with polling(feed), feed.following([WATCH]) as viewer:
            assert (await heard(viewer)).data == {"camera": "lobby", "watch": None, "bucket": None}
            watch = table.put(camera="watch/lobby", capture_id=capture_id(44), status="running")
            assert (await heard(viewer)).data == {"camera": "lobby", "watch": watch, "bucket": None}

    run(scenario)


def test_trouble_is_told_once_and_so_is_its_end(table: FakeTable) -> None:
    async def scenario() -> None:
        feed = made(table)
        table.error = CloudUnavailable("no network")
        async with polling(feed), feed.following([LOBBY]) as viewer:
            assert (await heard(viewer)).data == {"camera": "lobby", "error": "no network"}
            async with feed.following([LOBBY]) as second:
                assert (await heard(second)).data["error"] == "no network"
            table.error = CloudUnavailable("still no network")
            assert (await heard(viewer)).data["error"] == "still no network"
            table.put(**record(44))
            table.error = None
            assert (await heard(viewer)).data == {"camera": "lobby", "error": None}
            assert (await heard(viewer)).data["capture_id"] == capture_id(44)

    run(scenario)


class OnceBroken(FakeTable):
    """Its first answer is one that nobody thought of."""

    def stretch(self, *asked: Any, **more: Any) -> Stretch:
        if not self.calls:
            self.calls.append("broken")
            raise ZeroDivisionError
        return super().stretch(*asked, **more)


def test_what_nobody_thought_of_is_told_and_does_not_end_the_poller() -> None:
    async def scenario() -> None:
        table = OnceBroken()
        table.put(**record(44))
        feed = made(table)
        async with feed.following([LOBBY]) as viewer, polling(feed):
            assert "ZeroDivisionError" in (await heard(viewer)).data["error"]
            assert (await heard(viewer)).data["error"] is None
            assert (await heard(viewer)).data["capture_id"] == capture_id(44)

    run(scenario)


class Lagging(FakeTable):
    """A table of which a replica is late: it answers, unless the read is a consistent one."""

    def __init__(self) -> None:
        super().__init__()
        self.late: FakeTable | None = None

    def newest(self, camera: str, limit: int, *, consistent: bool = False) -> list[Item]:
        if self.late is None or consistent:
            return super().newest(camera, limit)
        return self.late.newest(camera, limit)


def test_an_answer_that_is_older_than_the_one_before_takes_nothing_back() -> None:
    async def scenario() -> None:
        table = Lagging()
        table.put(**record(43))
        feed = made(table)
        async with polling(feed), feed.following([LOBBY]) as viewer:
            await heard(viewer)
            table.late = FakeTable()
            table.late.put(**record(43, status="in_progress"))
            for minute in (44, 45, 46):
                table.put(**record(minute))
                assert (await heard(viewer)).data["capture_id"] == capture_id(minute)

    run(scenario)


def test_who_follows_one_camera_hears_nothing_of_another(table: FakeTable) -> None:
    async def scenario() -> None:
        feed = made(table)
        async with polling(feed), feed.following([Topic(Kind.CAPTURE, "garden")]), feed.following([LOBBY]) as viewer:
            table.put(**record(43, "garden"))
            table.put(**record(44))
            assert (await heard(viewer)).data["camera"] == "lobby"

    run(scenario)


async def until_the_end(viewer: Subscription) -> list[Any]:
    return [event async for event in viewer.events(PATIENCE_SECONDS)]


def test_a_viewer_that_is_too_slow_is_sent_away(table: FakeTable) -> None:
    async def scenario() -> None:
        async with made(table).following([LOBBY]) as viewer:
            for _ in range(MAX_WAITING + 1):
                viewer.tell(Event(LOBBY, {}))
            assert await until_the_end(viewer) == []

    run(scenario)


def test_closing_ends_every_stream_and_those_that_begin_later(table: FakeTable) -> None:
    async def scenario() -> None:
        feed = made(table)
        async with feed.following([LOBBY]) as viewer:
            feed.close()
            assert await until_the_end(viewer) == []
        async with feed.following([LOBBY]) as late:
            assert await until_the_end(late) == []

    run(scenario)


def test_silence_is_told_too(table: FakeTable) -> None:
    async def scenario() -> None:
        async with made(table).following([LOBBY]) as viewer:
            assert await anext(viewer.events(0.0)) is None

    run(scenario)


def test_there_is_an_end_to_how_many_may_look(table: FakeTable) -> None:
    async def scenario() -> None:
        feed = made(table)
        async with AsyncExitStack() as stack:
            for _ in range(MAX_VIEWERS):
                await stack.enter_async_context(feed.following([LOBBY]))
            with pytest.raises(TooManyViewers):
                await stack.enter_async_context(feed.following([LOBBY]))

    run(scenario)
