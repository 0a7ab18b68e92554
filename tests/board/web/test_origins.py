"""Changes come from the board's own pages, or from no browser at all."""

from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from board.web.origins import comes_from_elsewhere
from board.web.proxies import Asked
from tests.board.web.guarded import PROXY, STRANGER, make_guarded_board

OWN, OTHER = "http://board.local:8080", "https://evil.example"


def asked(host: str = "board.local:8080", scheme: str | None = None) -> Asked:
    return Asked(host, scheme, STRANGER, STRANGER, trusted=scheme is not None, user=None)


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"Origin": OWN}, False),
        ({"Origin": "http://BOARD.local:8080"}, False),
        ({"Origin": "https://board.local:8080"}, False),
        ({"Origin": OTHER}, True),
        ({"Origin": "null"}, True),
        ({"Origin": ""}, True),
        ({"Origin": "http://board.local"}, True),
        ({"Origin": "http://board.local:8081"}, True),
        ({"Origin": "http://x@board.local:8080"}, True),
        ({"Origin": "http://[board.local:8080"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": ""}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, True),
        # A proxy has put another name into Host; the browser knows better.
        ({"Sec-Fetch-Site": "same-origin", "Origin": OTHER}, False),
    ],
)
def test_the_browser_says_where_it_comes_from(headers: dict[str, str], elsewhere: bool) -> None:  # noqa: FBT001
    assert comes_from_elsewhere(Headers(headers), asked()) is elsewhere


def test_where_a_proxy_tells_the_scheme_it_counts() -> None:
    found = [
        comes_from_elsewhere(Headers({"Origin": f"{scheme}://board.example.org"}), asked("board.example.org", "https"))
        for scheme in ("https", "http")
    ]
    assert found == [False, True]


@pytest.mark.parametrize("path", ["/login", "/logout", "/presses", "/static/board.css", "/no/such/page"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "ANYTHING"])
def test_every_change_that_came_from_elsewhere_is_refused(tmp_path: Path, path: str, method: str) -> None:
    with make_guarded_board(tmp_path).visit() as client:
        answer = client.request(method, path, headers={"Origin": OTHER})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "BOARD_TRUSTED_PROXIES" in answer.text


def test_reading_is_not_a_change(tmp_path: Path) -> None:
    with make_guarded_board(tmp_path).visit() as client:
        assert client.get("/login", headers={"Origin": OTHER, "Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_behind_a_proxy_that_takes_tls_and_name_away_the_own_origin_is_known(tmp_path: Path) -> None:
    board = make_guarded_board(tmp_path, allowed_hosts=("board.example.org",))
    headers = {"Host": "inner:8080", "X-Forwarded-Host": "board.example.org", "X-Forwarded-Proto": "https"}
    with board.visit(PROXY) as client:
        found = [
            client.post("/logout", headers={**headers, "Origin": f"{scheme}://board.example.org"}).status_code
            for scheme in ("https", "http")
        ]
    assert found == [HTTPStatus.SEE_OTHER, HTTPStatus.FORBIDDEN]
