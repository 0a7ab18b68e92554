"""How a command ends, and what it says then."""

import sys
from collections.abc import Iterable, Sequence

FAILURE = 1
USAGE_ERROR = 2
"""Also for settings that cannot be used."""


def complain(mistakes: Sequence[str], doubts: Iterable[str] = ()) -> int:
    """Say all that is wrong with the settings, and what may be behind it; the exit code."""
    print("The settings cannot be used:", *(f"  {mistake}" for mistake in mistakes), sep="\n", file=sys.stderr)
    if suspected := [f"  {doubt}" for doubt in doubts]:
        print("Perhaps because of:", *suspected, sep="\n", file=sys.stderr)
    return USAGE_ERROR


def refuse(message: str, code: int = FAILURE) -> int:
    """Say why nothing was done, which may be in the words of AWS; the exit code."""
    from worker.logs import printable  # noqa: PLC0415 - `health` refuses nothing and does without structlog

    print(printable(message), file=sys.stderr)
    return code
