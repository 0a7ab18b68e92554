"""The history: drawn, in the viewer's own time, and filled up by itself."""

import csv
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser import seeds
from tests.browser.conftest import OpenBoard, Visit
from tests.support.account import Account
from tests.support.board import Board

pytestmark = pytest.mark.browser

INKED = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}"""
"""How many colours are on it."""


@pytest.fixture
def board(open_board: OpenBoard) -> Board:
    return open_board("lobby")


def colours(page: Page, number: int = 0) -> int:
    drawn: int = page.locator("canvas").nth(number).evaluate(INKED)
    return drawn


def test_presses_looks_and_waits_are_drawn_and_stand_in_a_table(visit: Visit, board: Board, account: Account) -> None:
    now = datetime.now(UTC)
    for hours in range(5):
        seeds.put(account, seeds.capture("lobby", now - timedelta(hours=hours), f"p{hours}"))
    page = visit(board)
    page.goto("history?days=7")
    expect(page.locator("canvas")).to_have_count(3)
    assert min(colours(page, number) for number in range(3)) > 2
    expect(page.locator(".figures")).to_contain_text("15")
    page.get_by_text("The same as a table").click()
    expect(page.locator("#numbers tbody tr")).to_have_count(5)


def test_its_days_are_the_viewers(visit: Visit, board: Board, account: Account) -> None:
    seeds.put(account, seeds.capture("lobby", datetime.now(UTC)))
    page = visit(board, hour=2)
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    page.goto("history")
    expect(page.locator("#zone")).to_contain_text(zone)
    page.get_by_label("Time").select_option("30 days")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#zone")).to_contain_text(zone)
    assert f"tz={quote(zone, safe='')}" in page.url


def test_it_is_drawn_anew_in_other_colours_and_another_width(visit: Visit, board: Board, account: Account) -> None:
    seeds.put(account, seeds.capture("lobby", datetime.now(UTC)))
    page = visit(board)
    page.goto("history?days=1")
    canvas = page.locator("canvas").first
    expect(canvas).to_be_visible()
    page.emulate_media(color_scheme="dark")
    expect(page.locator("canvas")).to_have_count(3)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("() => document.querySelector('canvas').getBoundingClientRect().right <= innerWidth")


def test_the_course_of_a_watch_follows_the_pointer(visit: Visit, board: Board, account: Account) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=10)
    watch = seeds.put(account, seeds.watch("lobby", begun, 2, ("left", "right")))
    for number in range(60):
        scores = {"left": 72.0, "right": 25.0}
        seeds.put(account, seeds.bucket(watch, begun + timedelta(seconds=10 * number), scores))
    page = visit(board)
    page.goto(f"history/watch/lobby/{quote(watch['capture_id'], safe='')}")
    expect(page.locator("canvas")).to_have_count(2)
    expect(page.locator(".sections h2").first).to_contain_text("mean 72")
    page.locator(".u-over").first.hover()
    expect(page.locator(".sections h2").first).to_contain_text(": 72")
    expect(page.locator(".sections h2").last).to_contain_text(": 25")


def test_it_is_downloaded_for_a_spreadsheet(visit: Visit, board: Board, account: Account) -> None:
    pressed = seeds.put(account, seeds.capture("lobby", datetime.now(UTC)))
    page = visit(board)
    page.goto("history")
    with page.expect_download() as download:
        page.get_by_role("link", name="presses", exact=True).click()
    assert download.value.suggested_filename == "history-presses.csv"
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert [row["capture_id"] for row in csv.DictReader(file)] == [pressed["capture_id"]]
