"""All that the demo waits for, in one queue: lines of its processes, their ends, and signals.

So nothing interrupts it anywhere but where it waits, and what it has started is always ended.
"""

import signal
import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from worker.logs import printable

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MAX_WORDS = 200


@dataclass(frozen=True)
class Line:
    process: str
    text: str


@dataclass(frozen=True)
class Ended:
    """`code` is negative after a signal."""

    process: str
    code: int


class DemoFailed(Exception):
    """The demo cannot go on; the text is the cause in one plain sentence."""


class Interrupted(Exception):
    """Somebody asked the demo to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.exit_code = 128 + number


class Inbox:
    def __init__(self) -> None:
        self._queue: SimpleQueue[Line | Ended | Interrupted] = SimpleQueue()
        self._last_words: dict[str, str] = {}

    def interrupt_on_signals(self) -> None:
        """From here on SIGINT, SIGTERM and SIGHUP are raised by `line` alone."""
        for number in _STOP:
            signal.signal(number, lambda number, _frame: self._queue.put(Interrupted(number)))

    def put(self, event: Line | Ended) -> None:
        self._queue.put(event)

    def line(self, deadline: float | None) -> Line:
        """The next line of any process; `deadline` is in seconds of time.monotonic().

        Raises:
            Interrupted: a signal came.
            DemoFailed: a process has ended.
            TimeoutError: nothing came.
        """
        try:
            event = self._queue.get(timeout=None if deadline is None else max(0.0, deadline - time.monotonic()))
        except Empty:
            raise TimeoutError from None
        if isinstance(event, Interrupted):
            raise event
        if isinstance(event, Ended):
            raise DemoFailed(f"the {event.process} ended {_how(event.code)}{self._after(event.process)}")
        self._last_words[event.process] = event.text
        return event

    def _after(self, process: str) -> str:
        words = printable(self._last_words.get(process, ""))
        return f" after writing: {words[:_MAX_WORDS]}" if words else ""


def _how(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
