import asyncio
import re
import threading
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from starlette.testclient import TestClient

from board.domain.errors import CloudError, CloudRefused
from board.domain.events import Kind, Topic
from board.domain.item import Item
from board.domain.moment import stamp
from board.domain.monitor import State, monitor
from board.services import Services
from board.web.monitor_cache import CachedMonitor, MonitorCache
from tests.board.fakes import NOW, FakeTable
from tests.board.watched import NAMES, WATCH, a_bucket, a_watch, scored

PATH, TILES = "/monitor/lobby", "/monitor/lobby/tiles"
MARKUP = '"><script>alert(1)</script>'


def hall(table: FakeTable, ended: float = 5) -> None:
    """A watch whose sections wear each level."""
    table.put(**a_watch())
    sections = {
        NAMES[0]: scored("green", 82),
        NAMES[1]: scored("yellow", 50),
        NAMES[2]: scored("red", 17, faces=6),
        NAMES[3]: {"level": "too_few"},
    }
    table.put(**a_bucket(ended, sections))


def words(html: str) -> list[str]:
    """Of the tiles that are shown, without those that stand by."""
    return re.findall(r'<strong class="word">(.*?)</strong>', html.partition("<template")[0])


def test_the_page_shows_the_sections_without_a_script(client: TestClient, table: FakeTable) -> None:
    hall(table)
    answer = client.get(PATH)
    assert words(answer.text) == ["Facing", "Mixed", "Away", "Too few"]
    assert re.findall(r'<span class="percentage">(\d+)', answer.text) == ["82", "50"]
    assert 'class="tiles cols-2 rows-2"' in answer.text
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in answer.text
    assert "It says nothing about what anybody feels or thinks." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_stays_open_knows_until_when_it_is_of_now_and_what_the_board_has_for_a_clock(
    client: TestClient, table: FakeTable
) -> None:
    hall(table, ended=10)
    page, part = client.get(PATH), client.get(TILES)
    until = round((NOW + timedelta(seconds=20)).timestamp() * 1000)
    now = round(NOW.timestamp() * 1000)
    assert f'data-now="{now}"' in page.text
    assert part.headers["Board-Time"] == str(now)
    for answer in (page, part):
        assert f'data-until="{until}"' in answer.text
        standing_by = answer.text.partition("<template")[2]
        assert re.findall(r'<strong class="word">(.*?)</strong>', standing_by) == ["No data"] * 4


def test_the_part_that_changes_is_what_the_page_has(client: TestClient, table: FakeTable) -> None:
    hall(table)
    part = client.get(TILES)
    assert part.text.strip() in client.get(PATH).text
    assert part.headers["Cache-Control"] == "no-store"


def test_what_is_late_is_shown_nowhere(client: TestClient, table: FakeTable) -> None:
    hall(table, ended=30)
    html = client.get(PATH).text
    assert words(html) == ["No data"] * 4
    assert "is the worker running" in html
    assert "82" not in html.partition('id="watch"')[2]


def test_without_a_watch_it_says_how_to_begin_one(client: TestClient) -> None:
    html = client.get(PATH).text
    assert "WATCH=on" in html
    assert "python -m worker watch --minutes 45" in html


def test_a_watch_that_has_just_begun_calibrates(client: TestClient, table: FakeTable) -> None:
    table.put(**a_watch(started_at=stamp(NOW)))
    assert words(client.get(PATH).text) == ["Calibrating"] * 4


def test_a_watch_that_has_ended_shows_why_and_its_summary(client: TestClient, table: FakeTable) -> None:
    summary = {"minutes": 44.6, "faces": 61.7, "sections": {NAMES[0]: {"green": 0.75, "red": 0.25}}}
    table.put(**a_watch(status="ended", ended_at=stamp(NOW), end_reason="budget", summary=summary))
    html = client.get(PATH).text
    assert "It had cost as much as WATCH_MAX_DOLLARS allows. It lasted 45 minutes, with 62 faces" in html
    assert '<rect class="green" x="0.0" y="0" width="75.0" height="10"/>' in html
    assert "Facing 75" in html


def test_a_slow_clock_is_told(client: TestClient, table: FakeTable) -> None:
    hall(table, ended=-60)
    html = client.get(PATH).text
    assert words(html) == ["No data"] * 4
    assert "clock of the board" in html


