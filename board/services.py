"""What pages are made of, and what they are handed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from board.aws.captures import Captures
from board.aws.clients import Clients
from board.aws.photos import Photos
from board.aws.queue import Queue
from board.aws.table import Table
from board.aws.watches import Watches
from board.debounce import Debouncer
from board.feed import Feed
from board.settings import BoardSettings


def utc_now() -> datetime:
    """By this host's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """`queue` is None with BOARD_ACTIONS=off. What comes from AWS blocks: off the event loop with it."""

    settings: BoardSettings
    captures: Captures
    watches: Watches
    photos: Photos
    queue: Queue | None
    feed: Feed
    now: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    debouncer: Debouncer = field(default_factory=Debouncer)

    @property
    def cameras(self) -> tuple[str, ...]:
        return self.settings.cameras


def make_services(settings: BoardSettings, clients: Clients) -> Services:
    """Calls nothing yet."""
    table = Table(clients.dynamodb, settings.table_name)
    captures, watches = Captures(table), Watches(table)
    queue = Queue(clients.sqs, settings.queue_name, settings.queue_url) if clients.sqs else None
    photos = Photos(clients.s3, settings.bucket_name)
    return Services(settings, captures, watches, photos, queue, Feed(captures, watches))
