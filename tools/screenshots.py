# ruff: noqa: INP001 - a script
"""`python -m tools.screenshots`, or `make screenshots`: the pictures of the screens in docs/images, taken by Chromium.

Nothing in them is painted: four photographs are pressed for, a worker looks at them with the local models, and what it
wrote is shown by the board. The past of the history is the same four presses, at other times; the audience is made up.
"""

import math
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser import seeds
from tests.browser.chromium import MISSING, chromium, installed
from tests.browser.visitor import Visitor
from tests.support.account import Account, Item
from tests.support.board import Board, running_board
from tests.support.host import CHECKOUT
from tests.support.local_cloud import local_cloud
from tests.support.site import Site
from worker.domain.timestamp import iso

IMAGES = CHECKOUT / "docs" / "images"
CAMERA = "lobby"
PHOTOGRAPHS = ("astronaut.jpg", "group-of-three.jpg", "cat.jpg", "group-of-four.jpg")
DAYS = 14
SECTIONS = ("back left", "back centre", "back right", "front left", "front centre", "front right")
BILLBOARD = CHECKOUT / "demo" / "billboard" / "billboard.toml"
MAX_BYTES = 300_000
_QUALITY = 85


@dataclass(frozen=True)
class Shot:
    """`shows` is a selector of what has to be there; a photo is kept as JPEG, all else as PNG with a palette."""

    file: str
    path: str
    shows: str
    size: tuple[int, int] = (1280, 800)
    colours: Literal["light", "dark"] = "light"


def main() -> None:
    path = installed()
    if path is None:
        raise SystemExit(MISSING)
    with TemporaryDirectory() as folder, _board(Path(folder)) as (board, newest), chromium(path) as browser:
        for shot in _shots(newest):
            kept = _keep(_take(browser, board, shot), IMAGES / shot.file)
            print(f"{IMAGES / shot.file}: {kept / 1000:.0f} kB")


def _shots(newest: Item) -> list[Shot]:
    group = f"captures/{CAMERA}/{quote(newest['capture_id'], safe='')}"
    return [
        Shot("gallery.jpg", "", "main img"),
        Shot("capture.jpg", group, "main img"),
        Shot("monitor.png", f"monitor/{CAMERA}", "text=Facing", colours="dark"),
        Shot("billboard.jpg", f"billboard/{CAMERA}", "#layers img[src*=party]"),
        Shot("history.png", "history", "canvas"),
        Shot("presses.png", "presses", "main button"),
    ]


@contextmanager
def _board(folder: Path) -> Iterator[tuple[Board, Item]]:
    """With something on every page, and the record of the photograph with the most people."""
    with ExitStack() as opened:
        cloud = opened.enter_context(local_cloud(folder=folder))
        site = opened.enter_context(Site(str(cloud.wait_for_document("endpoint")["endpoint"]), folder))
        site.camera(CAMERA, *PHOTOGRAPHS)
        records = _pressed(site)
        _past(site.account, records)
        _audience(site.account, datetime.now(UTC))
        settings = {"BOARD_ACTIONS": "on", "BILLBOARD_FILE": str(BILLBOARD)}
        board = opened.enter_context(running_board(site.account, folder, (CAMERA,), **settings))
        yield board, max(records, key=lambda record: int(record["face_count"]))


def _pressed(site: Site) -> list[Item]:
    """One press after the other, so that each has its photograph; the records."""
    site.start()
    for number in range(len(PHOTOGRAPHS)):
        site.press(CAMERA, source="iot-button")
        site.account.ended(number + 1)
    return site.account.records()


def _past(account: Account, records: list[Item]) -> None:
    """The same presses again on other days, mostly by day and on weekdays."""
    chance = random.Random(15)  # noqa: S311 - it decides about a picture
    now = datetime.now(UTC)
    for day in range(1, DAYS):
        weekend = (now - timedelta(days=day)).strftime("%a") in {"Sat", "Sun"}
        for _ in range(chance.randint(0, 6) if weekend else chance.randint(6, 30)):
            hour = min(23, max(0, round(chance.gauss(13, 3))))
            at = (now - timedelta(days=day)).replace(hour=hour, minute=chance.randrange(60))
            record = chance.choice(records)
            moved = {"capture_id": f"{iso(at)}#past-{chance.randrange(10**9)}", "pressed_at": iso(at)}
            seeds.put(account, record | moved)


def _audience(account: Account, now: datetime) -> None:
    """Half an hour of a watch, of which the front right turns away in the end."""
    watch = seeds.put(account, seeds.watch(CAMERA, now - timedelta(minutes=30), 3, SECTIONS))
    for ago in range(180):
        at = now - timedelta(seconds=seeds.BUCKET_SECONDS * ago)
        scores = {name: _score(number, ago) for number, name in enumerate(SECTIONS)}
        seeds.put(account, seeds.bucket(watch, at, scores))


def _score(section: int, ago: int) -> float:
    turned = max(0.0, 1 - ago / 12) * (45 if section == len(SECTIONS) - 1 else 28 if section == 1 else 0)
    return 76 + 6 * math.sin(ago / 9 + section * 1.7) - turned


def _take(browser: Browser, board: Board, shot: Shot) -> bytes:
    visitor = Visitor(browser, board.address, size=shot.size, color_scheme=shot.colours)
    page = visitor.context.new_page()
    page.goto(shot.path)
    _settle(page, shot.shows)
    png = page.screenshot(animations="disabled")
    visitor.leave()
    return png


def _settle(page: Page, selector: str) -> None:
    page.locator(selector).first.wait_for()
    page.evaluate(
        "Promise.all([...document.images].filter((photo) => photo.getBoundingClientRect().top < innerHeight)"
        ".map((photo) => photo.decode()))"
    )


def _keep(png: bytes, file: Path) -> int:
    picture: Any = Image.open(BytesIO(png)).convert("RGB")
    if file.suffix == ".png":
        picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
    else:
        picture.save(file, quality=_QUALITY, optimize=True, progressive=True)
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{file} has {size} bytes; a picture of the documentation has at most {MAX_BYTES}")
    return size


if __name__ == "__main__":
    main()
