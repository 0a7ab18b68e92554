"""The billboard's page and addresses, of the demo's file, at a table that tests fill."""

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from board.billboards import Billboards
from board.domain.errors import CloudRefused
from board.domain.item import Item
from board.domain.moment import parse, stamp
from board.playlist_file import PlaylistFile
from board.web.app import make_app
from tests.board.fakes import NOW, Clock, FakeTable, make_services, record
from tests.board.web.guarded import make_guarded_board
from tests.support.host import CHECKOUT

PAGE, DATA, CURRENT = "/billboard/lobby", "/billboard/lobby/current.json", "/billboard/lobby/current"
FRAMED = (
    'default = "calm"\n[moods.calm]\nitems = [{url = "https://example.org:8443/a?b=c"}, {url = "http://pi.lan/"}]\n'
)


@dataclass
class Wall:
    """A board with a billboard, at a `table` and by a `clock` that the test sets; `get` is what a screen asks."""

    client: TestClient
    table: FakeTable
    clock: Clock
    folder: Path
    asked: dict[str, str] = field(default_factory=dict)

    def get(self, path: str = DATA, at: float | None = None, headers: dict[str, str] | None = None) -> Any:
        if at is not None:
            self.clock.seconds = at
        return self.client.get(path, headers=headers, follow_redirects=False)

    def mood(self, at: float) -> str:
        mood: str = self.get(at=at).json()["mood"]
        return mood

    def press(self, ago: float = 0.0, **mood: int) -> None:
        at = stamp(self.clock.now() - timedelta(seconds=ago))
        self.table.put(**record(capture_id=f"{at}#press", pressed_at=at, mood=mood))

    def bucket(self, ago: float = 0.0, **mood: float) -> None:
        """That ended so many seconds ago."""
        at = stamp(self.clock.now() - timedelta(seconds=ago + 10))
        self.table.put(camera="audience/lobby", capture_id=at, watch="w", frames=2, faces=12.0, mood=mood)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT / "demo" / "billboard", tmp_path / "billboard"))


@pytest.fixture
def wall(folder: Path, table: FakeTable) -> Iterator[Wall]:
    clock = Clock()
    services = replace(
        make_services(table, billboard_file=folder / "billboard.toml"), now=clock.now, monotonic=clock.monotonic
    )
    with TestClient(make_app(services), base_url="http://localhost") as client:
        yield Wall(client, table, clock, folder)


def test_without_data_the_default_is_on(wall: Wall) -> None:
    told = wall.get().json()
    assert told["mood"] == "calm"
    assert told["since"] == stamp(NOW)
    assert told["next_change_at"] == stamp(NOW + timedelta(seconds=15))
    assert (told["item"]["kind"], told["item"]["seconds"]) == ("image", 15.0)
    assert told["item"]["src"].startswith("billboard/lobby/files/sea.jpg?v=")


def test_a_press_changes_the_mood_once_the_shown_one_has_had_its_time(wall: Wall) -> None:
    wall.get()
    wall.press(HAPPY=1)
    assert wall.mood(at=1) == "calm"
    assert wall.mood(at=6) == "happy"
    assert wall.get().json()["item"]["src"].startswith("billboard/lobby/files/party.jpg")
    assert wall.mood(at=60) == "happy"
    assert wall.mood(at=62) == "calm"


def test_a_watch_goes_before_a_press_as_long_as_it_sees_faces(wall: Wall) -> None:
    wall.get()
    wall.bucket(HAPPY=8.0, CALM=2.5)
    wall.press(CALM=1)
    assert wall.mood(at=6) == "happy"
    wall.clock.seconds = 90
    wall.bucket()
    wall.press(HAPPY=1)
    assert wall.mood(at=91) == "happy"
    assert wall.mood(at=205) == "calm"


def test_a_press_of_an_hour_ago_says_nothing_of_now(wall: Wall) -> None:
    wall.press(ago=3600, HAPPY=1)
    assert [wall.mood(at=at) for at in (0, 10)] == ["calm", "calm"]


def test_each_camera_has_a_mood_of_its_own(folder: Path, table: FakeTable) -> None:
    services = make_services(table, cameras=("lobby", "hall"), billboard_file=folder / "billboard.toml")
    clock = Clock()
    with TestClient(
        make_app(replace(services, now=clock.now, monotonic=clock.monotonic)), base_url="http://localhost"
    ) as client:
        both = Wall(client, table, clock, folder)
        both.get()
        both.get("/billboard/hall/current.json")
        both.press(HAPPY=1)
        assert both.mood(at=6) == "happy"
        assert both.get("/billboard/hall/current.json").json()["mood"] == "calm"


