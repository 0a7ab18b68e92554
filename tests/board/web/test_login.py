"""Logging in and out with the board's password."""

from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest

from board.settings.board import Auth
from board.web.login import own_page
from tests.board.web.guarded import PAGE, PASSWORD, PROXY, STRANGER, GuardedBoard, log_in, make_guarded_board

PATH = "/captures/lobby/2026-11-22T18%3A44%3A00.123Z%236f1c?forget=a%23b"


@pytest.fixture
def board(tmp_path: Path) -> GuardedBoard:
    return make_guarded_board(tmp_path)


def test_the_password_leads_to_the_page_that_was_asked_for(board: GuardedBoard) -> None:
    with board.visit() as client:
        led = client.get(PATH, headers=PAGE)
        assert led.status_code == HTTPStatus.SEE_OTHER
        address = urljoin(PATH, led.headers["location"])
        assert address == f"/login?next={quote(PATH.removeprefix('/'), safe='')}"
        form = client.get(address)
        assert f'name="next" value="{PATH.removeprefix("/")}"' in form.text
        done = client.post("/login", data={"password": PASSWORD, "next": PATH.removeprefix("/")})
        assert urljoin("/login", done.headers["location"]) == PATH


def test_every_redirect_is_relative_so_that_a_proxy_may_put_a_prefix_before_it(board: GuardedBoard) -> None:
    with board.visit() as client:
        answers = [client.get("/", headers=PAGE), client.get(PATH, headers=PAGE), log_in(client)]
        answers += [client.get("/login", headers=PAGE), client.post("/logout")]
    locations = [answer.headers["location"] for answer in answers]
    prefixed = [
        urljoin(f"https://example.org/board{answer.request.url.raw_path.decode()}", location)
        for answer, location in zip(answers, locations, strict=True)
    ]
    assert all(address.startswith("https://example.org/board/") for address in prefixed)


@pytest.mark.parametrize(
    "wished",
    ["https://evil.example/", "//evil.example/", "/history", "\\evil", "javascript:alert(1)", "a//b", "../x",
     "history\r\nX: y", "login", "login?next=login", "x" * 2000, "history ", "%", ".", "./..//evil", "history?a=<b>"],
)  # fmt: skip
def test_nobody_is_led_off_the_board(board: GuardedBoard, wished: str) -> None:
    with board.visit() as client:
        client.cookies.clear()
        done = client.post("/login", data={"password": PASSWORD, "next": wished})
    assert done.status_code == HTTPStatus.SEE_OTHER
    target = urljoin("http://board.example/prefix/login", done.headers["location"])
    assert target.startswith("http://board.example/prefix/")
    assert not target.startswith("http://board.example/prefix//")


@pytest.mark.parametrize("wished", ["history", "monitor/lobby", PATH.removeprefix("/"), ""])
def test_an_own_page_is_known(wished: str) -> None:
    assert own_page(wished) == wished


def test_a_wrong_password_is_told_what_to_do(board: GuardedBoard) -> None:
    with board.visit() as client:
        answer = log_in(client, "swordfish")
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert 'role="alert"' in answer.text
        assert "BOARD_PASSWORD" in answer.text
        assert "swordfish" not in answer.text
        assert client.get("/api/captures").status_code == HTTPStatus.UNAUTHORIZED


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(board: GuardedBoard) -> None:
    with board.visit() as client:
        cookies = log_in(client).headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie for cookie in cookies)
    assert not any("Secure" in cookie for cookie in cookies)
    assert "Max-Age=2592000" in cookies[0]


def test_behind_tls_it_is_for_tls_alone_where_a_trusted_proxy_says_so(board: GuardedBoard) -> None:
    with board.visit() as client:
        client.headers["X-Forwarded-Proto"] = "https"
        for board.address, secure in ((PROXY, True), (STRANGER, False)):
            client.cookies.clear()
            assert all(("Secure" in cookie) is secure for cookie in log_in(client).headers.get_list("set-cookie"))


def test_a_login_ends_after_thirty_days(board: GuardedBoard) -> None:
    with board.visit() as client:
        log_in(client)
        board.clock.seconds = 30 * 86_400
        assert client.get("/api/captures").status_code == HTTPStatus.OK
        board.clock.seconds += 2
        assert client.get("/api/captures").status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(("password", "status"), [(PASSWORD, 200), ("another", 401)])
def test_a_login_outlives_the_board_but_not_its_password(tmp_path: Path, password: str, status: int) -> None:
    with make_guarded_board(tmp_path).visit() as client:
        log_in(client)
        cookies = dict(client.cookies)
    with make_guarded_board(tmp_path, password=password).visit() as client:
        client.cookies.update(cookies)
        assert client.get("/api/captures").status_code == status


