"""How many columns of a terminal a text takes."""

import unicodedata


def cells(text: str) -> int:
    """Columns of `text`, which has to be printable."""
    return sum(map(_cells, text))


def fitted(text: str, width: int) -> str:
    """`text` in exactly `width` columns, shortened or filled up."""
    if cells(text) > width:
        while cells(text) > width - 1:
            text = text[:-1]
        text = f"{text}…"
    return text + " " * (width - cells(text))


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
