"""Variables that look like a setting of the board and are none: a typing error would else pass for the default."""

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

_OWN = ("BOARD_", "BILLBOARD_")
_ELSEWHERE = {"BOARD_IMAGE", "BOARD_AWS_PROFILE"}
"""Of docker-compose.yml."""
_OF_KUBERNETES = re.compile(r"_SERVICE_(HOST|PORT)|_PORT_\d+_")
"""It names every service of its namespace to every container, one called `board` too."""


def unknown_variables(names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """A line for each that begins as the board's own settings do; no line says what it is set to."""
    for name in sorted(set(names) - set(known) - _ELSEWHERE):
        if name.startswith(_OWN) and not _OF_KUBERNETES.search(name):
            meant = get_close_matches(name, known, n=1)
            remedy = f"did you mean {meant[0]}?" if meant else "it is ignored; .env.example has them all"
            yield f"{name}: no setting has this name; {remedy}"
