"""The presses in hand: each has a thread, which the crew starts, counts and joins."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock, Thread

import structlog

from worker.aws.queue import MAX_MESSAGES_PER_RECEIVE, Queue
from worker.domain.command import Message, Rejected, read_press
from worker.domain.errors import CloudError, LeaseLost
from worker.domain.press import Press
from worker.domain.retry import rejected_delay
from worker.job.attempt import Attempt, Terms
from worker.job.services import Services
from worker.job.shared_camera import SharedCamera

MAX_IN_WORK = 50
MAX_IN_HAND = 100
"""With those that only wait for the speaker: sentences last longer than photos, which should not wait for them."""
MAX_REMEMBERED = 1000
MAX_BODY_IN_LOG = 200
CHANGE_WAIT_SECONDS = 20
ABANDON_SECONDS = 3

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


@dataclass(eq=False)
class _Member:
    """A message in hand; without a press if it was rejected."""

    press: Press | None = None
    attempt: Attempt | None = None
    thread: Thread | None = None
    working: bool = True


@dataclass(eq=False)
class JobPool:
    """`cameras` are the cameras by name, the default first. One thread takes messages on; the jobs have their own."""

    cameras: Mapping[str, SharedCamera]
    concurrency: int
    services: Services
    queue: Queue
    terms: Terms

    def __post_init__(self) -> None:
        self._presses = Recent()
        self._rejected = Recent()
        self._members: list[_Member] = []
        # Guards _members, which the jobs leave from their own threads.
        self._lock = Lock()
        # Not a Condition: a signal handler that raises in the midst of it could leave that one locked.
        self._changes: SimpleQueue[None] = SimpleQueue()

    def room(self) -> int:
        """How many messages may be asked for now."""
        # Changes up to here are part of the answer; `wait_for_change` waits for later ones.
        with suppress(Empty):
            while True:
                self._changes.get_nowait()
        with self._lock:
            working = Counter(member.press.camera for member in self._members if member.press and member.working)
            in_hand = len(self._members)
        free = sum(max(0, self.concurrency - working[name]) for name in self.cameras)
        return max(0, min(free, MAX_IN_WORK - working.total(), MAX_IN_HAND - in_hand, MAX_MESSAGES_PER_RECEIVE))

    @property
    def size(self) -> int:
        """How many messages are in hand."""
        with self._lock:
            return len(self._members)

    def wait_for_change(self) -> None:
        """Return when a press has left the crew or its place of work, or after a while."""
        with suppress(Empty):
            self._changes.get(timeout=CHANGE_WAIT_SECONDS)

    def holds(self, press: Press) -> bool:
        with self._lock:
            return any(member.press and member.press.capture_id == press.capture_id for member in self._members)

    def take_on(self, message: Message) -> None:
        try:
            press = read_press(message, list(self.cameras))
        except Rejected as rejection:
            self._start(_Member(), partial(self._reject, message, str(rejection)))
            return
        member = _Member(press)
        member.attempt = Attempt(
            message=message,
            press=press,
            services=self.services,
            camera=self.cameras[press.camera],
            queue=self.queue,
            terms=self.terms,
            on_place_left=partial(self._leave_place, member),
            seen_before=self._presses.seen_before(press.capture_id),
        )
        self._start(member, partial(member.attempt.run, crowded=self._is_crowded(press.camera)))

    def hand_back(self, message: Message) -> None:
        """Give back a message that was not started."""
        try:
            self.queue.keep_away(message, 0)
        except CloudError as error:
            log.warning("a message comes back later than need be", message_id=message.message_id, error=str(error))

    def drain(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Start nothing more, wait for what is in work, and give back what takes longer than `seconds`."""
        deadline = monotonic() + seconds
        for camera in self.cameras.values():
            camera.places.close()
        for member in self._in_hand():
            if member.thread is not None:
                member.thread.join(max(0.0, deadline - monotonic()))
        abandoning = [Thread(target=self._abandon, args=(member,), daemon=True) for member in self._in_hand()]
        for thread in abandoning:
            thread.start()
        for thread in abandoning:
            thread.join(ABANDON_SECONDS)

    def _start(self, member: _Member, work: Callable[[], None]) -> None:
        member.thread = Thread(target=self._be_member, args=(member, work), name="job", daemon=True)
        with self._lock:
            self._members.append(member)
        member.thread.start()

    def _be_member(self, member: _Member, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._members.remove(member)
            self._changes.put(None)

    def _leave_place(self, member: _Member) -> None:
        member.working = False
        self._changes.put(None)

    def _is_crowded(self, camera: str) -> bool:
        """Whether this camera has its share of all that may be in hand: one that is down must leave room for others."""
        in_hand = sum(1 for member in self._in_hand() if member.press and member.press.camera == camera)
        return in_hand >= max(self.concurrency, MAX_IN_HAND // len(self.cameras))

    def _in_hand(self) -> list[_Member]:
        with self._lock:
            return list(self._members)

    def _abandon(self, member: _Member) -> None:
        if member.attempt is None:
            return
        try:
            member.attempt.abandon()
            log.warning("not finished in time, handed back", capture_id=member.attempt.press.capture_id)
        except (CloudError, LeaseLost) as error:
            log.warning("not finished in time, comes back by itself", error=str(error))

    def _reject(self, message: Message, reason: str) -> None:
        if not self._rejected.seen_before(message.message_id):
            self.services.observer.ended("", "rejected")
            body = message.body[:MAX_BODY_IN_LOG]
            log.error(
                "rejected", message_id=message.message_id, reason=reason, body=body, body_characters=len(message.body)
            )
        delay = rejected_delay(message.receive_count, self.terms.max_receive_count)
        try:
            self.queue.keep_away(message, delay)
        except CloudError as error:
            log.warning("a rejected message comes back later than need be", error=str(error))
