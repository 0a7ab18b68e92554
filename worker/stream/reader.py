"""One thread that reads the stream of one camera, as long as somebody needs it."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from threading import Event, Lock, Thread

import structlog

from worker.domain.errors import CameraError, CameraFaulty
from worker.domain.video import TICKS_PER_SECOND, AccessUnit
from worker.stream.window import Window
from worker.stream.wire import Over

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 60.0
WELL_SECONDS = 60.0
"""A session that ran for as long was no failure."""
STOP_SECONDS = 2.0
"""How long the end of a session is waited for; at a camera that does not answer it takes longer, beside all else."""
JUMP_SECONDS = 10.0
"""A camera that sets its clock may set its stream's, too."""

OpenSession = Callable[[Callable[[], bool]], AbstractContextManager[Iterable[AccessUnit]]]
"""Opens a session that is to end once what it is given says so."""

log = structlog.get_logger(__name__)


def back_off(failures: int, jitter: float) -> float:
    """Seconds before the next try after so many failures in a row; `jitter` is 0 to 1."""
    longest = min(SHORTEST_WAIT * 2.0 ** min(failures, 10), LONGEST_WAIT)
    return max(SHORTEST_WAIT, longest * (0.5 + 0.5 * jitter))


def _pause(over: Event, failures: int) -> None:
    over.wait(back_off(failures, random.random()))  # noqa: S311 # only so that two do not keep step


class StreamReader:
    """Safe to use from many threads.

    Args:
        before_seconds: How far back its window reaches.
        camera: Its name, for the log.
        pause: Waits before the next try after so many failures in a row, until the event at the longest.
    """

    def __init__(
        self,
        open_session: OpenSession,
        before_seconds: float = 0.0,
        camera: str = "default",
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[Event, int], object] = _pause,
    ) -> None:
        self.window = Window(before_seconds)
        self.trouble: CameraError | None = None
        """Why no pictures come just now."""
        self._open_session = open_session
        self._monotonic = monotonic
        self._pause = pause
        self._log = log.bind(camera=camera)
        # Held while a thread is started or joined, so that there is never a second session.
        self._lifecycle = Lock()
        self._need = 0
        self._closed = False
        self._over = Event()
        self._thread: Thread | None = None
        self._timeline = _Timeline()
        self._running = False

    @contextmanager
    def needed(self) -> Iterator[None]:
        """Within it there is a session, or a try for one every so often."""
        with self._lifecycle:
            self._need += 1
            if self._need == 1 and not self._closed:
                self._start()
        try:
            yield
        finally:
            with self._lifecycle:
                self._need -= 1
                if not self._need:
                    self._stop()

    def close(self) -> None:
        """For good."""
        with self._lifecycle:
            self._closed = True
            self._stop()

    def _start(self) -> None:
        self.window.open()
        self._over = Event()
        self._thread = Thread(target=self._run, args=(self._over, self._thread), name="stream", daemon=True)
        self._thread.start()

    def _stop(self) -> None:
        self._over.set()
        self.window.close()
        if self._thread:
            self._thread.join(STOP_SECONDS)
        self.window.clear()

    def _run(self, over: Event, before: Thread | None) -> None:
        if before:
            # It was stopped, and still waits for a camera that does not answer.
            before.join()
        self.trouble, self._running = None, False
        failures = 0
        while not over.is_set():
            began = self._monotonic()
            try:
                self._read_session(over)
            except Over:
                return
            except CameraError as error:
                self._lose(error)
            except Exception as error:  # noqa: BLE001 # the thread has to go on, and says so
                self._log.exception("an error that nobody foresaw", action="unforeseen")
                self._lose(CameraFaulty(f"the stream failed in a way that nobody foresaw: {type(error).__name__}"))
            if over.is_set():
                return
            failures = 0 if self._monotonic() - began >= WELL_SECONDS else failures + 1
            self._pause(over, failures)

    def _read_session(self, over: Event) -> None:
        self._timeline.begin()
        with self._open_session(over.is_set) as session:
            for unit in session:
                self.window.put(self._timeline.place(unit))
                if not self._running:
                    self._gain()

    def _gain(self) -> None:
        if self.trouble is None:
            self._log.info("the camera's stream is open", action="stream_opened")
        else:
            self._log.info("the camera's stream is back", action="stream_back")
        self.trouble, self._running = None, True

    def _lose(self, error: CameraError) -> None:
        """Said once a trouble; one of another kind is another."""
        if type(error) is not type(self.trouble):
            self._log.warning("no pictures from the camera's stream", action="stream_lost", error=str(error))
        if not self._running:
            # What was lost a moment ago may still be wanted, but not what was lost long ago.
            self.window.clear()
        self.trouble, self._running = error, False


class _Timeline:
    """Lets the ticks go on over sessions, and over a camera's clock that was set, by the time that has passed."""

    def __init__(self) -> None:
        self._last: AccessUnit | None = None
        self._ahead = 0
        self._begins = True

    def begin(self) -> None:
        """The next picture is the first of a session."""
        self._begins = True

    def place(self, unit: AccessUnit) -> AccessUnit:
        if self._last is None:
            self._ahead = -unit.ticks
        else:
            seconds = unit.received_at - self._last.received_at
            expected = self._last.ticks + round(seconds * TICKS_PER_SECOND)
            if self._begins or abs(unit.ticks + self._ahead - expected) > JUMP_SECONDS * TICKS_PER_SECOND:
                self._ahead = expected - unit.ticks
        self._begins = False
        self._last = replace(unit, ticks=unit.ticks + self._ahead)
        return self._last
