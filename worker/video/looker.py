"""Pictures of a clip for who looks at it meanwhile, decoded on a thread of their own."""

from collections.abc import Callable, Sequence
from queue import Queue
from threading import Event, Thread
from types import TracebackType
from typing import Self

import structlog

from worker.domain.video import AccessUnit
from worker.video.decoding import newest
from worker.video.doubt import Doubt
from worker.video.jpeg import jpeg

MAX_WAITING = 12
"""As many as ten seconds before a press can hold, and some."""
LAST_SECONDS = 5.0
"""How long the end of a clip waits for pictures that are still decoded."""

OnLook = Callable[[float, bytes], None]
Tail = Sequence[AccessUnit]

log = structlog.get_logger(__name__)


class Looker:
    """A context; after it `on_look` is not called any more."""

    def __init__(self, on_look: OnLook) -> None:
        self._on_look = on_look
        self._waiting: Queue[tuple[float, Tail] | None] = Queue()
        self._over = Event()
        self._missed = False
        self._thread = Thread(target=self._work, args=(structlog.contextvars.get_contextvars(),), name="looks")
        self._thread.daemon = True

    def show(self, second: float, tail: Tail) -> None:
        """The newest picture of `tail` is to be looked at, which is of this second of the clip. Never waits."""
        if self._waiting.qsize() >= MAX_WAITING:
            self._miss(second, "this machine does not decode them as quickly as they come")
        else:
            self._waiting.put((second, tail))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            self._over.set()
        self._waiting.put(None)
        self._thread.join(LAST_SECONDS)
        self._over.set()

    def _work(self, context: dict[str, object]) -> None:
        structlog.contextvars.bind_contextvars(**context)
        while (item := self._waiting.get()) is not None and not self._over.is_set():
            second, tail = item
            try:
                picture = jpeg(newest(tail).frame)
            except Doubt as doubt:
                self._miss(second, str(doubt))
                continue
            if not self._over.is_set():
                self._on_look(second, picture)

    def _miss(self, second: float, why: str) -> None:
        """Said once a clip."""
        if not self._missed:
            self._missed = True
            message = "a picture of the clip cannot be looked at"
            log.warning(message, action="look_missed", second=round(second, 3), error=why)
