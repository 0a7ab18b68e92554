"""Headers on every answer, and the frames that a page may ask for."""

from pathlib import Path

import pytest
from starlette.responses import Response

from board.settings.board import Auth
from board.web.policy import CSP, allow_frames
from tests.board.web.guarded import PAGE, log_in, make_guarded_board

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def frames(*addresses: str) -> str:
    answer = Response()
    allow_frames(answer, addresses)
    return answer.headers.get(CSP, "").removeprefix(f"{POLICY}; ")


@pytest.mark.parametrize(
    ("method", "path", "host"),
    [
        ("GET", "/", "localhost"),
        ("GET", "/login", "localhost"),
        ("GET", "/healthz", "localhost"),
        ("GET", "/api/captures", "localhost"),
        ("GET", "/static/board.css", "localhost"),
        ("GET", "/static/none.css", "localhost"),
        ("GET", "/nothing", "localhost"),
        ("GET", "/", "evil.example"),
        ("POST", "/login", "localhost"),
        ("POST", "/", "localhost"),
    ],
)
def test_every_answer_has_them(tmp_path: Path, method: str, path: str, host: str) -> None:
    with make_guarded_board(tmp_path).visit(base_url=f"http://{host}") as client:
        headers = client.request(method, path, headers=PAGE).headers
    assert headers[CSP] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "screen-wake-lock=(self)" in headers["permissions-policy"]
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")


def test_also_one_that_the_board_has_a_fault_in(tmp_path: Path) -> None:
    board = make_guarded_board(tmp_path, Auth.NONE)

    def broken(*_: object) -> None:
        raise RuntimeError("a secret in a traceback")

    board.table.newest = board.table.pages = board.table.get = board.table.stretch = broken  # type: ignore[assignment,method-assign]
    with board.visit() as client:
        client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
        answer = client.get("/api/watch/lobby")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers[CSP] == POLICY
    assert answer.headers["cache-control"] == "no-store"


def test_and_one_that_is_too_long(tmp_path: Path) -> None:
    with make_guarded_board(tmp_path).visit() as client:
        answers = [client.post(path, content=b"x" * 70_000) for path in ("/login", "/logout", "/")]
        log_in(client)
    assert {answer.status_code for answer in answers} == {413}
    assert all(answer.headers[CSP] == POLICY for answer in answers)


def test_a_page_may_frame_the_origins_of_what_it_shows() -> None:
    assert frames(
        "https://Example.org/a?b#c", "https://example.org/d", "http://10.0.0.5:8080/", "https://[fd00::1]:1/"
    ) == ("frame-src https://example.org http://10.0.0.5:8080 https://[fd00::1]:1")


@pytest.mark.parametrize(
    "address",
    ["", "ftp://a/", "javascript:alert(1)", "data:text/html,x", "https://", "https://a;script-src *", "https://a b/",
     "https://a,b/", "https://*/", "https://a'/", "https://a:99999/", "https://[a/", "//example.org/", "/own"],
)  # fmt: skip
def test_nothing_else_comes_into_the_policy(address: str) -> None:
    assert frames(address) == ""
