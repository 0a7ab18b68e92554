"""A snapshot that is asked for beside the decoding of the stream's picture, should that take long: a hedged request."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from threading import Event, Lock, Thread

from worker.domain.errors import CameraUnreachable
from worker.domain.photo import Snapshot

HEDGE_SECONDS = 0.08
"""Before a snapshot is asked for as well: whatever is found out then, a tenth of a second has not passed."""
LAST_SECONDS = 60.0
"""More than a camera's own limits let a snapshot take."""


class HedgedSnapshot:
    """Of one press; asked for once at most.

    Args:
        photograph: Takes it, within time limits of its own.
        one_at_a_time: Held by whoever takes one: overlapping snapshots fail.
        over_within: Waits for an event, for so many seconds at the longest; whether it came.
    """

    def __init__(
        self, photograph: Callable[[], Snapshot], one_at_a_time: Lock, over_within: Callable[[Event, float], bool]
    ) -> None:
        self._photograph = photograph
        self._one_at_a_time = one_at_a_time
        self._over_within = over_within
        # Cancelled once nobody is to ask for it on the other thread.
        self._asked: Future[Snapshot] = Future()

    @contextmanager
    def asked_after(self, seconds: float) -> Iterator[None]:
        """On a thread of its own, unless the body of the `with` ends before.

        One that is under way then is not waited for: the thread ends with it.
        """
        over = Event()
        work = partial(copy_context().run, self._ask_after, seconds, over)
        Thread(target=work, name="snapshot", daemon=True).start()
        try:
            yield
        finally:
            self._asked.cancel()
            over.set()

    def is_there(self) -> bool:
        return self._asked.done() and not self._asked.cancelled() and self._asked.exception() is None

    def result(self) -> Snapshot:
        """Asked for now, where it was not. Raises CameraError."""
        if self._asked.cancel():
            with self._one_at_a_time:
                return self._photograph()
        try:
            return self._asked.result(LAST_SECONDS)
        except TimeoutError as error:
            raise CameraUnreachable(f"the camera's snapshot did not come within {LAST_SECONDS:g} s") from error

    def _ask_after(self, seconds: float, over: Event) -> None:
        if self._over_within(over, seconds):
            return
        with self._one_at_a_time:
            if not self._asked.set_running_or_notify_cancel():
                return
            try:
                snapshot = self._photograph()
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                self._asked.set_exception(error)
            else:
                self._asked.set_result(snapshot)
