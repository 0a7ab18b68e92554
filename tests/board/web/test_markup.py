"""Whatever strangers write into the table or an address: it stays text, and no page is taken down by it."""

import asyncio
import csv
import io
import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from board.domain.events import Kind, Topic
from board.domain.item import Item
from board.domain.viewers import Person
from board.settings.board import Auth
from board.web.app import ROUTES
from board.web.events import Following, _stream
from tests.board.fakes import FakeTable, make_services
from tests.board.web.guarded import PAGE, make_guarded_board
from tests.board.web.markup import (
    TEXTS,
    WRONG,
    Elements,
    everywhere,
    items,
    leads_elsewhere,
    of_templates,
    one_by_one,
    without_one,
)

KNOWN = of_templates()
QUERY = (
    ("camera",),
    ("mood",),
    ("limit",),
    ("kinds",),
    ("key",),
    ("before", "next", "forget", "command", "root", "days"),
)
"""Those that are refused one at a time, so that each is looked at; the others together."""
STATES = ("completed", "in_progress", "failed", "running", "unheard of")


@pytest.fixture
def table() -> FakeTable:
    return FakeTable()


@pytest.fixture
def client(table: FakeTable, tmp_path: Path) -> Iterator[TestClient]:
    """Everybody may look and press; event streams end at once."""
    board = make_guarded_board(tmp_path, Auth.NONE, actions=True, cameras=("lobby",))
    board.table.items = table.items
    board.services.feed.close()
    with board.visit() as client:
        client.headers.update(PAGE)
        yield client


def addresses(capture_id: str, camera: str = "lobby") -> list[str]:
    """Of everything that can be asked for."""
    paths = (
        route.path.replace(":path", "")
        for route in ROUTES
        if isinstance(route, Route) and "GET" in (route.methods or ())
    )
    values = {"camera": quote(camera, safe=""), "capture_id": quote(capture_id, safe="")}
    return [path.format_map(_Values(values)) for path in paths]


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "0"


def put(table: FakeTable, given: Iterable[Item]) -> None:
    for item in given:
        table.put(**item)


def check(answer: httpx2.Response) -> None:
    """It is as harmless as its kind can be."""
    where = f"{answer.request.url}"
    kind = answer.headers.get("content-type", "").partition(";")[0]
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, where
    assert not leads_elsewhere(answer.headers.get("location", "")), where
    if kind == "text/html":
        page = Elements(answer.text)
        assert page.attributes <= KNOWN, where
        assert not page.code, where
        assert all(json.loads(data) for data in page.data), where
        assert not [address for address in page.addresses if leads_elsewhere(address)], where
        assert "49<probe" not in answer.text, where
    elif kind == "application/json":
        answer.json()
    elif kind == "text/csv":
        cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "\t", "\r"))], where
    elif answer.content:
        assert kind in {"text/event-stream", "image/jpeg", "video/mp4", "text/plain"}, where


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_markup_in_every_field_stays_text(client: TestClient, table: FakeTable, number: int) -> None:
    for state in STATES:
        given = [everywhere(item, TEXTS[number]) | {"status": state} for item in items()]
        put(table, given)
        for address in addresses(given[0]["capture_id"]):
            check(client.get(address))


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_markup_in_the_identity_of_a_record_stays_text(client: TestClient, table: FakeTable, number: int) -> None:
    identity = f"2026-11-22T18:44:00.000Z#{TEXTS[number]}"
    put(table, [{**item} | {"capture_id": identity} for item in items()])
    for address in addresses(identity):
        check(client.get(address))


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_markup_in_an_address_stays_text(client: TestClient, table: FakeTable, number: int) -> None:
    put(table, items())
    text = TEXTS[number][:3000]
    for address in [*addresses(text), *addresses("x", camera=text), f"/{quote(text)}"]:
        check(client.get(address))
    for address in addresses(items()[0]["capture_id"]):
        for names in QUERY:
            check(client.get(address, params=dict.fromkeys(names, text)))


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_a_value_of_another_type_takes_no_page_down(client: TestClient, table: FakeTable, number: int) -> None:
    """Every value of a record, of a watch and of a bucket, however deep, one after the other."""
    for item in items():
        for broken in [*one_by_one(item, WRONG[number]), everywhere(item, WRONG[number])]:
            look_at(client, table, broken)


def test_what_is_missing_takes_no_page_down(client: TestClient, table: FakeTable) -> None:
    for item in items():
        for broken in without_one(item):
            look_at(client, table, broken)
        look_at(client, table, {name: item[name] for name in ("camera", "capture_id")})


MONITOR = ("/monitor/lobby", "/api/watch/", "/billboard/lobby/current.json")
SEEN = {
    "lobby": ("/captures/", "/tiles/", "/presses/newest", "/api/captures"),
    "watch/lobby": MONITOR,
    "audience/lobby": MONITOR,
}
"""Where an item is read, by its partition."""


def look_at(client: TestClient, table: FakeTable, broken: Item) -> None:
    """It, in place of one that is whole, where it is to be seen."""
    table.items.clear()
    put(table, [*items(), broken])
    for address in addresses(items()[0]["capture_id"]):
        if address in {"/", "/history"} or address.startswith(SEEN[broken["camera"]]):
            answer = client.get(address)
            check(answer)
            if address in {"/", "/history", "/monitor/lobby"}:
                assert answer.status_code == HTTPStatus.OK


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_stream_of_events_says_it_in_json_on_one_line(number: int) -> None:
    table = FakeTable()
    put(table, [everywhere(item, TEXTS[number]) for item in items()])
    events = asyncio.run(first_events(table))
    assert sorted(events) == ["capture", "watch"]


async def first_events(table: FakeTable) -> dict[str, Any]:
    """What a viewer is told at first, by the event's name."""
    feed = make_services(table).feed
    topics = [Topic(kind, "lobby") for kind in (Kind.CAPTURE, Kind.WATCH)]
    poller, found = asyncio.create_task(feed.run()), {}
    async with asyncio.timeout(10):
        async for text in _stream(feed, topics, Following(Person(), lambda: True)):
            assert text.endswith("\n\n")
            for block in text.removesuffix("\n\n").split("\n\n"):
                lines = [line.partition(": ") for line in block.replace("\r", "\n").split("\n")]
                told = {name: value for name, _, value in lines}
                assert len(told) == len(lines)
                assert set(told) <= {"", "id", "event", "data", "retry"}
                if "id" in told:
                    found[told["event"]] = json.loads(told["data"])
            if len(found) == 2:
                feed.close()
    poller.cancel()
    return found
