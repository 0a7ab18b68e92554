"""The way from the worker to the local cloud, on which calls can be slow, be held up, be lost or be refused."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from demo.program import PATIENCE_SECONDS
from tests.support.cloud_faults import Delay, Fault, Loss, Refusal
from tests.support.cloud_wire import Request, Server

_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Call:
    """One operation that the worker had a whole answer to, with the ids of the messages it was handed by it."""

    operation: str
    message_ids: tuple[str, ...]


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
        self.cut = False
        """Every connection is closed as soon as it is made."""
        self.clock_ahead = 0.0
        """Seconds by which AWS's clock is ahead of this machine's."""
        self.connections = 0
        self.asked: Counter[str] = Counter()
        """How often an operation was begun."""
        self.under_way: Counter[str] = Counter()
        """How often an operation was begun and has not ended."""
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
        return [handle for handle, message in list(self._server.messages.items()) if message_id in message]

    def latest_handles(self) -> list[str]:
        """The last receipt handle of each message that was ever handed out."""
        received = list(self._server.messages.items())
        return list({json.loads(message)["MessageId"]: handle for handle, message in received}.values())

    def has_taken_on(self, message_id: str) -> bool:
        """Whether the worker was handed this message and asks for more: not before then has it looked at it."""
        polls = self.calls("ReceiveMessage")
        return any(message_id in poll.message_ids for poll in polls) and self.asked["ReceiveMessage"] > len(polls)

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
        with self._lock:
            self.asked[operation] += 1
            self.under_way[operation] += 1
            what = self._what_befalls(operation, request)
        try:
            self._let_it_befall(what, operation, request)
        finally:
            with self._lock:
                self.under_way[operation] -= 1
        with self._lock:
            self._calls.append(Call(operation, tuple(request.handed_out)))

    def _let_it_befall(self, what: Fault | Hold | None, operation: str, request: Request) -> None:
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
