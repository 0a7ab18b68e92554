"""What a record says, whoever wrote it: an attribute of a wrong type counts as absent, and a long text is cut."""

import math
from collections.abc import Mapping
from typing import Any

MAX_CHARACTERS = 2000
MAX_ENTRIES = 200

_NOTHING: Mapping[str, Any] = {}


def text(value: Any, limit: int = MAX_CHARACTERS) -> str:
    """Empty where there is none."""
    if not isinstance(value, str):
        return ""
    shown = value if len(value) <= limit else f"{value[:limit]} …"
    # Half a surrogate pair has no UTF-8, and would take the page down.
    return shown.encode(errors="replace").decode()


def number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def within(value: Any, lowest: float, highest: float) -> float:
    """The number, or the nearest that may be; `lowest` where there is none."""
    found = number(value)
    return lowest if found is None else min(max(found, lowest), highest)


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else _NOTHING


def entries(value: Any) -> list[Mapping[str, Any]]:
    """The maps of a list."""
    return [entry for entry in value[:MAX_ENTRIES] if isinstance(entry, Mapping)] if isinstance(value, list) else []
