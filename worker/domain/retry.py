"""When a message that could not be handled comes back."""

from collections.abc import Callable
from dataclasses import dataclass

RETRY_DELAYS_SECONDS = (2, 8, 30, 60)
RECEIVES_WITHOUT_DEAD_LETTER_QUEUE = len(RETRY_DELAYS_SECONDS) + 1
RECEIVES_WHILE_UNKNOWN = 3
"""As few as queues commonly allow: one that allows more only loses retries, one that allows fewer loses the press."""
MAX_VISIBILITY_SECONDS = 43_140
"""SQS refuses what would end later than twelve hours after the receive, which may be some seconds ago."""

Random = Callable[[], float]
"""A number in [0, 1)."""


@dataclass(frozen=True)
class Redrive:
    """The queue's redrive policy; `max_receive_count` is None where there is no dead-letter queue, or none is known."""

    known: bool
    max_receive_count: int | None

    @property
    def receives(self) -> int:
        """How often a message is received at the most."""
        if self.max_receive_count is not None:
            return self.max_receive_count
        return RECEIVES_WITHOUT_DEAD_LETTER_QUEUE if self.known else RECEIVES_WHILE_UNKNOWN


UNKNOWN_REDRIVE = Redrive(known=False, max_receive_count=None)


def is_last_receive(receive_count: int, redrive: Redrive) -> bool:
    return receive_count >= redrive.receives


def retry_delay(receive_count: int, random: Random) -> int:
    """Whole seconds until the next attempt: the schedule, give or take a fifth, at least one."""
    planned = RETRY_DELAYS_SECONDS[min(receive_count, len(RETRY_DELAYS_SECONDS)) - 1]
    return max(1, round(planned * (0.8 + 0.4 * random())))


def rejected_delay(receive_count: int, redrive: Redrive) -> int:
    """Seconds: at once where a dead-letter queue waits for it, else doubling up to SQS's limit."""
    if redrive.max_receive_count is not None:
        return 0
    return min(MAX_VISIBILITY_SECONDS, 1 << min(receive_count, 16))


def poll_delay(failures: int, random: Random) -> float:
    """Seconds to leave a failing queue alone: 1, 2, 4 ... 60, of which a random half is taken off."""
    return min(60.0, 2.0 ** min(failures - 1, 6)) * (1 - 0.5 * random())
