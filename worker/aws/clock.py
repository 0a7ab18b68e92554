"""Time by AWS's clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

_RESOLUTION = timedelta(seconds=1)


class AwsClock:
    """UTC as AWS sees it, learnt from the Date header of its answers.

    The header has a resolution of one second, so a host whose clock agrees with it is believed to the millisecond;
    one that does not is corrected.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._offset = timedelta(0)

    def now(self) -> datetime:
        return self._host() + self._offset

    def learn(self, date_header: str | None) -> None:
        """Take note of a Date header that has just arrived; anything else is ignored."""
        try:
            said = parsedate_to_datetime(date_header or "").astimezone(UTC)
        except ValueError:
            return
        ahead = said + _RESOLUTION / 2 - self._host()
        self._offset = timedelta(0) if abs(ahead) <= 2 * _RESOLUTION else ahead

    def learn_from(self, client: Any) -> None:
        """Take note of the Date header of each answer that a boto3 client gets, refusals too."""
        client.meta.events.register("after-call", self._listen)

    @property
    def offset(self) -> timedelta:
        """How far AWS is ahead of this host; zero when they agree to within the header's resolution."""
        return self._offset

    def _listen(self, http_response: Any, **_: object) -> None:
        self.learn(http_response.headers.get("date"))

    def _host(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)
