"""What is happening, line by line, from the worker's own log."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from worker.logs import printable

HEADING = "press     since  step            took"

_UNTOLD_STEPS = {"total"}
_GRAVE = {"warning", "error", "critical"}


@dataclass(eq=False)
class Press:
    """`voice_at` is the moment the worker sent the first sound, in epoch seconds."""

    number: int
    capture_id: str
    camera: str
    photo: str = "unknown.jpg"
    voice_at: float | None = None

    @property
    def pressed_at(self) -> float:
        return epoch(self.capture_id.partition("#")[0])


@dataclass(frozen=True)
class LogEvent:
    """One line of the worker's log."""

    said: str
    at: float
    level: str
    more: Mapping[str, Any]

    @property
    def step(self) -> str | None:
        return self.more.get("step") if self.said == "step" else None

    @property
    def is_grave(self) -> bool:
        return self.level in _GRAVE

    @property
    def is_done(self) -> bool:
        return self.said == "done"


@dataclass(eq=False)
class Presses:
    """Numbers the presses in the order in which they are first heard of."""

    _seen: int = 0
    _open: dict[str, Press] = field(default_factory=dict)

    def of(self, event: LogEvent) -> Press | None:
        """The press that the event belongs to."""
        capture_id = event.more.get("capture_id")
        return None if capture_id is None else self.open(event.more["camera"], capture_id)

    def open(self, camera: str, capture_id: str) -> Press:
        if capture_id not in self._open:
            self._seen += 1
            self._open[capture_id] = Press(self._seen, capture_id, camera)
        return self._open[capture_id]

    def close(self, press: Press) -> None:
        del self._open[press.capture_id]


def read_event(line: str) -> LogEvent | None:
    """None where the line is no event, such as one of a traceback."""
    try:
        entry = json.loads(line)
        return LogEvent(entry.pop("event"), epoch(entry.pop("timestamp")), entry.pop("level"), entry)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


def epoch(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def tell_press(press: Press, trigger: str) -> str:
    return _row(press, press.pressed_at, f"pressed    by {trigger}")


def tell(press: Press | None, event: LogEvent) -> str | None:
    """The event in a line for a person; None where it says nothing to one."""
    if event.step is not None:
        return None if event.step in _UNTOLD_STEPS else _row(press, event.at, _step(press, event))
    if event.is_grave and not event.is_done:
        reason = f": {event.more['error']}" if "error" in event.more else ""
        return _row(press, event.at, event.said + reason)
    return None


def tell_end(press: Press, event: LogEvent, record: Mapping[str, Any]) -> str:
    said = f'  "{record["said"]}"' if "said" in record else ""
    speech = f", {record['speech']}" if "speech" in record else ""
    error = f": {record['error']}" if "error" in record else ""
    return _row(press, event.at, f"{record.get('status', 'lost')}{speech}{error}{said}")


def _step(press: Press | None, event: LogEvent) -> str:
    if event.step == "speech_start":
        return "voice starts"
    taken = f"  {press.photo}" if press and event.step == "snapshot" else ""
    return f"{event.step:<10}  {event.more['ms']:>5} ms{taken}"


def _row(press: Press | None, at: float, text: str) -> str:
    beginning = f"{press.number:>5}  {at - press.pressed_at:6.2f} s" if press else f"{'-':>5}  {'':8}"
    return printable(f"{beginning}  {text}")