def test_a_cookie_that_was_tampered_with_opens_nothing(board: GuardedBoard) -> None:
    with board.visit() as client:
        log_in(client)
        for name, value in list(client.cookies.items()):
            # Of the last character of a signature not every bit counts.
            body, _, signature = value.rpartition(".")
            forged = f"{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
            for wrong in (forged, "person", "", "\x7f", "a.b.c", "ä.ö.ü"):
                answer = client.get("/api/captures", headers={b"Cookie": f"{name}={wrong}".encode()})
                assert answer.status_code == HTTPStatus.UNAUTHORIZED
        known = next(value for name, value in client.cookies.items() if name.endswith("-known"))
        session = next(name for name in client.cookies if not name.endswith("-known"))
        client.cookies.clear()
        answer = client.get("/api/captures", headers={"Cookie": f"{session}={known}"})
        assert answer.status_code == HTTPStatus.UNAUTHORIZED


def test_whoever_logs_out_is_out(board: GuardedBoard) -> None:
    with board.visit() as client:
        log_in(client)
        assert "Log out" in client.get("/history", headers=PAGE).text
        led = client.post("/logout")
        assert urljoin("/logout", led.headers["location"]) == "/login"
        assert client.get("/api/captures").status_code == HTTPStatus.UNAUTHORIZED


def test_guessing_is_slowed_down_and_told_for_how_long(board: GuardedBoard) -> None:
    with board.visit() as client:
        assert [log_in(client, "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
        slowed = log_in(client)
        assert slowed.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert slowed.headers["retry-after"] == "30"
        assert "Wait 30 seconds" in slowed.text
        board.clock.seconds += 30
        assert log_in(client).status_code == HTTPStatus.SEE_OTHER


def test_one_address_does_not_slow_down_another(board: GuardedBoard) -> None:
    with board.visit() as client:
        for _ in range(6):
            log_in(client, "wrong")
        board.address = "192.0.2.8"
        assert log_in(client).status_code == HTTPStatus.SEE_OTHER


def test_behind_a_trusted_proxy_the_browsers_own_address_counts(board: GuardedBoard) -> None:
    with board.visit(PROXY) as client:
        for _ in range(6):
            client.headers["X-Forwarded-For"] = f"1.2.3.4, {STRANGER}"
            log_in(client, "wrong")
        assert log_in(client).status_code == HTTPStatus.TOO_MANY_REQUESTS
        client.headers["X-Forwarded-For"] = "192.0.2.8"
        assert log_in(client).status_code == HTTPStatus.SEE_OTHER


def test_a_stranger_who_says_to_be_somebody_else_each_time_is_still_one(board: GuardedBoard) -> None:
    with board.visit() as client:
        for number in range(5):
            client.headers["X-Forwarded-For"] = f"198.51.100.{number}"
            log_in(client, "wrong")
        client.headers["X-Forwarded-For"] = "198.51.100.99"
        assert log_in(client).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_strangers_never_lock_out_a_browser_that_has_logged_in_before(board: GuardedBoard) -> None:
    with board.visit() as client:
        log_in(client)
        client.post("/logout")
        cookies = dict(client.cookies)
        client.cookies.clear()
        for number in range(60):
            board.address = f"198.51.100.{number}"
            log_in(client, "wrong")
        board.address = "203.0.113.5"
        assert log_in(client).status_code == HTTPStatus.TOO_MANY_REQUESTS
        client.cookies.update(cookies)
        assert log_in(client).status_code == HTTPStatus.SEE_OTHER


@pytest.mark.parametrize("content", [b"\xff\xfe", b"&" * 50 + b"=x", b"a=1&" * 500, b""])
def test_a_broken_form_is_no_way_in(board: GuardedBoard, content: bytes) -> None:
    with board.visit() as client:
        assert client.post("/login", content=content).status_code in {400, 401}


def test_more_than_a_form_is_not_read(board: GuardedBoard) -> None:
    with board.visit() as client:
        answer = client.post("/login", content=b"password=" + b"x" * 70_000)
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        answer = client.post("/login", content=iter([b"password="] + [b"x" * 10_000] * 7))
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_where_everybody_may_look_the_login_leads_to_the_board(tmp_path: Path) -> None:
    with make_guarded_board(tmp_path, Auth.NONE).visit() as client:
        assert client.get("/login").headers["location"] == "./"
        assert log_in(client).headers["location"] == "./"
        assert "Log out" not in client.get("/history", headers=PAGE).text
