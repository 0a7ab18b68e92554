"""One JSON object a line on standard output, which is what Lambda keeps."""

import json
import reprlib
import sys
from collections.abc import Mapping

_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxdict, _SHORT.maxstring = 2, 12, 80
# Where bearer tokens travel.
_SECRET = {"headers", "multiValueHeaders", "cookies"}
_LENGTH = 500


def log(level: str, action: str, **fields: object) -> None:
    sys.stdout.write(json.dumps({"level": level, "action": action, **fields}) + "\n")


def shortened(event: object) -> str:
    """Enough of an event to recognise it by, without its HTTP headers."""
    if isinstance(event, Mapping):
        event = {name: value for name, value in event.items() if name not in _SECRET}
    return _SHORT.repr(event)[:_LENGTH]
