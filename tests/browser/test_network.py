"""A screen on the wall: what it shows while the network or the board is away, and afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from board.feed import NEWEST
from tests.browser import seeds
from tests.browser.conftest import OpenBoard, Visit
from tests.browser.network import Network
from tests.support.account import Account
from tests.support.board import Board
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser

SILENCE_MS = 31_000
"""A little longer than a page takes for a pause."""
MEANWHILE = "You look curious."
OFF_LINE = ["net::ERR_", "status of 502"]


@pytest.fixture
def board(open_board: OpenBoard) -> Board:
    return open_board("lobby")


@pytest.fixture
def network(board: Board) -> Iterator[Network]:
    with Network(board.address) as network:
        yield network


@pytest.fixture
def page(visit: Visit, board: Board, network: Network) -> Page:
    """Of the gallery, whose clock the test moves on."""
    page = visit(replace(board, address=network.address), excused=OFF_LINE)
    page.clock.install()
    return page


def open_gallery(page: Page) -> None:
    """Returns when its stream of events is open: then the connection is there that is to be cut."""
    with page.expect_response("**/api/events*"):
        page.goto("")


def press(account: Account) -> None:
    """What a worker writes meanwhile."""
    seeds.put_capture(account, seeds.capture("lobby", datetime.now(UTC), said=MEANWHILE))


def test_a_cable_that_was_pulled_is_told_and_forgotten_when_it_is_back(
    page: Page, network: Network, account: Account
) -> None:
    open_gallery(page)
    network.pull()
    press(account)
    page.clock.fast_forward(SILENCE_MS)
    expect(page.locator("#stale")).to_contain_text("half a minute")
    network.mend()
    expect(page.get_by_text(MEANWHILE).first).to_be_visible()
    expect(page.locator("#stale")).to_be_hidden()


def test_a_connection_that_broke_is_opened_again(page: Page, network: Network, account: Account) -> None:
    open_gallery(page)
    with page.expect_event("requestfailed"):
        network.break_off()
    page.clock.fast_forward(SILENCE_MS)
    expect(page.locator("#stale")).to_be_visible()
    press(account)
    network.mend()
    expect(page.get_by_text(MEANWHILE).first).to_be_visible()
    expect(page.locator("#stale")).to_be_hidden()


def test_what_came_and_what_went_while_the_network_was_away_is_caught_up_with(
    page: Page, network: Network, account: Account
) -> None:
    now = datetime.now(UTC)
    kept, forgotten = (seeds.capture("lobby", now - timedelta(hours=hours)) for hours in (2, 1))
    for record in (kept, forgotten):
        seeds.put_capture(account, record)
    open_gallery(page)
    expect(page.locator(".tile")).to_have_count(2)
    with page.expect_event("requestfailed"):
        network.break_off()
    missed = [seeds.capture("lobby", now - timedelta(minutes=minutes), f"m{minutes}") for minutes in range(NEWEST + 3)]
    for record in missed:
        seeds.put_capture(account, record)
    account.dynamodb.delete_item(
        TableName=account.resources.table, Key={name: {"S": forgotten[name]} for name in ("camera", "capture_id")}
    )
    page.clock.fast_forward(SILENCE_MS)
    network.mend()
    expect(page.locator(f'.tile[data-capture="{forgotten["capture_id"]}"]')).to_have_count(0)
    shown = [record["capture_id"] for record in (*missed, kept)]
    expect(page.locator(".tile")).to_have_count(len(shown))
    assert page.locator(".tile").evaluate_all("tiles => tiles.map((tile) => tile.dataset.capture)") == shown


def test_a_connection_that_was_lost_without_a_word_is_opened_again(
    page: Page, network: Network, account: Account
) -> None:
    open_gallery(page)
    network.lose()
    press(account)

    def told_after_a_while() -> int:
        page.clock.fast_forward(SILENCE_MS)
        return page.get_by_text(MEANWHILE).count()

    # The browser has other connections to the board that were lost, too, and tries them one after the other.
    eventually(told_after_a_while)
    expect(page.locator("#stale")).to_be_hidden()


def test_a_board_that_was_away_behind_its_proxy_is_asked_again(page: Page, account: Account) -> None:
    page.route("**/api/events*", lambda route: route.fulfill(status=502))
    open_gallery(page)
    expect(page.locator("#stale")).to_contain_text("asked again")
    press(account)
    page.unroute("**/api/events*")
    page.clock.fast_forward(SILENCE_MS)
    expect(page.get_by_text(MEANWHILE).first).to_be_visible()
    expect(page.locator("#stale")).to_be_hidden()


def test_trouble_that_ended_meanwhile_is_told_no_more(page: Page) -> None:
    told = 'retry: 200\nevent: trouble\ndata: {"error": "ExpiredToken"}\n\n'
    page.route("**/api/events*", lambda route: route.fulfill(body=told, content_type="text/event-stream"))
    open_gallery(page)
    expect(page.locator("#stale")).to_contain_text("ExpiredToken")
    page.unroute("**/api/events*")
    expect(page.locator("#stale")).to_be_hidden()