def test_trouble_with_aws_is_told_and_the_page_goes_on_by_itself(client: TestClient, table: FakeTable) -> None:
    hall(table)
    table.error = CloudRefused("dynamodb:Query: AccessDenied - give the board's role the permission")
    answer = client.get(PATH)
    assert answer.status_code == HTTPStatus.BAD_GATEWAY
    assert "dynamodb:Query: AccessDenied" in answer.text
    assert 'id="watch"' in answer.text
    assert "monitor.js" in answer.text
    assert client.get(TILES).status_code == HTTPStatus.BAD_GATEWAY
    table.error = None
    assert words(client.get(PATH).text) == ["Facing", "Mixed", "Away", "Too few"]


@pytest.mark.parametrize("path", [PATH, TILES])
@pytest.mark.parametrize(
    ("watch", "bucket"),
    [
        ({"sections": [MARKUP] * 4}, {}),
        ({"status": "ended", "end_reason": "failed", "error": MARKUP, "summary": {"sections": {NAMES[0]: MARKUP}}}, {}),
        ({"sections": MARKUP, "grid": MARKUP}, {"sections": {MARKUP: {"level": MARKUP}}}),
        ({"sections": ["\ud800"] * 4, "ends_at": MARKUP, "started_at": 7}, {"sections": [1, 2], "faces": "NaN"}),
        ({"sections": [f"section {number}" for number in range(1000)]}, {"capture_id": "yesterday"}),
        ({"grid": None, "sections": None}, {"sections": None}),
    ],
)
def test_a_broken_item_never_breaks_the_page(
    client: TestClient, table: FakeTable, path: str, watch: Item, bucket: Item
) -> None:
    table.put(**a_watch(**watch))
    table.put(**{**a_bucket(5, {}), **bucket})
    answer = client.get(path)
    assert answer.status_code == HTTPStatus.OK
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/monitor/attic", "/monitor/attic/tiles"])
def test_a_camera_that_the_board_does_not_know_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "lobby" in answer.text


def test_it_has_neither_a_style_nor_a_script_of_its_own_in_it(client: TestClient, table: FakeTable) -> None:
    hall(table)
    html = client.get(PATH).text
    assert " style=" not in html
    assert "<style" not in html
    assert re.findall(r"<script[^>]*>", html) == ['<script type="module" src="../static/monitor.js">']


