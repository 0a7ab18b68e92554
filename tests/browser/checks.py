"""What is asked of a page that is open: how it lies, and what axe-core finds."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.host import CHECKOUT

AXE = CHECKOUT / "tools" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
_LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
_SERIOUS = {"serious", "critical"}


def faults_of_layout(page: Page) -> list[str]:
    """What is too wide, cut off, or lies over something else."""
    page.evaluate("document.fonts.ready")
    faults: list[str] = page.evaluate(_LAYOUT)
    return faults


def barriers(page: Page) -> list[str]:
    """What axe-core calls serious or critical; the page's visitor must have `bypass_csp`, or axe-core is kept out."""
    if not AXE.exists():
        # The gate that was to look must not be content with not looking.
        words = "axe-core IS NOT INSTALLED: npm ci --prefix tools/axe, or make browser, which does it"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(words)
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in _SERIOUS
        for node in violation["nodes"]
    ]
