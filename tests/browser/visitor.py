"""Somebody who opens the board in a browser, and hears whatever the browser has to complain of."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, WebError

NOON, NIGHT = 12, 2
"""Hours of the day: the monitor dims itself by night."""
DESKTOP, LAPTOP, PHONE = (1920, 1080), (1280, 720), (390, 844)
SIZES = (DESKTOP, LAPTOP, PHONE)

_NOT_SENT = {"data", "blob", "about"}
_FARTHEST_WEST = -12
_BROKEN_OFF = "net::ERR_ABORTED"
"""What a page that is left was still loading."""


class Visitor:
    """A browser's context for one board, in which nothing is remembered of earlier ones.

    `heard` are errors on the console (violations of the Content-Security-Policy are among them), scripts that failed,
    requests that failed, and requests to anybody but the board; `complaints` those of them that are not excused.

    Args:
        excused: patterns of complaints that this visit has to bring with it.
        hour: where the visitor is, it is about so late.
        framed: origins, such as `http://127.0.0.1:1234`, that may be asked, too.
        options: of Playwright's `Browser.new_context`.
    """

    def __init__(  # noqa: PLR0913 - keywords, all with a default
        self,
        browser: Browser,
        address: str,
        *,
        size: tuple[int, int] = LAPTOP,
        hour: int = NOON,
        excused: Iterable[str] = (),
        framed: Iterable[str] = (),
        **options: Any,
    ) -> None:
        viewport: Any = dict(zip(("width", "height"), size, strict=True))
        self.context: BrowserContext = browser.new_context(
            base_url=address, viewport=viewport, timezone_id=_time_zone(hour), **options
        )
        self._excused = [re.compile(pattern) for pattern in excused]
        self._origins = {_origin(address), *framed}
        self.heard: list[str] = []
        self.context.on("console", self._console)
        self.context.on("weberror", self._script_failed)
        self.context.on("request", self._request)
        self.context.on("requestfailed", self._request_failed)

    @property
    def complaints(self) -> list[str]:
        return [words for words in self.heard if not any(pattern.search(words) for pattern in self._excused)]

    def leave(self) -> None:
        """Raises AssertionError if there was anything to complain of."""
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "assert"}:
            self.heard.append(f"console: {message.text} ({message.location.get('url')})")

    def _script_failed(self, error: WebError) -> None:
        self.heard.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in _NOT_SENT and _origin(request.url) not in self._origins:
            self.heard.append(f"asked somebody else: {request.url}")

    def _request_failed(self, request: Request) -> None:
        if request.failure != _BROKEN_OFF:
            self.heard.append(f"request failed: {request.failure} {request.url}")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _time_zone(hour: int) -> str:
    """One where it is so late now; the names have their signs the other way round (tz database, `etcetera`)."""
    east = hour - datetime.now(UTC).hour
    return f"Etc/GMT{-(east if east >= _FARTHEST_WEST else east + 24):+d}"
