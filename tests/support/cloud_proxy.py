"""The way from the worker to the local cloud, on which calls can be slow, be held up, be lost or be refused."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from tests.support.cloud_faults import Delay, Fault, Loss, Refusal
from tests.support.cloud_wire import Request, Server
from tests.support.waiting import PATIENCE_SECONDS

_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Call:
    """One operation as the worker saw it: from its request to its whole answer, seconds by `time.time`."""

    operation: str
    asked_at: float
    answered_at: float

    @property
    def seconds(self) -> float:
        return self.answered_at - self.asked_at


@dataclass
class Hold:
    """An operation that is not let through, or whose answer is not."""

    reached: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)
    answers: bool = False

    def release(self) -> None:
        """Let through what waits, and what comes later."""
        self.released.set()

    def wait(self) -> None:
        self.reached.set()
        self.released.wait()

    def wait_until_reached(self) -> None:
        assert self.reached.wait(PATIENCE_SECONDS), "the worker did not ask for it"


@dataclass
class _Rule:
    """What befalls the next `times` calls of an operation that speak of all the `words`."""

    operation: str
    words: tuple[str, ...]
    what: Fault | Hold
    times: float

    def concerns(self, operation: str, request: Request) -> bool:
        return self.times > 0 and operation == self.operation and all(word in request.said for word in self.words)


class CloudProxy:
    """Serves on `endpoint` for the body of a `with`. Operations are named as in AWS's API: `PutObject`.

    Faults and holds may be limited to calls that speak of something, such as `"lobby"` with its quotes for a camera:
    a call speaks of what is in its body, in its path and in its photo, and about a message of all that is in it.
    """

    def __init__(self, cloud: str) -> None:
        self.delays: dict[str, float] = defaultdict(float)
        """Seconds that are added to an operation."""
        self.cut = False
        """Every connection is closed as soon as it is made."""
        self.clock_ahead = 0.0
        """Seconds by which AWS's clock is ahead of this machine's."""
        self.connections = 0
        self.asked: Counter[str] = Counter()
        """How often an operation was begun."""
        self._rules: list[_Rule] = []
        self._calls: list[Call] = []
        # Guards the calls, the counts and the rules.
        self._lock = Lock()
        self._server = Server(self, cloud)
        self._thread = Thread(target=self._server.serve_forever, args=(_LOOK_SECONDS,), name="proxy")

    @property
    def endpoint(self) -> str:
        return "http://{}:{}".format(*self._server.server_address)

    def calls(self, operation: str) -> list[Call]:
        with self._lock:
            return [call for call in self._calls if call.operation == operation]

    def handles(self, message_id: str) -> list[str]:
        """The receipt handles by which this message was handed out, oldest first."""
        return [handle for handle, message in self._server.messages.items() if message_id in message]

    def befall(self, fault: Fault, operation: str, *words: str, times: float = float("inf")) -> None:
        """Let `fault` happen to the next `times` calls of `operation` that speak of `words`."""
        with self._lock:
            self._rules.append(_Rule(operation, words, fault, times))

    def heal(self) -> None:
        """End all faults and holds."""
        with self._lock:
            for rule in self._rules:
                if isinstance(rule.what, Hold):
                    rule.what.release()
            self._rules.clear()

    def hold(self, operation: str, *words: str, answers: bool = False, times: float = float("inf")) -> Hold:
        """Let no such call through until it is released; with `answers` the call itself, but not its answer."""
        hold = Hold(answers=answers)
        with self._lock:
            self._rules.append(_Rule(operation, words, hold, times))
        return hold

    @contextmanager
    def holding(self, operation: str, *words: str) -> Iterator[Hold]:
        """Hold for the body of the `with`; those calls that still wait go on afterwards."""
        hold = self.hold(operation, *words)
        try:
            yield hold
        finally:
            hold.release()

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Cut the way for the body of the `with`, for the requests under way too."""
        self.cut = True
        self._server.hang_up()
        try:
            yield
        finally:
            self.cut = False

    def pass_on(self, operation: str, request: Request) -> None:
        asked_at = time.time()
        with self._lock:
            self.asked[operation] += 1
            what = self._what_befalls(operation, request)
        Event().wait(self.delays[operation])
        match what:
            case Refusal():
                request.refuse(what, operation)
            case Loss():
                request.lose(what)
            case Hold():
                request.pass_on(*((None, what.wait) if what.answers else (what.wait, None)))
            case Delay():
                Event().wait(what.seconds)
                request.pass_on()
            case None:
                request.pass_on()
        with self._lock:
            self._calls.append(Call(operation, asked_at, time.time()))

    def _what_befalls(self, operation: str, request: Request) -> Fault | Hold | None:
        for rule in self._rules:
            released = isinstance(rule.what, Hold) and rule.what.released.is_set()
            if not released and rule.concerns(operation, request):
                rule.times -= 1
                return rule.what
        return None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.heal()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()
