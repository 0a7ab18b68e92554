"""Waiting for what another process does."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from demo.program import PATIENCE_SECONDS

T = TypeVar("T")

_BETWEEN_LOOKS_SECONDS = 0.05


def eventually(
    look: Callable[[], T], within: float = PATIENCE_SECONDS, between_looks: float = _BETWEEN_LOOKS_SECONDS
) -> T:
    """The first answer of `look` that is true.

    Raises:
        AssertionError: there was none; its text is the last answer.
    """
    deadline = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < deadline, f"after {within} s: {seen!r}"
        Event().wait(between_looks)
    return seen