class HeldTable(FakeTable):
    """Answers only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go = threading.Event(), threading.Event()

    def newest(self, camera: str, limit: int, *, consistent: bool = False) -> list[Item]:
        self.reached.set()
        assert self.go.wait(10)
        return super().newest(camera, limit, consistent=consistent)


class CountingTable(FakeTable):
    """`limits` has how many items were asked for, each time."""

    def __init__(self) -> None:
        super().__init__()
        self.limits: list[int] = []

    def newest(self, camera: str, limit: int, *, consistent: bool = False) -> list[Item]:
        self.limits.append(limit)
        return super().newest(camera, limit, consistent=consistent)


class LateTable(FakeTable):
    """Of what was written a moment ago it knows nothing, unless it is asked for sure."""

    def newest(self, camera: str, limit: int, *, consistent: bool = False) -> list[Item]:
        return super().newest(camera, limit, consistent=consistent) if consistent else []


async def all_at_once(cache: MonitorCache, table: HeldTable) -> list[CachedMonitor | BaseException]:
    """What thirty viewers are told who ask before the table has answered the first of them."""
    asked = [asyncio.create_task(cache.newest("lobby")) for _ in range(30)]
    await asyncio.sleep(0)
    table.go.set()
    return await asyncio.gather(*asked, return_exceptions=True)


def held(services: Services, table: FakeTable, **more: Any) -> Services:
    """`services` whose watches are in `table`."""
    return replace(services, watches=replace(services.watches, table=table), **more)


def test_thirty_viewers_cost_one_read(services: Services) -> None:
    table = HeldTable()
    hall(table)
    told = asyncio.run(all_at_once(MonitorCache(held(services, table)), table))
    assert len({id(cached) for cached in told}) == 1
    assert sorted(table.calls) == ["audience/lobby", "watch/lobby"]


def test_thirty_viewers_share_an_error(services: Services) -> None:
    table = HeldTable()
    table.error = CloudError("dynamodb:Query: timed out")
    told = asyncio.run(all_at_once(MonitorCache(held(services, table)), table))
    assert told == [table.error] * 30
    assert len(table.calls) <= 2


class Known:
    """A feed that knows what a test says; nothing, as long as nobody follows."""

    def __init__(self) -> None:
        self.state: list[Item] | None = None

    def newest(self, topic: Topic) -> list[Item] | None:
        assert topic == Topic(Kind.WATCH, "lobby")
        return self.state


def test_what_the_feed_has_told_is_there_when_it_is_read(services: Services) -> None:
    table = LateTable()
    hall(table)
    assert asyncio.run(MonitorCache(held(services, table)).newest("lobby")).monitor.state is State.RUNNING


def test_it_is_read_once_a_bucket(services: Services, table: FakeTable) -> None:
    hall(table)
    feed = Known()
    feed.state = [{"watch": table.get("watch/lobby", WATCH), "bucket": {"capture_id": "first"}}]
    cache = MonitorCache(held(services, table, feed=feed, monotonic=iter(range(0, 10_000, 1000)).__next__))

    async def look() -> tuple[CachedMonitor, CachedMonitor, CachedMonitor]:
        first, second = await cache.newest("lobby"), await cache.newest("lobby")
        feed.state = [{"watch": None, "bucket": {"capture_id": "second"}}]
        return first, second, await cache.newest("lobby")

    first, second, third = asyncio.run(look())
    assert first is second
    assert second is not third


def test_a_read_that_began_before_the_news_is_not_shown_after_it(services: Services) -> None:
    table, feed = HeldTable(), Known()
    hall(table)
    feed.state = [{"watch": {}, "bucket": {"capture_id": "first"}}]
    cache = MonitorCache(held(services, table, feed=feed))

    async def look() -> tuple[CachedMonitor, CachedMonitor]:
        early = asyncio.create_task(cache.newest("lobby"))
        assert await asyncio.to_thread(table.reached.wait, 10)
        feed.state = news
        late = asyncio.create_task(cache.newest("lobby"))
        await asyncio.sleep(0)
        table.go.set()
        await early
        return await late, await cache.newest("lobby")

    news: list[Item] = [{"watch": {}, "bucket": {"capture_id": "second"}}]
    late, afterwards = asyncio.run(look())
    assert late.known == news
    assert afterwards is late


@pytest.mark.parametrize(("more", "asked"), [(1, 3), (2, 3), (3, 30), (40, 30)])
def test_what_is_new_is_added_to_what_was_read_before(services: Services, more: int, asked: int) -> None:
    table = CountingTable()
    table.put(**a_watch())
    buckets = [a_bucket(10 * number, {NAMES[0]: scored("green", 90 - number)}) for number in range(35 + more)]
    clock = [0.0]
    cache = MonitorCache(held(services, table, monotonic=lambda: clock[0]))

    async def look(known: list[Item]) -> CachedMonitor:
        for bucket in known:
            table.put(**bucket)
        clock[0] += 10
        return await cache.newest("lobby")

    async def both() -> CachedMonitor:
        await look(buckets[more:])
        table.limits.clear()
        return await look(buckets)

    shown = asyncio.run(both()).monitor
    assert shown == monitor(a_watch(), buckets[:30], NOW)
    assert max(table.limits) == asked


def test_where_nobody_follows_it_stands_for_a_second(services: Services, table: FakeTable) -> None:
    hall(table)
    clock = [100.0]
    cache = MonitorCache(held(services, table, monotonic=lambda: clock[0]))

    async def look() -> list[CachedMonitor]:
        told = []
        for clock[0] in (100.0, 100.9, 101.0):
            told.append(await cache.newest("lobby"))
        return told

    first, second, third = asyncio.run(look())
    assert first is second
    assert second is not third


def test_what_was_read_is_not_kept_beyond_its_time(services: Services, table: FakeTable) -> None:
    hall(table, ended=25)
    feed, now = Known(), [NOW]
    feed.state = [{"watch": {}, "bucket": {}}]
    cache = MonitorCache(held(services, table, feed=feed, now=lambda: now[0]))

    async def look() -> list[State]:
        told = []
        for seconds in (0, 4, 5):
            now[0] = NOW + timedelta(seconds=seconds)
            told.append((await cache.newest("lobby")).monitor.state)
        return told

    assert asyncio.run(look()) == [State.RUNNING, State.RUNNING, State.SILENT]
