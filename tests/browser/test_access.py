"""Who gets to see what: with the password, without it, and by a screen's link."""

import subprocess
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import seeds
from tests.browser.conftest import OpenBoard, Visit
from tests.support.account import Account
from tests.support.board import Board

pytestmark = pytest.mark.browser

PASSWORD = "open sesame, ça va"
REFUSED = ["status of 40[13]"]


@pytest.fixture
def board(open_board: OpenBoard) -> Board:
    return open_board("lobby", BOARD_AUTH="password", BOARD_PASSWORD=PASSWORD)


def log_in(page: Page, password: str) -> None:
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def link(board: Board, *arguments: str) -> str:
    """The first line that `python -m board link` prints."""
    command = [sys.executable, "-m", "board", "link", *arguments]
    done = subprocess.run(command, env=board.environment, cwd=board.folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0]


def test_the_password_leads_to_the_page_that_was_asked_for(visit: Visit, board: Board) -> None:
    page = visit(board)
    page.goto("monitor/lobby")
    log_in(page, PASSWORD)
    expect(page).to_have_url(f"{board.address}monitor/lobby")


def test_a_wrong_password_is_told_and_opens_nothing(visit: Visit, board: Board) -> None:
    page = visit(board, excused=REFUSED)
    page.goto("")
    log_in(page, "swordfish")
    expect(page.get_by_role("alert")).to_contain_text("not the board's password")
    page.goto("")
    expect(page.get_by_label("Password")).to_be_visible()


def test_whoever_logs_out_is_out(visit: Visit, board: Board) -> None:
    page = visit(board)
    page.goto("")
    log_in(page, PASSWORD)
    page.get_by_role("button", name="Log out").click()
    page.goto("")
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_link_opens_its_page_on_a_screen_and_nothing_else_until_it_is_revoked(
    visit: Visit, board: Board, account: Account
) -> None:
    now = datetime.now(UTC)
    watch = seeds.put(account, seeds.watch("lobby", now, 2, ("left", "right")))
    seeds.put(account, seeds.bucket(watch, now, {"left": 80.0, "right": 20.0}))
    page = visit(board, excused=REFUSED)
    parts = urlsplit(link(board, "monitor", "lobby", "--days", "1"))
    page.goto(f"{parts.path.lstrip('/')}?{parts.query}")
    expect(page.get_by_text("Facing").first).to_be_visible()
    assert "key=" not in page.url
    expect(page.get_by_role("link")).to_have_count(0)
    page.goto("")
    expect(page.get_by_text("Facing")).to_have_count(0)
    link(board, "revoke", link(board, "list").split()[0])
    page.goto("monitor/lobby")
    expect(page.get_by_text("Facing")).to_have_count(0)
