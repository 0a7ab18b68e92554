"""The gallery goes on by itself; what is pressed on a page is told step by step."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import seeds
from tests.browser.checks import faults_of_layout
from tests.browser.conftest import OpenBoard, Visit
from tests.support.account import Account, Item
from tests.support.board import Board

pytestmark = pytest.mark.browser

STUB = {"status": "forgotten", "expires_at": 1}


@pytest.fixture
def board(open_board: OpenBoard) -> Board:
    return open_board("lobby", "garden", BOARD_ACTIONS="on")


@pytest.fixture
def page(visit: Visit, board: Board) -> Page:
    return visit(board)


def press(account: Account, ago: float = 0, camera: str = "lobby", **more: Any) -> Item:
    """What a worker leaves of a press so many minutes ago."""
    at = datetime.now(UTC) - timedelta(minutes=ago)
    return seeds.put_capture(account, seeds.capture(camera, at, f"p{ago}".replace(".", "-"), **more))


def tile(page: Page, record: Item) -> Locator:
    return page.locator(f'.tile[data-capture="{record["capture_id"]}"]')


def open_gallery(page: Page, query: str = "") -> None:
    with page.expect_response("**/api/events*"):
        page.goto(query)


def test_a_press_appears_by_itself_and_becomes_what_comes_of_it(page: Page, account: Account) -> None:
    press(account, 5)
    open_gallery(page)
    begun = seeds.capture("lobby", datetime.now(UTC))
    kept = {name: begun[name] for name in ("camera", "capture_id", "pressed_at")}
    seeds.put(account, kept | {"status": "in_progress"})
    expect(tile(page, begun)).to_contain_text("Taking the photo")
    seeds.put_capture(account, begun)
    expect(tile(page, begun)).to_contain_text(begun["said"])
    expect(tile(page, begun).locator("rect.box")).to_have_count(3)
    expect(page.locator(".tile").first).to_have_attribute("data-capture", begun["capture_id"])
    expect(page.locator(".tile")).to_have_count(2)


def test_the_first_photo_of_all_takes_the_place_of_the_advice(page: Page, account: Account) -> None:
    open_gallery(page)
    expect(page.get_by_text("No photo yet")).to_be_visible()
    record = press(account)
    expect(tile(page, record)).to_be_visible()
    expect(page.get_by_text("No photo yet")).to_be_hidden()


def test_what_the_form_has_chosen_can_be_read_also_beside_cameras_with_short_names(
    visit: Visit, open_board: OpenBoard
) -> None:
    page = visit(open_board("a", "b"))
    open_gallery(page)
    assert faults_of_layout(page) == []


def test_a_tile_that_came_by_itself_is_the_one_that_a_reload_shows(page: Page, account: Account) -> None:
    open_gallery(page)
    record = press(account)
    boxes = tile(page, record).locator("svg.faces")
    expect(boxes).to_be_visible()
    came = tile(page, record).inner_html()
    page.reload()
    expect(boxes).to_be_visible()
    assert tile(page, record).inner_html() == came


def test_what_is_forgotten_goes(page: Page, account: Account) -> None:
    record = press(account)
    open_gallery(page)
    expect(tile(page, record)).to_be_visible()
    seeds.put(account, {name: record[name] for name in ("camera", "capture_id")} | STUB)
    expect(tile(page, record)).to_have_count(0)
    expect(page.get_by_text("No photo yet")).to_be_visible()


def test_a_choice_is_kept(page: Page, account: Account) -> None:
    open_gallery(page, "?camera=lobby&mood=HAPPY")
    press(account, 2, "garden")
    press(account, 1, mood={"SAD": 1})
    record = press(account)
    expect(tile(page, record)).to_be_visible()
    expect(page.locator(".tile")).to_have_count(1)


def test_an_older_page_does_not_grow(page: Page, account: Account) -> None:
    old, newer = press(account, 9), press(account, 8)
    open_gallery(page, f"?before={newer['capture_id'].replace('#', '%23')}")
    press(account)
    seeds.put(account, old | {"said": "Something else.", "completed_at": "2026-01-01T00:00:00.000Z"})
    expect(page.get_by_text("Something else.")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(1)


def test_who_reads_further_down_stays_there(page: Page, account: Account) -> None:
    for ago in range(1, 13):
        press(account, ago)
    open_gallery(page)
    read = page.locator(".tile").nth(9)
    chosen = read.get_attribute("data-capture")
    read.locator("a").focus()
    page.evaluate("window.scrollTo(0, 600)")
    here = page.locator(f'.tile[data-capture="{chosen}"]')
    before = here.bounding_box()
    record = press(account)
    expect(tile(page, record)).to_be_attached()
    after = here.bounding_box()
    assert before is not None
    assert after is not None
    row = before["height"] + 40
    assert abs(after["y"] - before["y"]) < row
    assert page.evaluate("document.activeElement.closest('.tile').dataset.capture") == chosen


def test_a_press_is_told_step_by_step(page: Page, account: Account) -> None:
    page.goto("presses")
    page.get_by_role("button", name="lobby").click()
    steps = page.locator("#progress")
    expect(steps.locator("li.now")).to_contain_text("Taken up by a worker")
    identity = steps.get_attribute("data-capture")
    assert identity is not None
    whole = seeds.capture("lobby", datetime.now(UTC)) | {"capture_id": identity}
    begun = {name: whole[name] for name in ("camera", "capture_id", "pressed_at")} | {"status": "in_progress"}
    seeds.put(account, begun)
    expect(steps.locator("li.now")).to_contain_text("Photo taken")
    seeds.put(account, begun | {"speech": "started"})
    expect(steps.locator("li.now")).to_contain_text("Faces looked at")
    seeds.put_capture(account, whole)
    expect(steps).to_contain_text("3,900 ms")
    expect(page.locator("#newest")).to_contain_text(whole["said"])


def test_a_double_click_is_one_press(page: Page, account: Account) -> None:
    page.goto("presses")
    page.get_by_role("button", name="lobby").dblclick()
    expect(page.locator("#progress")).to_be_visible()
    received = account.sqs.receive_message(
        QueueUrl=account._queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    told = [message["MessageAttributes"] for message in received]
    assert len({(press["press_id"]["StringValue"], press["pressed_at"]["StringValue"]) for press in told}) == 1


def test_what_is_to_be_forgotten_is_told_when_it_is(page: Page, account: Account) -> None:
    record = press(account)
    page.goto("")
    tile(page, record).get_by_role("link").click()
    page.get_by_text("Forget …").click()
    page.get_by_role("button", name="Forget it for good").click()
    expect(page.get_by_text("has been asked to forget this")).to_be_visible()
    seeds.put(account, {name: record[name] for name in ("camera", "capture_id")} | STUB)
    expect(page.get_by_role("heading", name="Forgotten.")).to_be_visible()


def test_a_filter_shows_its_choices_whole(visit: Visit, open_board: OpenBoard) -> None:
    page = visit(open_board("a", "b"))
    page.goto("")
    for choice in page.locator(".filter select").all():
        narrower_by = choice.evaluate(
            "select => { const has = select.offsetWidth; select.style.width = 'max-content';"
            " return select.offsetWidth - has }"
        )
        assert narrower_by <= 0
