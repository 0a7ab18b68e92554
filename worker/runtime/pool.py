"""The messages in hand: each has a thread, which the pool starts, counts and joins."""

import itertools
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock, Thread

import structlog

from worker.domain.command import Message, Rejected, read_message
from worker.domain.errors import CloudError, LeaseLost
from worker.domain.ports import Queue
from worker.domain.press import Press
from worker.domain.retry import is_last_receive, rejected_delay, retry_delay
from worker.domain.shares import Load, Shares
from worker.job.attempt import Attempt, Terms, tell_of_dead_letter
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera

MAX_REMEMBERED = 1000
MAX_BODY_IN_LOG = 200
CHANGE_WAIT_SECONDS = 20
GIVE_BACK_SECONDS = 8
"""For all that a drain did not finish, together: with DRAIN_SECONDS of 20 it stays below `stop_grace_period`."""

log = structlog.get_logger(__name__)


class Recent:
    """The last identifiers that came by."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()

    def seen_before(self, identifier: str) -> bool:
        """Whether it came by before; it has now."""
        known = identifier in self._known
        self._known[identifier] = None
        self._known.move_to_end(identifier)
        if len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)
        return known


@dataclass(frozen=True, eq=False)
class _InHand:
    """A message and its thread; `attempt` is None for one that was rejected or turned away."""

    thread: Thread
    attempt: Attempt | None


@dataclass(eq=False)
class JobPool:
    """`cameras` by name, the default first. One thread takes messages on; the jobs have their own."""

    cameras: Mapping[str, SharedCamera]
    shares: Shares
    services: Services
    queue: Queue
    terms: Terms

    def __post_init__(self) -> None:
        self._presses = Recent()
        self._rejected = Recent()
        self._tickets = itertools.count()
        self._in_hand: dict[int, _InHand] = {}
        # Guards _in_hand, which the jobs leave from their own threads.
        self._lock = Lock()
        # Not a Condition: a signal handler that raises in the midst of it could leave that one locked.
        self._changes: SimpleQueue[None] = SimpleQueue()

    def room(self) -> int:
        """How many messages may be asked for now."""
        # Changes up to here are part of the answer; `wait_for_change` waits for later ones.
        with suppress(Empty):
            while True:
                self._changes.get_nowait()
        turned_away = sum(held.attempt is None for held in self._all())
        return max(0, self.shares.room(self._loads(), turned_away))

    @property
    def size(self) -> int:
        """How many messages are in hand."""
        with self._lock:
            return len(self._in_hand)

    def wait_for_change(self) -> None:
        """Return when a press has left the pool or its place of work, or after a while."""
        with suppress(Empty):
            self._changes.get(timeout=CHANGE_WAIT_SECONDS)

    def holds(self, press: Press) -> bool:
        return any(held.attempt and held.attempt.press.capture_id == press.capture_id for held in self._all())

    def take_on(self, message: Message) -> None:
        """Work on `message` in a thread of its own; it goes back to the queue where there is none to be had."""
        try:
            self._take_on(message)
        except RuntimeError as error:
            reason = "this host has no thread left for it"
            log.error(reason, action="no_thread", message_id=message.message_id, error=str(error))
            self._give_back(message, reason, retry_delay(message.receive_count, self.terms.random))

    def hand_back(self, message: Message) -> None:
        """Give back a message that was not started."""
        self._give_back(message, "the worker was stopped before it was started", 0)

    def drain(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Start nothing more, wait for what is in work, and give back what takes longer than `seconds`."""
        deadline = monotonic() + seconds
        for camera in self.cameras.values():
            camera.close()
        _join([held.thread for held in self._all()], deadline, monotonic)
        unfinished = [held.attempt for held in self._all() if held.attempt is not None]
        giving_back = [Thread(target=_abandon, args=(attempt,), daemon=True) for attempt in unfinished]
        deadline = monotonic() + GIVE_BACK_SECONDS
        for thread in giving_back:
            # Without a thread left, its message comes back by itself.
            with suppress(RuntimeError):
                thread.start()
        _join([thread for thread in giving_back if thread.ident], deadline, monotonic)

    def _give_back(self, message: Message, reason: str, delay_seconds: float) -> None:
        if is_last_receive(message.receive_count, self.terms.redrive()):
            tell_of_dead_letter(message, reason)
        try:
            self.queue.keep_away(message, delay_seconds)
        except CloudError as error:
            log.warning(
                "a message comes back later than need be",
                action="hand_back_failed",
                message_id=message.message_id,
                error=str(error),
            )

    def _take_on(self, message: Message) -> None:
        try:
            press, command = read_message(message, list(self.cameras))
        except Rejected as rejection:
            self._start(partial(self._reject, message, str(rejection)), None)
            return
        attempt = Attempt(
            message=message,
            press=press,
            command=command,
            services=self.services,
            camera=self.cameras[press.camera],
            queue=self.queue,
            terms=self.terms,
            on_place_left=partial(self._changes.put, None),
            seen_before=self._presses.seen_before(press.capture_id),
        )
        if self.shares.has_room(self._loads().get(press.camera, Load())):
            self._start(attempt.run, attempt)
        else:
            self._start(attempt.turn_away, None)

    def _start(self, work: Callable[[], None], attempt: Attempt | None) -> None:
        """Raises RuntimeError when the system has no thread left."""
        ticket = next(self._tickets)
        thread = Thread(target=self._hold, args=(ticket, work), name="job", daemon=True)
        with self._lock:
            self._in_hand[ticket] = _InHand(thread, attempt)
        try:
            thread.start()
        except RuntimeError:
            self._let_go(ticket)
            raise

    def _hold(self, ticket: int, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self._let_go(ticket)
            self._changes.put(None)

    def _let_go(self, ticket: int) -> None:
        with self._lock:
            del self._in_hand[ticket]

    def _loads(self) -> dict[str, Load]:
        """Of each camera that has any."""
        loads: dict[str, Load] = {}
        for attempt in (held.attempt for held in self._all() if held.attempt is not None):
            load = loads.get(attempt.press.camera, Load())
            loads[attempt.press.camera] = Load(load.in_work + attempt.in_work, load.in_hand + 1)
        return loads

    def _all(self) -> list[_InHand]:
        with self._lock:
            return list(self._in_hand.values())

    def _reject(self, message: Message, reason: str) -> None:
        if not self._rejected.seen_before(message.message_id):
            self.services.observer.ended("", "rejected")
            log.error(
                "rejected",
                action="rejected",
                message_id=message.message_id,
                reason=reason,
                body=message.body[:MAX_BODY_IN_LOG],
                body_characters=len(message.body),
            )
        delay = rejected_delay(message.receive_count, self.terms.redrive())
        try:
            self.queue.keep_away(message, delay)
        except CloudError as error:
            log.warning("a rejected message comes back later than need be", action="hand_back_failed", error=str(error))


def _join(threads: list[Thread], deadline: float, monotonic: Callable[[], float]) -> None:
    """All of them by one deadline: what each waits for must not add up."""
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))


def _abandon(attempt: Attempt) -> None:
    capture_id = attempt.press.capture_id
    try:
        attempt.abandon()
        log.warning("not finished in time, handed back", action="abandoned", capture_id=capture_id)
    except (CloudError, LeaseLost) as error:
        message = "not finished in time, comes back by itself"
        log.warning(message, action="abandoned", capture_id=capture_id, error=str(error))
