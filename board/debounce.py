"""Who presses a form's button twice has pressed once."""

from collections import OrderedDict
from datetime import datetime, timedelta

MAX_KNOWN = 1000
DOUBLE = timedelta(seconds=10)
"""Later the same button, of a page that was gone back to, is a press of its own."""


class Debouncer:
    """When each form was sent. Belongs to the event loop."""

    def __init__(self) -> None:
        self._pressed: OrderedDict[str, datetime] = OrderedDict()

    def pressed_at(self, press_id: str, now: datetime) -> datetime:
        """Of a form that was sent a moment ago that moment: with it, the second press is the first for a worker."""
        before = self._pressed.get(press_id)
        if before is not None and now - before < DOUBLE:
            return before
        self._pressed[press_id] = now
        if len(self._pressed) > MAX_KNOWN:
            self._pressed.popitem(last=False)
        return now
