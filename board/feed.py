"""One poller for all viewers: it asks DynamoDB only while somebody watches, and tells each what they follow."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from board.aws.captures import Captures
from board.aws.watches import Watches
from board.domain.errors import CloudError
from board.domain.events import Event, Kind, Topic, changes
from board.domain.item import Item

log = structlog.get_logger(__name__)

PERIOD_SECONDS = 1.0
"""A record is on the page half of this later, on average, and what a query takes."""
NEWEST = 12
"""Records change after they have appeared: so many are read again."""
MAX_WAITING = 200
"""Events that a viewer may be late with."""
MAX_VIEWERS = 200


class TooManyViewers(Exception):
    """The board has as many event streams as it takes."""


@dataclass(eq=False)
class Subscription:
    """What one viewer follows. Belongs to the event loop."""

    topics: frozenset[Topic]
    waiting: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(MAX_WAITING))

    def follows(self, topic: Topic) -> bool:
        """Trouble with a camera concerns whoever follows anything of it."""
        if topic.kind is Kind.TROUBLE:
            return any(topic.camera == followed.camera for followed in self.topics)
        return topic in self.topics

    def tell(self, event: Event | None) -> None:
        """None: there will be no more. Who is too late is sent away, and comes back to the newest state."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            event = None
        self.waiting.put_nowait(event)

    async def events(self, patience: float) -> AsyncIterator[Event | None]:
        """Each event as it comes, and None whenever none came for `patience` seconds."""
        while True:
            try:
                event = await asyncio.wait_for(self.waiting.get(), patience)
            except TimeoutError:
                yield None
                continue
            if event is None:
                return
            yield event


class Feed:
    """`run` is the poller; everything here belongs to one event loop."""

    def __init__(
        self,
        captures: Captures,
        watches: Watches,
        period: float = PERIOD_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._captures, self._watches = captures, watches
        self._period, self._monotonic = period, monotonic
        self._viewers: set[Subscription] = set()
        self._known: dict[Topic, list[Item]] = {}
        self._trouble: dict[Topic, str] = {}
        self._wanted = asyncio.Event()
        self._closed = False

    @asynccontextmanager
    async def following(self, topics: Iterable[Topic]) -> AsyncIterator[Subscription]:
        """A subscription that begins with the newest state of each topic. Raises TooManyViewers."""
        if len(self._viewers) >= MAX_VIEWERS:
            raise TooManyViewers
        viewer = Subscription(frozenset(topics))
        for topic in viewer.topics & self._known.keys():
            for event in _news(topic, [], self._known[topic]):
                viewer.tell(event)
        for topic in viewer.topics & self._trouble.keys():
            viewer.tell(_trouble(topic, self._trouble[topic]))
        self._viewers.add(viewer)
        self._wanted.set()
        if self._closed:
            viewer.tell(None)
        try:
            yield viewer
        finally:
            self._viewers.discard(viewer)
            self._forget_what_nobody_follows()

    def newest(self, topic: Topic) -> list[Item] | None:
        """What was read of it last, newest first; None as long as nobody follows it."""
        return self._known.get(topic)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await self._wanted.wait()
            began = self._monotonic()
            await asyncio.gather(*map(self._poll, self._followed()))
            await asyncio.sleep(max(0.0, self._period - (self._monotonic() - began)))

    def last_seen(self, camera: str, capture_id: str) -> Item | None:
        """A record as the poller read it last, so that many viewers of what is new ask AWS nothing; or None."""
        known = self.newest(Topic(Kind.CAPTURE, camera)) or []
        return next((record for record in known if record["capture_id"] == capture_id), None)

    def close(self) -> None:
        """End every stream, also those that begin from now on."""
        self._closed = True
        for viewer in self._viewers:
            viewer.tell(None)

    def _followed(self) -> frozenset[Topic]:
        return frozenset[Topic]().union(*(viewer.topics for viewer in self._viewers))

    def _forget_what_nobody_follows(self) -> None:
        followed = self._followed()
        for kept in (self._known, self._trouble):
            for topic in kept.keys() - followed:
                del kept[topic]
        if not followed:
            self._wanted.clear()

    async def _poll(self, topic: Topic) -> None:
        try:
            now = await asyncio.to_thread(self._read, topic, self._known.get(topic))
            events = _news(topic, self._known.get(topic, []), now)
        except CloudError as error:
            self._fail(topic, str(error), log.warning)
            return
        except Exception as error:  # noqa: BLE001 - it is logged, once
            # One record that nobody thought of must not keep all others from all screens.
            self._fail(topic, f"the records cannot be read: {type(error).__name__}", log.exception)
            return
        if self._trouble.pop(topic, None) is not None:
            self._tell(_trouble(topic, None))
        if topic in self._followed():
            self._known[topic] = now
        for event in events:
            self._tell(event)

    def _fail(self, topic: Topic, words: str, write: Callable[..., object]) -> None:
        if self._trouble.get(topic) != words:
            write("the newest records cannot be read", action="poll_failed", error=words)
            self._trouble[topic] = words
            self._tell(_trouble(topic, words))

    def _read(self, topic: Topic, known: list[Item] | None) -> list[Item]:
        """An answer may be older than the one before it: what differs is read for sure before it is told."""
        found = self._newest(topic, consistent=False)
        return found if known is None or found == known else self._newest(topic, consistent=True)

    def _newest(self, topic: Topic, *, consistent: bool) -> list[Item]:
        if topic.kind is Kind.CAPTURE:
            return self._captures.table.newest(topic.camera, NEWEST, consistent=consistent)
        watch = self._watches.newest(topic.camera, consistent=consistent)
        buckets = self._watches.buckets(topic.camera, 1, consistent=consistent)
        return [{"watch": watch, "bucket": next(iter(buckets), None)}]

    def _tell(self, event: Event) -> None:
        for viewer in self._viewers:
            if viewer.follows(event.topic):
                viewer.tell(event)


def _news(topic: Topic, before: list[Item], now: list[Item]) -> list[Event]:
    if topic.kind is Kind.CAPTURE:
        return changes(topic, before, now)
    return [] if before == now else [Event(topic, {"camera": topic.camera, **state}) for state in now]


def _trouble(topic: Topic, error: str | None) -> Event:
    return Event(Topic(Kind.TROUBLE, topic.camera), {"camera": topic.camera, "error": error})
