"""What programs get: the same records, as JSON."""

import asyncio
from http import HTTPStatus

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from board.domain.errors import CloudUnavailable
from board.domain.viewers import Person
from board.services import Services
from board.web.events import events
from tests.board.fakes import FakeTable, capture_id, record


def minutes(client: TestClient, query: str = "") -> list[int]:
    found = client.get(f"/api/captures?{query}").json()["captures"]
    return [int(record["capture_id"][14:16]) for record in found]


def test_records_come_as_they_are_with_the_address_of_their_photo(client: TestClient, table: FakeTable) -> None:
    stands = table.put(**record(44))
    answer = client.get("/api/captures")
    photo = "photos/lobby/2026-11-22T18%3A44%3A00.000Z%23press-4400"
    assert answer.json() == {"captures": [{**stands, "photo": photo}]}


def test_a_clip_has_an_address_and_what_is_not_stored_has_none(client: TestClient, table: FakeTable) -> None:
    table.put(**record(43, image_key=None, video_key="captures/1.mp4"))
    table.put(**record(44, image_key=None))
    newest, clip = client.get("/api/captures").json()["captures"]
    assert "photo" not in newest
    assert clip["clip"] == "clips/lobby/2026-11-22T18%3A43%3A00.000Z%23press-4300"


def test_all_commands_are_told_and_twenty_unless_asked_otherwise(client: TestClient, table: FakeTable) -> None:
    for minute in range(30):
        table.put(**record(minute, command="Say"))
    assert minutes(client) == list(range(29, 9, -1))
    assert minutes(client, "limit=3") == [29, 28, 27]
    assert minutes(client, f"limit=3&before={capture_id(27).replace('#', '%23')}") == [26, 25, 24]


def test_what_was_forgotten_takes_no_place(client: TestClient, table: FakeTable) -> None:
    for minute in range(30):
        table.put(**record(minute, status="forgotten" if minute > 5 else "completed"))
    assert minutes(client, "limit=5") == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("limit=0", HTTPStatus.BAD_REQUEST, "from 1 to 100"),
        ("limit=101", HTTPStatus.BAD_REQUEST, "from 1 to 100"),
        ("limit=many", HTTPStatus.BAD_REQUEST, "from 1 to 100"),
        ("limit=00000000100000", HTTPStatus.BAD_REQUEST, "from 1 to 100"),
        (f"limit={'0' * 8}{'1' * 5000}", HTTPStatus.BAD_REQUEST, "from 1 to 100"),
        ("limit=²", HTTPStatus.BAD_REQUEST, "from 1 to 100"),
        ("camera=cellar", HTTPStatus.NOT_FOUND, "it knows lobby"),
        ("camera=watch/lobby", HTTPStatus.NOT_FOUND, "it knows lobby"),
        ("before=" + "9" * 1025, HTTPStatus.BAD_REQUEST, "capture_id"),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_wrong(
    client: TestClient, query: str, status: HTTPStatus, words: str
) -> None:
    answer = client.get(f"/api/captures?{query}")
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_trouble_with_aws_is_told(client: TestClient, table: FakeTable) -> None:
    table.error = CloudUnavailable("dynamodb:Query: Could not connect")
    answer = client.get("/api/captures")
    assert answer.status_code == HTTPStatus.BAD_GATEWAY
    assert "Could not connect" in answer.json()["error"]


def test_a_watch_and_its_newest_ten_seconds(client: TestClient, table: FakeTable) -> None:
    assert client.get("/api/watch/lobby").json() == {"watch": None, "bucket": None}
    watch = table.put(camera="watch/lobby", capture_id=capture_id(40), status="running")
    table.put(camera="audience/lobby", capture_id="2026-11-22T18:44:40.000Z", frames=2)
    bucket = table.put(camera="audience/lobby", capture_id="2026-11-22T18:44:50.000Z", frames=3)
    assert client.get("/api/watch/lobby").json() == {"watch": watch, "bucket": bucket}
    assert client.get("/api/watch/cellar").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("query", ["camera=cellar", "kinds=trouble", "kinds=capture,all"])
def test_events_that_do_not_exist_cannot_be_followed(client: TestClient, query: str) -> None:
    assert client.get(f"/api/events?{query}").status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}


def test_whoever_asks_for_the_head_of_the_stream_alone_follows_nothing(services: Services) -> None:
    """Its body has no end: the connection would be of no use for anything else, and AWS be asked for nobody."""
    scope: Scope = {
        "type": "http",
        "method": "HEAD",
        "path": "/api/events",
        "query_string": b"",
        "headers": [],
        "viewer": Person(),
        "state": {"services": services},
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return await asyncio.Future()

    async def send(message: Message) -> None:
        sent.append(message)

    async def ask() -> None:
        request = Request(scope)
        async with asyncio.timeout(5):
            await (await events(request))(scope, receive, send)

    asyncio.run(ask())
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert [(message["type"], message.get("body")) for message in sent[1:]] == [("http.response.body", b"")]
