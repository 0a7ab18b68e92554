"""A screen on a wall: what its link opens, and when that is over."""

import asyncio
import json
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.datastructures import URL
from starlette.requests import Request

from board.domain.events import Event, Kind, Topic
from board.domain.viewers import Person, Screen, ScreenKind, Viewer
from board.settings.board import Auth
from board.web.access import keep_key
from board.web.events import Following, _stream
from tests.board.fakes import make_services
from tests.board.web.guarded import PAGE, PROXY, GuardedBoard, log_in, make_guarded_board


@pytest.fixture
def board(tmp_path: Path) -> GuardedBoard:
    return make_guarded_board(tmp_path)


@pytest.mark.parametrize("kind", ["monitor", "billboard"])
def test_the_secret_goes_out_of_the_address_at_once(board: GuardedBoard, kind: str) -> None:
    link_id, secret = board.link(kind)
    with board.visit() as client:
        led = client.get(f"/{kind}/lobby?night=21-6&key={secret}", headers=PAGE)
        assert led.status_code == HTTPStatus.SEE_OTHER
        assert urljoin(f"/prefix/{kind}/lobby", led.headers["location"]) == f"/prefix/{kind}/lobby?night=21-6"
        assert secret not in led.headers["location"]
        [cookie] = led.headers.get_list("set-cookie")
        assert cookie.startswith(f"board-screen-{link_id}={secret};")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        shown = client.get(f"/{kind}/lobby", headers=PAGE)
    assert shown.status_code == HTTPStatus.OK
    assert secret not in shown.text


