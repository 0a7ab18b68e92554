"""The loop: ask for as many messages as there is room for, as long as nobody asks to stop."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

import structlog

from worker.domain.command import Message
from worker.domain.errors import CloudError
from worker.domain.retry import Random, poll_delay
from worker.runtime.stop import Stop, StopRequested

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Inbox(Protocol):
    """Where messages come from."""

    def receive(self, room: int) -> Sequence[Message]:
        """Long-poll for at most `room` messages. Raises CloudError."""


class Pool(Protocol):
    """Where they go; `JobPool` is one."""

    def room(self) -> int: ...

    def wait_for_change(self) -> None: ...

    def take_on(self, message: Message) -> None: ...

    def hand_back(self, message: Message) -> None: ...


class PollListener(Protocol):
    """Who wants to know that the daemon lives."""

    def answered(self, messages: int) -> None:
        """A poll brought so many."""

    def full(self) -> None:
        """No poll is needed just now."""


def poll(inbox: Inbox, pool: Pool, stop: Stop, random: Random, listener: PollListener) -> None:
    """Until a stop is requested."""
    with suppress(StopRequested):
        while True:
            room = pool.room()
            if not room:
                listener.full()
                with stop.interrupts():
                    pool.wait_for_change()
                continue
            messages = patiently(partial(inbox.receive, room), stop, random)
            listener.answered(len(messages))
            for message in messages:
                (pool.hand_back if stop.requested else pool.take_on)(message)


def patiently(ask: Callable[[], T], stop: Stop, random: Random, sleep: Callable[[float], None] = time.sleep) -> T:
    """Ask until there is an answer, backing off up to a minute, whatever goes wrong. Raises StopRequested."""
    failures = 0
    while True:
        try:
            with stop.interrupts():
                answer = ask()
        except Exception as error:  # noqa: BLE001 - the daemon outlives whatever the host's AWS settings call up
            failures += 1
            delay = poll_delay(failures, random)
            _tell_of_failure(error, delay, failures)
            with stop.interrupts():
                sleep(delay)
            continue
        if failures:
            log.info("the queue can be polled again", action="poll_recovered", failures=failures)
        return answer


def _tell_of_failure(error: Exception, delay: float, failures: int) -> None:
    reason = str(error) if isinstance(error, CloudError) else f"{type(error).__name__}: {error}"
    message = "the queue cannot be polled"
    log.warning(message, action="poll_failed", error=reason, next_try_in=round(delay, 1), failures=failures)
