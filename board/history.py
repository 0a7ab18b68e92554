"""Which readings there are: each camera's presses and watches, and what was measured in the watches looked at last."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from board.aws.table import Table
from board.domain import tally, watched
from board.domain.moment import stamp
from board.domain.tally import Tally, tallies_of
from board.domain.watched import Minute, Watch, minutes_of, watches_of
from board.readings import Reading, Readings, Source

MAX_WATCHES = 8
"""Whose measurements are kept: some hundred numbers an hour each."""

_PRESS_ENDS_AFTER = timedelta(hours=2)
_WATCH_ENDS_AFTER = timedelta(hours=12)
_BUCKET_COMES_WITHIN = timedelta(minutes=5)
_BUCKET = timedelta(seconds=10)


class History:
    """Belongs to one event loop; `readings.run` reads."""

    def __init__(
        self,
        table: Table,
        cameras: Sequence[str],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.readings = Readings(table, now, monotonic)
        self.presses = {camera: Reading[Tally](_presses(camera)) for camera in cameras}
        self.watches = {camera: Reading[Watch](_watches(camera)) for camera in cameras}
        self._minutes: dict[tuple[str, str, datetime | None], Reading[Minute]] = {}

    def minutes(self, watch: Watch) -> Reading[Minute]:
        """Of the watches looked at last; another of the same watch once it has ended."""
        key = (watch.camera, watch.capture_id, watch.ended)
        reading = self._minutes.pop(key, None) or Reading[Minute](_measurements(watch))
        self._minutes[key] = reading
        while len(self._minutes) > MAX_WATCHES:
            del self._minutes[next(iter(self._minutes))]
        return reading


def _presses(camera: str) -> Source[Tally]:
    return Source(camera, tally.ATTRIBUTES, tallies_of, _PRESS_ENDS_AFTER)


def _watches(camera: str) -> Source[Watch]:
    return Source(f"watch/{camera}", watched.ATTRIBUTES, watches_of, _WATCH_ENDS_AFTER)


def _measurements(watch: Watch) -> Source[Minute]:
    digest = partial(minutes_of, watch)
    partition, attributes = f"audience/{watch.camera}", watched.BUCKET_ATTRIBUTES
    if watch.ended is None:
        return Source(partition, attributes, digest, _BUCKET_COMES_WITHIN)
    return Source(partition, attributes, digest, None, stamp(watch.ended + _BUCKET))
