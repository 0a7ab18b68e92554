"""Variables that look like a setting and are none: a typing error would else pass for the default."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

_TELLING = ("CAMERA_", "CAMERAS_", "QUEUE_", "BUCKET_", "TABLE_", "POLLY_", "PHRASES_", "SPEECH_", "RETENTION_")
"""Hardly anybody else's variables begin so."""
_OF_THE_SCREENS = ("BOARD_", "BILLBOARD_")
"""One `.env` may hold them, too."""
_LIKENESS = 0.82
_OF_KUBERNETES = re.compile(r"_SERVICE_(HOST|PORT)|_PORT_\d+_")
"""It names every service of its namespace to every container, one called `queue` too."""


def unknown_variables(names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """A line for each of `names` that looks like one of `known`; no line says what it is set to."""
    settings = sorted(known)
    for name in sorted(set(names) - set(settings)):
        if _OF_KUBERNETES.search(name) or name.startswith(_OF_THE_SCREENS):
            continue
        meant = get_close_matches(name.upper(), settings, n=1, cutoff=_LIKENESS)
        if meant:
            yield f"{name}: no setting has this name; did you mean {meant[0]}?"
        elif name.upper().startswith(_TELLING):
            yield f"{name}: no setting has this name, and it is ignored; .env.example has them all"
