"""Types of arguments that several commands take."""

import argparse
from collections.abc import Callable


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """From `low` to `high`; argparse shows the text of what it raises."""

    def read(text: str) -> int:
        # Longer texts are no number that fits, and Python refuses to read very long ones.
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(high)) else low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}")
        return number

    return read
