"""The loop: ask for as many messages as there is room for, as long as nobody asks to stop."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog

from worker.aws.queue import Queue
from worker.domain.errors import CloudError
from worker.domain.retry import Random, poll_delay
from worker.runtime.pool import JobPool
from worker.runtime.stop import Stop, StopRequested

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Listener:
    """`answered` is told how many messages each answered poll brought; `full`, that no poll is needed just now."""

    answered: Callable[[int], None]
    full: Callable[[], None]


def poll(queue: Queue, crew: JobPool, stop: Stop, random: Random, listener: Listener) -> None:
    """Until a stop is requested."""
    with suppress(StopRequested):
        while True:
            room = crew.room()
            if not room:
                listener.full()
                with stop.interrupts():
                    crew.wait_for_change()
                continue
            messages = patiently(partial(queue.receive, room), stop, random)
            listener.answered(len(messages))
            for message in messages:
                (crew.hand_back if stop.requested else crew.take_on)(message)


def patiently(ask: Callable[[], T], stop: Stop, random: Random, sleep: Callable[[float], None] = time.sleep) -> T:
    """Ask until there is an answer, backing off up to a minute. Raises StopRequested."""
    failures = 0
    while True:
        try:
            with stop.interrupts():
                answer = ask()
        except CloudError as error:
            failures += 1
            delay = poll_delay(failures, random)
            log.warning("the queue cannot be polled", error=str(error), next_try_in=round(delay, 1), failures=failures)
            with stop.interrupts():
                sleep(delay)
            continue
        if failures:
            log.info("the queue can be polled again", failures=failures)
        return answer
