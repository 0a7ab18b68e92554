"""The browser that is on this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "google-chrome")
"""Debian's, and what GitHub's runners have."""
MISSING = "THERE IS NO BROWSER, so nothing is known about what people see. On Debian: apt-get install chromium"

_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    # No name resolves: nothing leaves this machine, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
_AS_ROOT = "--no-sandbox"


def installed() -> str | None:
    """Its path."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Headless; Playwright's own arguments switch off what a browser does in the background."""
    arguments = [*_ARGUMENTS, *([] if os.geteuid() else [_AS_ROOT])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()
