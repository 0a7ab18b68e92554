"""Under which names the board answers."""

from http import HTTPStatus
from pathlib import Path

import pytest

from board.settings.board import Auth
from board.web.hosts import host_name, is_allowed
from tests.board.web.guarded import PAGE, PROXY, STRANGER, GuardedBoard, make_guarded_board


@pytest.fixture
def board(tmp_path: Path) -> GuardedBoard:
    return make_guarded_board(tmp_path, Auth.NONE)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("board.local", "board.local"),
        ("Board.Local:8080", "board.local"),
        ("board.local.", "board.local"),
        ("board.local.:80", "board.local"),
        ("192.168.1.5:8080", "192.168.1.5"),
        ("[fd00::1]:8080", "fd00::1"),
        ("[FD00:0:0::1]", "fd00::1"),
        ("fd00::1", "fd00::1"),
        ("[::ffff:192.168.1.5]", "192.168.1.5"),
        ("board:", "board"),
        ("", None),
        ("a b", None),
        ("user@board", None),
        ("board:80:80", None),
        ("[fd00::1", None),
        ("board/x", None),
    ],
)
def test_a_name_is_known_with_its_port_and_in_any_case(host: str, name: str | None) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1", "::1", "192.168.1.5", "fd00::1", "pi.lan", "pi", "pi.local"]
)
def test_by_default_addresses_and_this_hosts_names_do(name: str) -> None:
    assert is_allowed(name, (), "Pi.lan")


@pytest.mark.parametrize(
    "name", ["pi.example.org", "evil.example", "lan", "localhost.evil.example", "1.2.3.4.evil.example", "0x7f.1"]
)
def test_by_default_no_other_name_does(name: str) -> None:
    assert not is_allowed(name, (), "Pi.lan")


def test_names_that_are_set_stand_alone_beside_this_host_itself() -> None:
    allowed = ("board.example.org:8443", "FD00::2")
    found = {
        name: is_allowed(name, allowed, "pi")
        for name in ("board.example.org", "fd00::2", "localhost", "pi", "10.0.0.1")
    }
    assert found == {"board.example.org": True, "fd00::2": True, "localhost": True, "pi": False, "10.0.0.1": False}


@pytest.mark.parametrize("path", ["/", "/healthz", "/login", "/static/board.css", "/api/captures"])
def test_another_name_is_refused_everywhere_and_the_setting_is_named(board: GuardedBoard, path: str) -> None:
    with board.visit(base_url="http://evil.example") as client:
        answer = client.get(path, headers=PAGE)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "evil.example" in answer.text
    assert "BOARD_ALLOWED_HOSTS" in answer.text


def test_a_name_that_is_markup_stays_text(board: GuardedBoard) -> None:
    with board.visit() as client:
        answer = client.get("/", headers={**PAGE, "Host": "<script>alert(1)</script>"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("peer", "host", "forwarded", "status"),
    [
        (PROXY, "inner:8080", "localhost", 200),
        (PROXY, "localhost", "evil.example", 400),
        (PROXY, "inner:8080", "evil.example, localhost", 200),
        (STRANGER, "inner:8080", "localhost", 400),
        (STRANGER, "localhost", "evil.example", 200),
    ],
)
def test_a_proxys_word_on_the_host_counts_where_it_is_trusted(
    board: GuardedBoard, peer: str, host: str, forwarded: str, status: int
) -> None:
    with board.visit(peer) as client:
        assert client.get("/healthz", headers={"Host": host, "X-Forwarded-Host": forwarded}).status_code == status
