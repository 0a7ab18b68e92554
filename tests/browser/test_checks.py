"""What looks at the pages sees what it is there for."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.checks import barriers, faults_of_layout
from tests.browser.colour_vision import AT_A_GLANCE, DEFICIENCIES, distance, ground, see_with
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

NOWHERE = "http://board.invalid/"
PAGE = """<!doctype html><html lang="en"><head><title>x</title>{}</head><body><main><h1>x</h1>{}</main></body></html>"""
STYLE = "<style>body {{ margin: 0; font: 16px/1.2 sans-serif }} p {{ margin: 0 }} {}</style>"
POLICY = """<meta http-equiv="Content-Security-Policy" content="script-src 'self'">"""
WIDE_WORD = '<p class="box">Donaudampfschifffahrtsgesellschaft</p>'
CHOICE = "<select><option>a</option><option selected>Donaudampfschifffahrt</option></select>"
TWO = "<div><p>one line of text</p><p>another line of text</p></div>"


def show(page: Page, body: str, style: str = "") -> None:
    """On a board that has this page and no other."""
    html = PAGE.format(body if body.startswith(POLICY) else STYLE.format(style), body)
    page.route(f"{NOWHERE}**", lambda route: route.fulfill(status=404))
    page.route(NOWHERE, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    visitor = Visitor(browser, NOWHERE, bypass_csp=True, excused=["favicon", "status of 404"])
    yield visitor.context.new_page()
    visitor.leave()


@pytest.mark.parametrize(
    ("style", "body", "fault"),
    [
        ("p { width: 3000px }", "<p>text</p>", "wider than the screen"),
        (".box { width: 100px }", WIDE_WORD, "wider than <p"),
        (".box { width: 100px; overflow: hidden; text-overflow: ellipsis }", WIDE_WORD, "wider than <p"),
        (".box { height: 10px; overflow: hidden }", f"<div class=box>{TWO}</div>", "cut off by <div"),
        ("p + p { margin-top: -1em }", TWO, "overlap"),
        ("p { position: absolute; top: 0; left: 0 }", TWO, "lies over"),
        ("select { width: 100px }", CHOICE, "cut off by <select"),
    ],
)
def test_what_lies_badly_is_seen(page: Page, style: str, body: str, fault: str) -> None:
    show(page, body, style)
    assert [found for found in faults_of_layout(page) if fault in found]


@pytest.mark.parametrize(
    ("style", "body"),
    [
        ("", TWO),
        ("select { width: 400px }", CHOICE),
        (".box { width: 100px; overflow-x: auto }", f"<div class=box>{WIDE_WORD}</div>"),
        (".box { position: absolute; width: 1px; height: 1px; overflow: hidden }", WIDE_WORD),
    ],
)
def test_what_lies_well_is_not(page: Page, style: str, body: str) -> None:
    show(page, body, style)
    assert faults_of_layout(page) == []


def test_a_barrier_is_found(page: Page) -> None:
    show(page, "<p>hardly to be read</p>", "p { color: #ccc; background: #fff }")
    assert [found for found in barriers(page) if found.startswith("color-contrast (serious)")]


@pytest.mark.parametrize(
    ("event", "body", "complaint"),
    [
        ("console", "<script>console.error('ouch')</script>", "console: ouch"),
        ("pageerror", "<script>throw new Error('ouch')</script>", "script: ouch"),
        ("console", "<img src='no/such/photo' alt=''>", "status of 404"),
        ("requestfailed", "<img src='http://127.0.0.1:1/' alt=''>", "request failed"),
        ("request", "<img src='http://127.0.0.1:1/' alt=''>", "asked somebody else"),
        (
            "console",
            "<meta http-equiv=Content-Security-Policy content=\"script-src 'self'\"><script>1</script>",
            "policy",
        ),
    ],
)
def test_what_a_browser_complains_of_is_heard(browser: Browser, event: Any, body: str, complaint: str) -> None:
    visitor = Visitor(browser, NOWHERE, excused=["."])
    page = visitor.context.new_page()
    with page.expect_event(event):
        show(page, body)
    visitor.leave()
    assert [heard for heard in visitor.heard if complaint in heard.lower()]


def test_a_visit_with_a_complaint_fails(browser: Browser) -> None:
    visitor = Visitor(browser, NOWHERE, excused=["other words"])
    page = visitor.context.new_page()
    with page.expect_event("console"):
        show(page, "<script>console.error('ouch')</script>")
    with pytest.raises(AssertionError, match="ouch"):
        visitor.leave()


def test_a_traffic_light_is_seen_as_its_viewers_see_it(page: Page) -> None:
    lamps = "<div id=go></div><div id=stop></div>"
    show(page, lamps, "div { height: 50px } #go { background: #6a8a00 } #stop { background: #b06000 }")
    alike = set()
    for deficiency in DEFICIENCIES:
        see_with(page, deficiency)
        if distance(ground(page.locator("#go")), ground(page.locator("#stop"))) < AT_A_GLANCE:
            alike.add(deficiency)
    assert alike == {"deuteranopia", "protanopia", "achromatopsia"}


def test_the_ground_of_a_tile_is_not_its_letters(page: Page) -> None:
    show(page, "<p>white on black</p>", "p { color: #fff; background: #000 }")
    assert ground(page.locator("p")) == (0, 0, 0)
