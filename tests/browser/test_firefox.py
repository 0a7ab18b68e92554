"""The screens are made with Chromium; Firefox shows them, too."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.browser import seeds
from tests.browser.conftest import OpenBoard
from tests.browser.firefox import MISSING, Firefox, installed
from tests.support.account import Account
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser

SAID = "You look curious."


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    path = installed()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    with Firefox(path, tmp_path) as firefox:
        yield firefox


def test_a_press_becomes_a_tile_in_firefox(open_board: OpenBoard, firefox: Firefox, account: Account) -> None:
    firefox.go(open_board("lobby").address)
    seeds.put_capture(account, seeds.capture("lobby", datetime.now(UTC), said=SAID))
    eventually(lambda: SAID in firefox.ask("return document.body.innerText"))
    eventually(lambda: firefox.ask("return [...document.images].some((photo) => photo.naturalWidth > 100)"))