def test_behind_tls_its_cookie_is_for_tls_alone(board: GuardedBoard) -> None:
    _, secret = board.link("monitor")
    with board.visit(PROXY) as client:
        led = client.get(f"/monitor/lobby?key={secret}", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in led.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/api/watch/lobby", "/monitor/lobby/tiles"])
def test_data_comes_for_the_secret_itself_where_there_are_no_cookies(board: GuardedBoard, path: str) -> None:
    _, secret = board.link("monitor")
    with board.visit() as client:
        assert client.get(f"{path}?key={secret}").status_code == HTTPStatus.OK
        assert client.get(f"{path}?key={secret[:-1]}").status_code == HTTPStatus.UNAUTHORIZED
        assert not client.cookies


@pytest.mark.parametrize("secret", ["", "x", "\x00", "ä", "x" * 5000, "null"])
def test_a_wrong_secret_is_told_what_to_do(board: GuardedBoard, secret: str) -> None:
    board.link("monitor")
    with board.visit() as client:
        answer = client.get("/monitor/lobby", params={"key": secret}, headers=PAGE)
    if secret:
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "python -m board link" in answer.text
    else:
        assert urljoin("/monitor/lobby", answer.headers["location"]).startswith("/login")


@pytest.mark.parametrize("page", ["/monitor/hall", "/billboard/lobby"])
def test_a_link_is_of_one_page(board: GuardedBoard, page: str) -> None:
    _, secret = board.link("monitor", "lobby")
    with board.visit() as client:
        assert client.get(page, params={"key": secret}).status_code == HTTPStatus.FORBIDDEN


def test_an_address_is_led_to_the_login_without_its_secret(board: GuardedBoard) -> None:
    with board.visit() as client:
        led = client.get("/captures/lobby/x?key=something&a=b", headers=PAGE)
    assert urljoin("/captures/lobby/x", led.headers["location"]) == "/login?next=captures%2Flobby%2Fx%3Fa%3Db"


def test_several_screens_on_one_browser_do_not_get_in_each_others_way(board: GuardedBoard) -> None:
    with board.visit() as client:
        for kind, camera in (("monitor", "lobby"), ("monitor", "hall"), ("billboard", "hall")):
            client.get(f"/{kind}/{camera}", params={"key": board.link(kind, camera)[1]})
        board.services.feed.close()
        paths = ["/monitor/lobby", "/monitor/hall", "/billboard/hall", "/api/events?camera=hall", "/api/watch/lobby"]
        assert [client.get(path).status_code for path in paths] == [200] * 5
        assert client.get("/billboard/lobby").status_code == HTTPStatus.FORBIDDEN


def test_it_is_over_when_it_is_revoked_and_when_its_time_is_over(board: GuardedBoard) -> None:
    lobby, hall = board.link("monitor", "lobby", days=2), board.link("monitor", "hall", days=1)
    with board.visit() as client:
        for camera, (_, secret) in (("lobby", lobby), ("hall", hall)):
            client.get(f"/monitor/{camera}", params={"key": secret})
        paths = ["/api/watch/lobby", "/api/watch/hall"]
        assert [client.get(path).status_code for path in paths] == [200, 200]
        board.clock.seconds = timedelta(days=1).total_seconds()
        assert [client.get(path).status_code for path in paths] == [200, 401]
        assert board.links.revoke(lobby[0])
        assert [client.get(path).status_code for path in paths] == [401, 401]
        assert client.get("/monitor/lobby", params={"key": lobby[1]}).status_code == HTTPStatus.FORBIDDEN


def test_nobody_gets_in_by_a_file_that_is_damaged_but_whoever_has_the_password(board: GuardedBoard) -> None:
    _, secret = board.link("monitor")
    with board.visit() as client:
        client.get("/monitor/lobby", params={"key": secret})
        (board.folder / "board" / "links.json").write_bytes(b'{"links": [')
        assert client.get("/api/watch/lobby").status_code == HTTPStatus.UNAUTHORIZED
        log_in(client)
        assert client.get("/api/watch/lobby").status_code == HTTPStatus.OK


def test_a_cookie_of_a_screen_takes_nothing_from_a_person(board: GuardedBoard) -> None:
    with board.visit() as client:
        client.get("/monitor/lobby", params={"key": board.link("monitor")[1]})
        log_in(client)
        assert "<nav" in client.get("/monitor/lobby", headers=PAGE).text


def test_where_everybody_may_look_the_secret_goes_too(tmp_path: Path) -> None:
    board = make_guarded_board(tmp_path, Auth.NONE)
    _, secret = board.link("monitor")
    with board.visit() as client:
        led = client.get("/monitor/lobby", params={"key": secret})
    assert urljoin("/monitor/lobby", led.headers["location"]) == "/monitor/lobby"


@pytest.mark.parametrize(
    ("query", "kept"),
    [(b"key=a%2Bb", "item/1?key=a%2Bb"), (b"", "item/1"), (b"key=", "item/1"), (b"a=b", "item/1")],
)
def test_a_player_without_cookies_is_led_on_with_its_secret(query: bytes, kept: str) -> None:
    request = Request({"type": "http", "query_string": query, "headers": []})
    assert keep_key(request, "item/1") == kept
    assert URL(keep_key(request, "item/1?a=b")).path == "item/1"


SCREEN = Screen(ScreenKind.MONITOR, "lobby", "link")
WATCH, CAPTURE, TROUBLE = (Topic(kind, "lobby") for kind in (Kind.WATCH, Kind.CAPTURE, Kind.TROUBLE))


async def told(viewer: Viewer, *events: Event, may_look: bool = True) -> list[str]:
    """What a viewer's stream says of `events`, and that it has ended by itself."""
    services = make_services()
    said = []
    async with asyncio.timeout(5):
        async for text in _stream(services.feed, [WATCH], Following(viewer, lambda: may_look)):
            said.append(text)
            for event in events if len(said) == 1 else ():
                services.feed._tell(event)
            if len(said) == 1 + len(events) and may_look:
                services.feed.close()
    return said[1:]


@pytest.mark.parametrize(("viewer", "words"), [(Person(), "arn:aws:1234"), (SCREEN, "the board's log")])
def test_trouble_with_aws_is_told_a_screen_in_fewer_words(viewer: Viewer, words: str) -> None:
    wrong, fine = (Event(TROUBLE, {"camera": "lobby", "error": error}) for error in ("arn:aws:1234", None))
    first, second = asyncio.run(told(viewer, wrong, fine))
    assert words in json.loads(first.partition("data: ")[2])["error"]
    assert json.loads(second.partition("data: ")[2])["error"] is None


def test_a_stream_ends_with_the_link_and_says_nothing_more() -> None:
    assert asyncio.run(told(SCREEN, Event(WATCH, {"camera": "lobby", "watch": "secret"}), may_look=False)) == []
    assert Following(SCREEN, bool).patience <= 3
