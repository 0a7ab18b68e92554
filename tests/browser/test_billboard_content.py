"""What is on a billboard: it goes on whatever breaks, plays videos to their end, and takes in a changed file."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from board.domain.playlist import Item, Kind, Mood, turn_at
from tests.browser import seeds
from tests.browser.conftest import OpenBoard, Visit
from tests.browser.network import Network
from tests.support.account import Account
from tests.support.board import Board
from tests.support.host import CHECKOUT
from worker.domain.timestamp import iso

pytestmark = pytest.mark.browser

CALM = '[moods.calm]\nwhen = ["CALM"]\nitems = [{image = "sea.jpg", seconds = 1}, {image = "hills.jpg", seconds = 1}]\n'
HAPPY = '[moods.happy]\nwhen = ["HAPPY"]\nmin_dwell = 3\nitems = [{image = "party.jpg", seconds = 60}]\n'
LOOK = "let seen; try { seen = parent.document.title; } catch { seen = 'kept out'; } document.body.append(seen);"


@dataclass(frozen=True)
class Wall:
    """A board with a billboard whose `folder` the test fills, for the camera `lobby`."""

    board: Board
    account: Account
    folder: Path

    def write(self, *moods: str) -> None:
        (self.folder / "billboard.toml").write_text('default = "calm"\n' + "".join(moods), encoding="utf-8")

    def press(self, **mood: int) -> None:
        now = datetime.now(UTC)
        seeds.put(self.account, seeds.capture("lobby", now, f"at-{now.microsecond}", mood=mood))


Hang = Callable[..., Wall]


@pytest.fixture
def hang(open_board: OpenBoard, account: Account, tmp_path: Path) -> Hang:
    def hang_one(*moods: str) -> Wall:
        folder = Path(shutil.copytree(CHECKOUT / "demo" / "billboard", tmp_path / "billboard"))
        (folder / "billboard.toml").write_text('default = "calm"\n' + "".join(moods), encoding="utf-8")
        board = open_board("lobby", BILLBOARD_FILE=str(folder / "billboard.toml"))
        return Wall(board, account, folder)

    return hang_one


def on(page: Page, name: str) -> Locator:
    """What shows the file, once it is to be seen."""
    return page.locator(f'.layer.on > [src*="/{name}"]')


def test_one_thing_is_left_after_it_was_faded_in(hang: Hang, visit: Visit) -> None:
    wall = hang(CALM, HAPPY)
    page = visit(wall.board)
    page.goto("billboard/lobby")
    on(page, "sea.jpg").wait_for()
    wall.press(HAPPY=1)
    on(page, "party.jpg").wait_for()
    expect(page.locator(".layer")).to_have_count(1)


def test_without_the_board_it_goes_on_and_comes_back_to_it(hang: Hang, visit: Visit) -> None:
    wall = hang(CALM, HAPPY)
    with Network(wall.board.address) as network:
        page = visit(replace(wall.board, address=network.address), excused=["net::ERR_"])
        page.goto("billboard/lobby")
        on(page, "sea.jpg").wait_for()
        network.break_off()
        for name in ("hills.jpg", "sea.jpg", "hills.jpg"):
            on(page, name).wait_for()
        network.mend()
        wall.press(HAPPY=1)
        on(page, "party.jpg").wait_for()


def test_what_is_broken_is_passed_over(hang: Hang, visit: Visit) -> None:
    wall = hang(CALM, HAPPY)
    (wall.folder / "sea.jpg").unlink()
    page = visit(wall.board, excused=["status of 404"])
    page.goto("billboard/lobby")
    on(page, "hills.jpg").wait_for()


def test_a_video_is_played_to_its_end_even_if_the_board_thinks_that_it_is_over(hang: Hang, visit: Visit) -> None:
    wall = hang('[moods.calm]\nitems = [{video = "dance.mp4"}]\n', HAPPY)
    page = visit(wall.board)
    page.goto("billboard/lobby")
    on(page, "dance.mp4").wait_for()
    page.evaluate("document.addEventListener('ended', () => { document.body.dataset.played = 'yes'; }, true)")
    version = page.locator("#billboard").get_attribute("data-playlist") or ""
    told = {"mood": "happy", "since": iso(datetime.now(UTC))}
    page.route("**/current.json", lambda route: route.fulfill(json=told, headers={"Board-Playlist": version}))
    on(page, "party.jpg").wait_for()
    assert page.evaluate("document.body.dataset.played") == "yes"


def test_a_changed_file_is_shown_by_a_page_that_stays_open(hang: Hang, visit: Visit) -> None:
    wall = hang(CALM)
    page = visit(wall.board)
    page.goto("billboard/lobby")
    on(page, "sea.jpg").wait_for()
    page.evaluate("document.body.dataset.still = 'here'")
    wall.write(HAPPY.replace("happy", "calm"))
    on(page, "party.jpg").wait_for()
    assert page.evaluate("document.body.dataset.still") == "here"


def test_an_address_is_framed_in_a_sandbox(hang: Hang, visit: Visit, elsewhere: str) -> None:
    """Also one that the file names only later."""
    wall = hang(CALM)
    page = visit(wall.board, framed=[elsewhere])
    page.goto("billboard/lobby")
    on(page, "sea.jpg").wait_for()
    wall.write(f'[moods.calm]\nitems = [{{url = "{elsewhere}/page"}}]\n')
    expect(page.frame_locator(".layer.on > iframe").locator("body")).to_have_text("without a referrer, kept out")


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The origin of a page that says who asked for it, and whether it can look at what frames it."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            referrer = "with" if self.headers.get("Referer") else "without"
            body = f"<body>{referrer} a referrer, <script>{LOOK}</script></body>".encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_turns_are_reckoned_alike_on_the_board_and_on_the_page(hang: Hang, visit: Visit) -> None:
    page = visit(hang(CALM).board)
    page.goto("billboard/lobby")
    chance = random.Random(15)  # noqa: S311 - the same each time
    for _ in range(50):
        items = [
            Item(Kind.IMAGE, f"{number}.jpg", chance.choice((1, 2.5, 7.123, 60)), chance.randint(1, 5))
            for number in range(chance.randint(1, 6))
        ]
        mood = Mood("calm", frozenset(), tuple(items))
        since, now = 1_700_000_000.0, 1_700_000_000.0 + chance.uniform(-10, 5000)
        told = {"items": [{"src": item.source, "seconds": item.seconds} for item in items], "order": mood.order}
        turn: dict[str, Any] = page.evaluate(
            "async ([mood, since, now]) => (await import('../static/turns.js')).turnAt(mood, since, now)",
            [told, since * 1000, now * 1000],
        )
        expected = turn_at(mood, since, now)
        assert turn["item"]["src"] == expected.item.source
        assert turn["ends"] == pytest.approx(expected.ends * 1000, abs=2)
