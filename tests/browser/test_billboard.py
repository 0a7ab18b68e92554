"""The billboard: content follows the mood and holds its dwell, frames what is elsewhere, and is never black."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import seeds
from tests.browser.conftest import OpenBoard, Visit
from tests.browser.network import Network
from tests.support.account import Account
from tests.support.board import Board
from tests.support.host import CHECKOUT

pytestmark = pytest.mark.browser

PICTURES = CHECKOUT / "demo" / "billboard"
DWELL_SECONDS = 3.0
ALONE_MS = 61_000
"""A little longer than a page that hears nothing stays with the last mood."""
BILLBOARD = """
default = "calm"
[moods.happy]
when = ["HAPPY"]
min_dwell = {dwell}
items = [{happy}]
[moods.calm]
when = ["CALM"]
items = [{{image = "sea.jpg", seconds = 60}}]
[moods.gloomy]
when = ["SAD"]
items = [{{image = "hills.jpg", seconds = 60}}]
"""
PARTY = '{image = "party.jpg", seconds = 60}'


class Elsewhere(BaseHTTPRequestHandler):
    """A page of somebody else."""

    def do_GET(self) -> None:
        body = b"<!doctype html><link rel=icon href=data:,><p>From elsewhere"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Its origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def open_billboard(open_board: OpenBoard, folder: Path, happy: str = PARTY) -> Board:
    for picture in PICTURES.glob("*.jpg"):
        (folder / picture.name).write_bytes(picture.read_bytes())
    file = folder / "billboard.toml"
    file.write_text(BILLBOARD.format(happy=happy, dwell=DWELL_SECONDS), encoding="utf-8")
    return open_board("lobby", BILLBOARD_FILE=str(file))


def press(account: Account, emotion: str) -> None:
    """Somebody who wears it was photographed just now."""
    face = {"box": seeds.GROUP[0], "emotion": emotion, "confidence": 99.0, "emotions": {emotion: 99.0}}
    looks = {"faces": [face], "face_count": 1, "top_emotion": emotion, "mood": {emotion: 1}}
    seeds.put_capture(account, seeds.capture("lobby", datetime.now(UTC), emotion, **looks))


def shown(page: Page, picture: str) -> Locator:
    """The layer on top, if it has this picture."""
    return page.locator(f"#layers .layer.on:last-child img[src*='/{picture}']")


def since(page: Page) -> datetime:
    """When the board says that what it shows began."""
    told: str = page.request.get("billboard/lobby/current.json").json()["since"]
    return datetime.fromisoformat(told)


def test_the_content_follows_the_mood_and_stays_for_its_dwell(
    visit: Visit, open_board: OpenBoard, account: Account, tmp_path: Path
) -> None:
    page = visit(open_billboard(open_board, tmp_path))
    page.goto("billboard/lobby")
    expect(shown(page, "sea.jpg")).to_be_visible()
    press(account, "HAPPY")
    expect(shown(page, "party.jpg")).to_be_visible()
    began = since(page)
    press(account, "SAD")
    expect(shown(page, "hills.jpg")).to_be_visible(timeout=30_000)
    assert (since(page) - began).total_seconds() >= DWELL_SECONDS


def test_an_address_from_elsewhere_is_framed_and_shut_in(
    visit: Visit, open_board: OpenBoard, account: Account, tmp_path: Path, elsewhere: str
) -> None:
    board = open_billboard(open_board, tmp_path, happy=f'{{url = "{elsewhere}/", seconds = 60}}')
    page = visit(board, framed=[elsewhere])
    page.goto("billboard/lobby")
    press(account, "HAPPY")
    expect(page.frame_locator("#layers iframe").get_by_text("From elsewhere")).to_be_visible()
    assert page.locator("#layers iframe").get_attribute("sandbox") == "allow-scripts"


def test_a_billboard_without_its_board_goes_back_to_the_default_and_is_never_black(
    visit: Visit, open_board: OpenBoard, account: Account, tmp_path: Path
) -> None:
    board = open_billboard(open_board, tmp_path)
    with Network(board.address) as network:
        page = visit(replace(board, address=network.address), excused=["net::ERR_"])
        page.clock.install()
        page.goto("billboard/lobby")
        press(account, "HAPPY")
        expect(shown(page, "party.jpg")).to_be_visible()
        network.break_off()
        page.clock.fast_forward(ALONE_MS)
        expect(shown(page, "sea.jpg")).to_be_visible()
        assert page.evaluate("document.querySelector('#layers .layer.on:last-child img').naturalWidth") > 0
        page.context.close()
