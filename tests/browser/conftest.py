import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import MISSING, chromium, installed
from tests.browser.visitor import Visitor
from tests.support.account import Account
from tests.support.board import Board, running_board

OpenBoard = Callable[..., Board]
"""See `running_board`; the account and the folder are the test's."""
Visit = Callable[..., Page]
"""A page of a `Visitor` of a board: `visit(board, size=PHONE).goto("history")`."""


@pytest.fixture(scope="session", autouse=True)
def browser() -> Iterator[Browser]:
    """Started before anything else is, or nothing is."""
    path = installed()
    if path is None:
        # The gate that was to look must not be content with not looking.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    with chromium(path) as browser:
        yield browser


@pytest.fixture
def account(cloud: str) -> Account:
    """With nothing in it."""
    return Account(cloud)


@pytest.fixture
def open_board(account: Account, tmp_path: Path) -> Iterator[OpenBoard]:
    """One at a time has the test's folder."""
    with ExitStack() as opened:

        def open_one(*cameras: str, **settings: str) -> Board:
            return opened.enter_context(running_board(account, tmp_path, cameras or ("default",), **settings))

        yield open_one


@pytest.fixture
def visit(browser: Browser, open_board: OpenBoard) -> Iterator[Visit]:
    """Whoever visits is gone before the board is. The test fails if the browser complained of anything."""
    del open_board
    with ExitStack() as visitors:

        def visit_one(board: Board, **options: Any) -> Page:
            visitor = Visitor(browser, board.address, **options)
            visitors.callback(visitor.leave)
            return visitor.context.new_page()

        yield visit_one
