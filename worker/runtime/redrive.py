"""After how many receives the queue gives a message up: asked for until it is known."""

from collections.abc import Callable
from threading import Event

import structlog

from worker.domain.errors import CloudError
from worker.domain.retry import RECEIVES_WHILE_UNKNOWN, UNKNOWN_REDRIVE, Redrive

FIRST_DELAY_SECONDS, LAST_DELAY_SECONDS = 5, 300

log = structlog.get_logger(__name__)


class RedrivePolicy:
    """What `ask` says: maxReceiveCount, None without a dead-letter queue, or a CloudError."""

    def __init__(self, ask: Callable[[], int | None]) -> None:
        self._ask = ask
        self._redrive = UNKNOWN_REDRIVE

    def current(self) -> Redrive:
        return self._redrive

    def ask(self) -> None:
        """Ask once; what goes wrong is logged."""
        try:
            count = self._ask()
        except CloudError as error:
            log.warning(
                "the queue's redrive policy is not to be had, and asked for again; until then presses get few retries",
                action="redrive_unknown",
                receives=RECEIVES_WHILE_UNKNOWN,
                error=str(error),
            )
            return
        if count is None:
            message = "the queue has no dead-letter queue: what cannot be handled comes back again and again"
            log.warning(message, action="no_dead_letter_queue")
        self._redrive = Redrive(known=True, max_receive_count=count)

    def keep_asking(self, stopping: Event) -> None:
        """Until it is known, or `stopping` is set."""
        delay = FIRST_DELAY_SECONDS
        while not (self._redrive.known or stopping.wait(delay)):
            self.ask()
            delay = min(2 * delay, LAST_DELAY_SECONDS)
