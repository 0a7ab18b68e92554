"""Which rollups there are: each camera's presses and watches, and what was measured in the watches looked at last."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from board.aws.table import Table
from board.domain import tally, watched
from board.domain.moment import stamp
from board.domain.partitions import of_buckets, of_watches
from board.domain.samples import BUCKET_SECONDS
from board.domain.tally import Tally, tallies_of
from board.domain.watched import Minute, Watch, minutes_of, watches_of
from board.refresher import Refresher
from board.rollup import Rollup, Source

MAX_WATCHES = 8
"""Whose measurements are kept: some hundred numbers an hour each."""

_PRESS_ENDS_AFTER = timedelta(hours=2)
_WATCH_ENDS_AFTER = timedelta(hours=12)
_BUCKET_COMES_WITHIN = timedelta(minutes=5)


class History:
    """Belongs to one event loop; `refresher.run` reads."""

    def __init__(
        self,
        table: Table,
        cameras: Sequence[str],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.refresher = Refresher(table, now, monotonic)
        self.presses = {camera: Rollup[Tally](_presses(camera)) for camera in cameras}
        self.watches = {camera: Rollup[Watch](_watches(camera)) for camera in cameras}
        self._measured: dict[tuple[str, str], tuple[Watch, Rollup[Minute]]] = {}

    def minutes(self, watch: Watch) -> Rollup[Minute]:
        """Of the watches looked at last; begun anew once the watch has ended."""
        key = watch.camera, watch.capture_id
        known, rollup = self._measured.pop(key, (watch, None))
        if rollup is None or known.ended != watch.ended:
            rollup = Rollup(_measurements(watch))
        self._measured[key] = watch, rollup
        while len(self._measured) > MAX_WATCHES:
            del self._measured[next(iter(self._measured))]
        return rollup

    def ended(self, camera: str, capture_id: str) -> Watch | None:
        """One that was looked at of late, and does not change any more."""
        watch, _ = self._measured.get((camera, capture_id), (None, None))
        return watch if watch and watch.ended else None


def _presses(camera: str) -> Source[Tally]:
    return Source(camera, tally.ATTRIBUTES, tallies_of, _PRESS_ENDS_AFTER)


def _watches(camera: str) -> Source[Watch]:
    return Source(of_watches(camera), watched.ATTRIBUTES, watches_of, _WATCH_ENDS_AFTER)


def _measurements(watch: Watch) -> Source[Minute]:
    digest = partial(minutes_of, watch)
    partition, attributes = of_buckets(watch.camera), watched.BUCKET_ATTRIBUTES
    if watch.ended is None:
        return Source(partition, attributes, digest, _BUCKET_COMES_WITHIN)
    return Source(partition, attributes, digest, None, stamp(watch.ended + timedelta(seconds=BUCKET_SECONDS)))
