"""How a command ends, and what it says then."""

import sys

FAILURE = 1
USAGE_ERROR = 2
"""Also for settings that cannot be used."""


def complain(*mistakes: str) -> int:
    """Say all that is wrong with the settings; the exit code."""
    print("The settings cannot be used:", *(f"  {mistake}" for mistake in mistakes), sep="\n", file=sys.stderr)
    return USAGE_ERROR


def refuse(message: str, code: int = FAILURE) -> int:
    """Say why nothing was done; the exit code."""
    print(message, file=sys.stderr)
    return code
