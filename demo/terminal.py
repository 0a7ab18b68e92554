"""Words for whoever watches, in colour where that is welcome."""

import os
import sys
from enum import Enum


class Style(Enum):
    PLAIN = ""
    FAINT = "2"
    STRONG = "1"
    GOOD = "32"
    BAD = "31"


class Terminal:
    def __init__(self) -> None:
        self.coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def say(self, text: str = "", style: Style = Style.PLAIN) -> None:
        coloured = self.coloured and style is not Style.PLAIN
        print(f"\033[{style.value}m{text}\033[0m" if coloured else text, flush=True)
