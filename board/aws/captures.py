"""Records of presses, of one camera or of all."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from board.aws.table import Table
from board.domain.captures import Found, Stretch, Wanted, gather, is_shown, merged
from board.domain.item import Item

READS = 5
"""So many times a camera is read for one page: what few records match would else be looked for in all of them."""
MANY = 200
NEAR = 12


@dataclass(frozen=True)
class Captures:
    """Blocks, and raises CloudError."""

    table: Table

    def newest(self, cameras: Iterable[str], limit: int, before: str | None = None) -> list[Item]:
        """At most `limit` of all `cameras` together, newest first, each with a capture_id smaller than `before`."""
        return self.search(tuple(cameras), limit, before, is_shown).records

    def search(self, cameras: Sequence[str], limit: int, before: str | None, wanted: Wanted) -> Found:
        """The same of those that are `wanted`, among the next thousand or so of each camera."""
        return gather(limit, wanted, self._stretches(cameras, limit + 1, before))

    def get(self, camera: str, capture_id: str) -> Item | None:
        return self.table.get(camera, capture_id)

    def neighbours(self, camera: str, capture_id: str, wanted: Wanted) -> tuple[str | None, str | None]:
        """The capture_ids of the next older and the next newer record that is `wanted`, where one is near."""
        older = self.table.stretch(camera, NEAR, capture_id).items
        newer = self.table.after(camera, NEAR, capture_id)
        return _first(older, wanted), _first(newer, wanted)

    def _stretches(self, cameras: Sequence[str], limit: int, before: str | None) -> Iterator[Stretch]:
        # One after the other, a page of fifty cameras would take a second.
        with ThreadPoolExecutor(max_workers=min(8, len(cameras))) as readers:
            for _ in range(READS):
                read = partial(self.table.stretch, limit=limit, before=before)
                stretch = merged(readers.map(read, cameras))
                yield stretch
                if stretch.end is None:
                    return
                limit, before = MANY, stretch.end


def _first(records: Iterable[Item], wanted: Wanted) -> str | None:
    return next((str(record["capture_id"]) for record in records if wanted(record)), None)
