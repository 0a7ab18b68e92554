"""Mistakes in the settings, in plain words. No line shows what was given: somebody may have written a secret there."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class SettingsError(Exception):
    """One line a mistake, each beginning with the setting's name."""

    def __init__(self, *mistakes: str) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistakes))


def collect(mistakes: list[str], read: Callable[[], T]) -> T | None:
    """What was read, or None after its mistakes have been added to `mistakes`."""
    try:
        return read()
    except SettingsError as error:
        mistakes.extend(error.mistakes)
        return None


def given(listed: str) -> list[str]:
    """The parts of a comma list."""
    return [part.strip() for part in listed.split(",") if part.strip()]
