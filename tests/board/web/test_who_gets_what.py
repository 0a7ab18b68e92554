"""Every address of the board, and who gets an answer there: one that nobody has decided on fails."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from board.domain.errors import CloudRefused
from board.web.app import ROUTES
from tests.board.web.guarded import PAGE, GuardedBoard, log_in, make_guarded_board

ALL = {"nobody", "person", "monitor", "billboard", "another monitor", "revoked"}
PERSON, MONITOR, BILLBOARD = {"person"}, {"person", "monitor"}, {"person", "billboard"}
DECISIONS = {
    "GET /": PERSON,
    "GET /tiles/{camera}/{capture_id}": PERSON,
    "GET /captures/{camera}/{capture_id}": PERSON,
    "POST /captures/{camera}/{capture_id}/say": PERSON,
    "POST /captures/{camera}/{capture_id}/forget": PERSON,
    "GET /photos/{camera}/{capture_id}": PERSON,
    "GET /clips/{camera}/{capture_id}": PERSON,
    "GET /presses": PERSON,
    "POST /presses": PERSON,
    "GET /presses/newest": PERSON,
    "GET /presses/{camera}/{capture_id}": PERSON,
    "GET /presses/{camera}/{capture_id}/steps": PERSON,
    "GET /history": PERSON,
    "GET /history/watch/{camera}/{capture_id}": PERSON,
    "GET /history.csv": PERSON,
    "GET /monitor/{camera}": MONITOR,
    "GET /monitor/{camera}/tiles": MONITOR,
    "GET /billboard/{camera}": BILLBOARD,
    "GET /billboard/{camera}/current": BILLBOARD,
    "GET /billboard/{camera}/current.json": BILLBOARD,
    "GET /billboard/{camera}/files/{name}": BILLBOARD,
    "GET /api/captures": PERSON,
    "GET /api/watch/{camera}": MONITOR,
    # A screen hears of its own camera alone: tested below.
    "GET /api/events": ALL - {"nobody", "revoked"},
    "GET /login": ALL,
    "POST /login": ALL,
    "POST /logout": ALL,
    "GET /healthz": ALL,
    "GET /static": ALL,
}
VALUES = {"camera": "lobby", "capture_id": "2026-11-22T18:44:00.000Z%23press-4400", "name": "sea.jpg"}
PAGES = {
    "/",
    "/captures/{camera}/{capture_id}",
    "/presses",
    "/presses/{camera}/{capture_id}",
    "/history",
    "/history/watch/{camera}/{capture_id}",
    "/monitor/{camera}",
    "/billboard/{camera}",
}
"""Where also who asks without a browser, such as curl, is led to the login."""
REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def methods(routes: Iterable[BaseRoute] = ROUTES) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Route):
            yield from (
                f"{method} {route.path.replace(':path', '')}" for method in sorted((route.methods or set()) - {"HEAD"})
            )
        else:
            assert isinstance(route, Mount)
            yield f"GET {route.path}"


@pytest.fixture
def board(tmp_path: Path) -> GuardedBoard:
    """It has been asked to stop, so that event streams end at once."""
    board = make_guarded_board(tmp_path)
    board.services.feed.close()
    return board


def come_as(viewer: str, board: GuardedBoard, client: TestClient) -> None:
    if viewer == "person":
        assert log_in(client).status_code == HTTPStatus.SEE_OTHER
        return
    follows = {
        "monitor": "/monitor/lobby",
        "billboard": "/billboard/lobby",
        "another monitor": "/monitor/hall",
        "revoked": "/monitor/lobby",
    }
    if viewer in follows:
        _, kind, camera = follows[viewer].split("/")
        link_id, secret = board.link(kind, camera)
        assert client.get(follows[viewer], params={"key": secret}).status_code == HTTPStatus.SEE_OTHER
        if viewer == "revoked":
            assert board.links.revoke(link_id)


def test_every_address_has_been_decided_on() -> None:
    assert set(methods()) <= set(DECISIONS)


@pytest.mark.parametrize("viewer", sorted(ALL))
def test_nobody_gets_an_answer_that_is_not_theirs(board: GuardedBoard, viewer: str) -> None:
    with board.visit() as client:
        come_as(viewer, board, client)
        got = {asked for asked in methods() if is_answered(client, asked)}
    assert got == {asked for asked in methods() if viewer in DECISIONS[asked]}


def is_answered(client: TestClient, asked: str) -> bool:
    """And what is refused is refused in the way of its kind."""
    method, _, template = asked.partition(" ")
    path = template.replace(":path}", "}").format(**VALUES) + ("/board.css" if template == "/static" else "")
    page = client.request(method, path, headers=PAGE)
    leads_to_login = page.status_code == HTTPStatus.SEE_OTHER and "login" in page.headers["location"]
    if template in {"/login", "/logout"}:
        # Without a password there is no way in, but there is an answer.
        return page.status_code != HTTPStatus.FORBIDDEN
    answered = page.status_code not in REFUSALS and not leads_to_login
    if not answered:
        assert leads_to_login or template not in PAGES or method == "POST" or page.status_code == HTTPStatus.FORBIDDEN
        program = client.request(method, path)
        if leads_to_login and template in PAGES:
            assert program.headers["location"] == page.headers["location"]
        else:
            assert program.status_code in REFUSALS
            assert set(program.json()) == {"error"}
        if method == "POST" or path.startswith(("/api/", "/photos/", "/clips/")) or "/current" in path:
            assert page.status_code == HTTPStatus.UNAUTHORIZED
    return answered


@pytest.mark.parametrize("kind", ["monitor", "billboard"])
def test_a_screen_changes_nothing_not_even_on_its_own_page(board: GuardedBoard, kind: str) -> None:
    with board.visit() as client:
        come_as(kind, board, client)
        assert client.post(f"/{kind}/lobby").status_code in REFUSALS
        assert client.head(f"/{kind}/lobby").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("camera=lobby", 200),
        ("camera=lobby&kinds=watch", 200),
        ("camera=hall", 401),
        ("camera=lobby&kinds=capture", 403),
        ("kinds=capture,watch", 403),
    ],
)
def test_a_screen_hears_of_its_own_cameras_watch_alone(board: GuardedBoard, query: str, status: int) -> None:
    with board.visit() as client:
        come_as("monitor", board, client)
        assert client.get(f"/api/events?{query}").status_code == status


def test_a_page_without_a_viewer_shows_nothing_of_the_site(tmp_path: Path) -> None:
    board = make_guarded_board(tmp_path, allowed_hosts=("board.example.org",))
    with board.visit(base_url="http://elsewhere.example.org") as client:
        answer = client.get("/", headers=PAGE)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "lobby" not in answer.text
    assert "<nav" not in answer.text


def test_a_screen_sees_no_way_to_other_pages(board: GuardedBoard) -> None:
    with board.visit() as client:
        come_as("monitor", board, client)
        html = client.get("/monitor/lobby", headers=PAGE).text
    assert "monitor.js" in html
    assert "<nav" not in html
    assert "Log out" not in html


@pytest.mark.parametrize("path", ["/monitor/lobby", "/monitor/lobby/tiles", "/api/watch/lobby"])
def test_a_screen_is_told_of_trouble_but_not_in_the_words_of_aws(board: GuardedBoard, path: str) -> None:
    board.table.error = CloudRefused("dynamodb:Query: arn:aws:iam::123456789012:user/board is not authorized")
    with board.visit() as client:
        come_as("monitor", board, client)
        told = client.get(path).text
        come_as("person", board, client)
        told_a_person = client.get(path).text
    assert "AWS did not answer" in told
    assert "123456789012" not in told
    assert "123456789012" in told_a_person


def test_a_revoked_screen_is_told_what_to_do(board: GuardedBoard) -> None:
    with board.visit() as client:
        come_as("revoked", board, client)
        answer = client.get("/monitor/lobby", headers=PAGE)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "python -m board link" in answer.text
