"""What a reverse proxy says of who asks, and when it is believed."""

from http import HTTPStatus
from ipaddress import ip_network
from pathlib import Path

import pytest

from board.settings.board import Auth
from board.web.proxies import USER_HEADERS, asked
from tests.board.web.guarded import PAGE, PROXY, STRANGER, GuardedBoard, make_guarded_board

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.fixture
def board(tmp_path: Path) -> GuardedBoard:
    return make_guarded_board(tmp_path, Auth.PROXY)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "1.1.1.1, 192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7:5555", "192.0.2.7"),
        ("10.0.0.1", "[2001:db8::7]:5555", "2001:db8::7"),
        ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7, _hidden", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("fd00::1", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.9", "192.0.2.7", "192.0.2.9"),
        ("testclient", "192.0.2.7", "testclient"),
    ],
)
def test_the_browsers_address_is_the_last_that_no_trusted_proxy_has(peer: str, forwarded: str, address: str) -> None:
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    assert asked(scope, TRUSTED).address == address


def test_whoever_comes_over_a_unix_socket_has_no_address() -> None:
    assert asked({"type": "http", "client": None, "headers": []}, TRUSTED).address == ""


@pytest.mark.parametrize("header", USER_HEADERS)
def test_the_proxys_user_may_look(board: GuardedBoard, header: str) -> None:
    with board.visit(PROXY) as client:
        answer = client.get("/history", headers={b"Accept": b"text/html", header.encode(): "Jörg <b>".encode()})
    assert answer.status_code == HTTPStatus.OK
    assert "Jörg &lt;b&gt;" in answer.text
    assert "Log out" not in answer.text


@pytest.mark.parametrize("path", ["/", "/login", "/logout", "/api/captures"])
def test_nobody_else_may_say_who_looks(board: GuardedBoard, path: str) -> None:
    with board.visit(STRANGER) as client:
        answer = client.get(path, headers={**PAGE, "Remote-User": "root", "X-Forwarded-For": PROXY})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "BOARD_TRUSTED_PROXIES" in answer.text
    assert STRANGER in answer.text


@pytest.mark.parametrize("path", ["/", "/login", "/api/captures"])
@pytest.mark.parametrize("name", ["", "  "])
def test_a_proxy_that_names_nobody_is_told_which_headers_it_can_send(board: GuardedBoard, path: str, name: str) -> None:
    with board.visit(PROXY) as client:
        answer = client.get(path, headers={**PAGE, "Remote-User": name})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert all(header in answer.text for header in USER_HEADERS)


def test_the_board_has_no_login_of_its_own_then(board: GuardedBoard) -> None:
    with board.visit(PROXY) as client:
        client.headers["Remote-User"] = "ada"
        assert [client.get("/login").status_code, client.post("/login").status_code] == [404, 404]
        assert client.get("/healthz").status_code == HTTPStatus.OK
    assert not (board.folder / "board" / "key").exists()


def test_a_screen_needs_no_user(board: GuardedBoard) -> None:
    _, secret = board.link("monitor")
    with board.visit(STRANGER) as client:
        assert client.get(f"/api/watch/lobby?key={secret}").status_code == HTTPStatus.OK
        assert client.get(f"/api/captures?key={secret}").status_code == HTTPStatus.FORBIDDEN


def test_with_a_password_a_user_header_is_nobodys_way_in(tmp_path: Path) -> None:
    with make_guarded_board(tmp_path).visit(PROXY) as client:
        assert client.get("/api/captures", headers={"Remote-User": "ada"}).status_code == HTTPStatus.UNAUTHORIZED
