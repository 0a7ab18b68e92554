"""A press, from the button to the screen: camera, worker, cloud, board and browser, each in a process of its own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBoard, Visit
from tests.support.account import Account
from tests.support.site import Site

pytestmark = pytest.mark.browser

LOOKS_HAPPY = "You look happy."


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """With a camera called "lobby", which sees an astronaut, and a worker that is ready."""
    with Site(cloud, tmp_path) as site:
        site.camera("lobby")
        site.start()
        yield site


@pytest.fixture
def account(site: Site) -> Account:
    return site.account


def test_a_press_becomes_a_tile(visit: Visit, open_board: OpenBoard, site: Site) -> None:
    page = visit(open_board("lobby"))
    with page.expect_response("**/api/events*"):
        page.goto("")
    site.press("lobby")
    expect(page.get_by_text(LOOKS_HAPPY).first).to_be_visible()
    wait_for_photo(page)


def test_a_press_in_the_browser_goes_over_the_queue_like_any_other(
    visit: Visit, open_board: OpenBoard, site: Site
) -> None:
    page = visit(open_board("lobby", BOARD_ACTIONS="on"))
    page.goto("presses")
    page.get_by_role("button", name=re.compile("press", re.IGNORECASE)).first.click()
    (record,) = site.account.ended()
    assert record["said"] == LOOKS_HAPPY
    expect(page.get_by_text(LOOKS_HAPPY).first).to_be_visible()


def test_what_is_forgotten_is_gone_from_the_page_the_table_and_the_bucket(
    visit: Visit, open_board: OpenBoard, site: Site
) -> None:
    site.press("lobby")
    site.account.ended()
    site.account.wait_until_empty()
    # The page may still ask for the photo that is being deleted.
    page = visit(open_board("lobby", BOARD_ACTIONS="on"), excused=["status of 404.*/photos/"])
    page.goto("")
    page.get_by_text(LOOKS_HAPPY).first.click()
    page.get_by_text("Forget …").click()
    page.get_by_role("button", name="Forget it for good").click()
    expect(page.get_by_role("heading", name="Forgotten.")).to_be_visible()
    assert not any("faces" in record or "said" in record for record in site.account.records())
    assert site.account.photo_keys() == []
    page.goto("")
    expect(page.get_by_text(LOOKS_HAPPY)).to_have_count(0)


def wait_for_photo(page: Page) -> None:
    """Until one is drawn, not only named."""
    page.wait_for_function("[...document.querySelectorAll('main img')].some((photo) => photo.naturalWidth > 100)")