def test_an_answer_that_is_known_already_is_not_sent_again(wall: Wall) -> None:
    first = wall.get()
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["Board-Time"] == str(round(NOW.timestamp() * 1000))
    again = wall.get(at=3, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert int(again.headers["Board-Time"]) == int(first.headers["Board-Time"]) + 3000
    by_a_proxy = wall.get(at=3, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert by_a_proxy.status_code == HTTPStatus.NOT_MODIFIED
    assert wall.get(at=15, headers={"If-None-Match": first.headers["ETag"]}).status_code == HTTPStatus.OK


def test_items_follow_one_another_and_say_until_when(wall: Wall) -> None:
    names, at = [], 0.0
    for _ in range(3):
        told = wall.get(at=at).json()
        names.append(re.sub(r".*/(.*)\?.*", r"\1", told["item"]["src"]))
        until = parse(told["next_change_at"])
        assert until is not None
        at = (until - NOW).total_seconds()
    assert names == ["sea.jpg", "hills.jpg", "sea.jpg"]


def test_many_screens_cost_one_read_a_second(wall: Wall) -> None:
    for at in (0.0, 0.3, 0.9, 1.0, 1.5):
        for _ in range(10):
            wall.get(at=at)
    assert wall.table.calls == ["audience/lobby", "lobby"] * 2


def test_nothing_is_asked_of_aws_while_nobody_looks(wall: Wall) -> None:
    wall.client.get("/healthz")
    assert wall.table.calls == []


def test_a_bucket_is_not_read_twice_but_for_the_newest(wall: Wall) -> None:
    for ago in (40, 30, 20, 10):
        wall.bucket(ago=ago, HAPPY=5.0)
    wall.get()
    with_since: list[str] = []
    pages = wall.table.pages

    def pages_since(camera: str, since: str, **more: Any) -> Iterator[list[Item]]:
        with_since.append(since)
        return pages(camera, since, **more)

    wall.table.pages = pages_since  # type: ignore[assignment,method-assign]
    wall.get(at=2)
    assert with_since == [stamp(NOW - timedelta(seconds=20))]


def test_without_aws_it_goes_on_and_says_so_once(wall: Wall) -> None:
    wall.get()
    wall.press(HAPPY=1)
    assert wall.mood(at=6) == "happy"
    wall.table.error = CloudRefused("dynamodb:Query: no")
    with capture_logs() as logs:
        assert [wall.mood(at=at) for at in (10, 20, 60)] == ["happy"] * 3
        assert wall.mood(at=76) == "calm"
    assert [entry["action"] for entry in logs] == ["billboard_blind"]


def test_a_board_that_never_reached_aws_shows_the_default(wall: Wall) -> None:
    wall.table.error = CloudRefused("dynamodb:Query: no")
    assert wall.get(PAGE).status_code == HTTPStatus.OK
    assert wall.mood(at=5) == "calm"


def test_screens_do_not_wait_for_an_aws_that_does_not_answer(
    folder: Path, table: FakeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("board.billboards.PATIENCE_SECONDS", 0.01)
    services = make_services(table, billboard_file=folder / "billboard.toml")
    asked, answers = threading.Event(), threading.Event()

    async def two_screens() -> list[str]:
        billboards = Billboards(PlaylistFile(folder / "billboard.toml"), services)
        shown = await asyncio.gather(billboards.current("lobby"), billboards.current("lobby"))
        # The look may still be on its way: the screens have not waited for it.
        await asyncio.to_thread(asked.wait, 10)
        answers.set()
        return [current.showing.mood for current in shown]

    calls: list[str] = []

    def hang(camera: str, *_: Any, **__: Any) -> Iterator[list[Any]]:
        calls.append(camera)
        asked.set()
        assert answers.wait(10)
        yield []

    table.pages = hang  # type: ignore[method-assign]
    assert asyncio.run(two_screens()) == ["calm", "calm"]
    assert calls[:1] == ["audience/lobby"]


def test_a_changed_file_is_shown_and_a_broken_one_is_not(wall: Wall) -> None:
    before = wall.get()
    (wall.folder / "billboard.toml").write_text("default = ", encoding="utf-8")
    assert wall.get(at=2).json() == before.json()
    (wall.folder / "billboard.toml").write_text(FRAMED, encoding="utf-8")
    after = wall.get(at=4)
    assert after.json()["item"] == {"kind": "url", "src": "https://example.org:8443/a?b=c", "seconds": 10.0}
    assert after.headers["Board-Playlist"] != before.headers["Board-Playlist"]


def test_another_player_is_led_to_what_is_on(wall: Wall) -> None:
    answer = wall.get(CURRENT)
    assert answer.status_code == HTTPStatus.FOUND
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"].startswith("../../billboard/lobby/files/sea.jpg?v=")
    image = wall.client.get(CURRENT)
    assert image.content == (wall.folder / "sea.jpg").read_bytes()
    assert image.headers["Content-Type"] == "image/jpeg"
    (wall.folder / "billboard.toml").write_text(FRAMED, encoding="utf-8")
    assert wall.get(CURRENT, at=2).headers["Location"] == "https://example.org:8443/a?b=c"


def test_a_player_without_cookies_gets_all_of_it_by_its_links_secret(folder: Path, tmp_path: Path) -> None:
    board = make_guarded_board(tmp_path, billboard_file=folder / "billboard.toml")
    _, secret = board.link("billboard")
    with board.visit() as player:
        assert player.get(CURRENT).status_code == HTTPStatus.UNAUTHORIZED
        led = player.get(f"{CURRENT}?key={secret}")
        assert player.get(f"{DATA}?key={secret}").json()["mood"] == "calm"
        assert not player.cookies
        image = player.get(urljoin(CURRENT, led.headers["Location"]))
    assert image.content == (folder / "sea.jpg").read_bytes()


def test_a_file_is_kept_by_screens_as_long_as_it_is_the_same(wall: Wall) -> None:
    address = "/" + wall.get().json()["item"]["src"]
    answer = wall.get(address)
    assert answer.headers["Cache-Control"] == "private, max-age=604800, immutable"
    assert wall.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == HTTPStatus.NOT_MODIFIED
    for other in (address.partition("?")[0], address.partition("?")[0] + "?v=old"):
        assert wall.get(other).headers["Cache-Control"] == "no-cache"


def test_of_a_video_any_part_can_be_had(wall: Wall) -> None:
    whole = (wall.folder / "dance.mp4").read_bytes()
    part = wall.get(f"{PAGE}/files/dance.mp4", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (HTTPStatus.PARTIAL_CONTENT, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert part.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize(
    "name", ["billboard.toml", "other.jpg", "../billboard.toml", "%2e%2e/secret.jpg", "/etc/passwd", "", "sea.jpg/"]
)
def test_nothing_else_in_the_folder_is_served(wall: Wall, name: str) -> None:
    (wall.folder / "other.jpg").write_bytes(b"secret")
    (wall.folder.parent / "secret.jpg").write_bytes(b"secret")
    answer = wall.get(f"{PAGE}/files/{name}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert b"secret" not in answer.content


def test_a_file_that_is_gone_is_not_found(wall: Wall) -> None:
    (wall.folder / "sea.jpg").unlink()
    assert wall.get(f"{PAGE}/files/sea.jpg").status_code == HTTPStatus.NOT_FOUND


def test_the_page_has_all_that_it_needs_to_go_on_by_itself(wall: Wall) -> None:
    html = wall.get(PAGE).text
    listed = json.loads(re.findall(r'<script type="application/json" id="playlist">(.*?)</script>', html)[0])
    assert (listed["default"], listed["frames"]) == ("calm", [])
    assert listed["moods"]["happy"]["order"] == [0, 1, 0]
    assert [item["kind"] for item in listed["moods"]["happy"]["items"]] == ["image", "video"]
    assert f'data-playlist="{wall.get().headers["Board-Playlist"]}"' in html
    assert "<nav" not in html


def test_the_page_shows_what_is_on_without_a_script(wall: Wall) -> None:
    noscript = re.findall(r"<noscript>\s*<div(.*?)</noscript>", wall.get(PAGE).text, re.DOTALL)[0]
    assert f'src="../{wall.get().json()["item"]["src"]}"' in noscript


def test_only_the_addresses_of_the_file_may_be_framed_and_only_here(wall: Wall) -> None:
    assert "frame-src" not in wall.get(PAGE).headers["Content-Security-Policy"]
    (wall.folder / "billboard.toml").write_text(FRAMED, encoding="utf-8")
    page = wall.get(PAGE, at=2)
    assert page.headers["Content-Security-Policy"].endswith("frame-src https://example.org:8443 http://pi.lan")
    assert 'sandbox="allow-scripts" referrerpolicy="no-referrer"' in page.text
    assert "frame-src" not in wall.get("/monitor/lobby").headers["Content-Security-Policy"]


def test_markup_in_the_file_is_text(wall: Wall) -> None:
    name = "</script><script>alert(1)</script>.jpg".replace("/", "")
    shutil.copy(wall.folder / "sea.jpg", wall.folder / name)
    (wall.folder / "billboard.toml").write_text(
        f"default = '<b>\"'\n[moods.'<b>\"']\nitems = [{{image = '{name}'}}]", encoding="utf-8"
    )
    html = wall.get(PAGE, at=2).text
    assert "<script>alert" not in html
    assert "<b>" not in html
    assert wall.client.get(CURRENT).content == (wall.folder / "sea.jpg").read_bytes()


def test_without_a_file_the_page_says_what_to_do(client: TestClient) -> None:
    page = client.get(PAGE)
    assert page.status_code == HTTPStatus.OK
    assert "BILLBOARD_FILE" in page.text
    assert "[moods.happy]" in page.text


@pytest.mark.parametrize("path", [DATA, CURRENT, f"{PAGE}/files/sea.jpg"])
def test_without_a_file_there_is_nothing_to_show_and_the_answer_says_why(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "BILLBOARD_FILE is not set" in answer.text


@pytest.mark.parametrize("path", ["", "/current.json", "/current", "/files/sea.jpg"])
def test_a_camera_that_there_is_not_is_not_found(wall: Wall, path: str) -> None:
    assert wall.get(f"/billboard/garden{path}").status_code == HTTPStatus.NOT_FOUND
