"""Records of presses, of one camera or of all."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from board.aws.table import Condition, Table
from board.domain.captures import Found, Stretch, Wanted, found_in, is_shown, merged, next_read
from board.domain.faces_seen import OF_PRESSES
from board.domain.item import Item
from board.domain.moods import wears

READS = 8
BUDGET_SECONDS = 0.2
"""What few records match is looked for so often and so long; then whoever looks is asked whether to go on."""
NEAR = 12


@dataclass(frozen=True)
class Captures:
    """Blocks, and raises CloudError."""

    table: Table
    monotonic: Callable[[], float] = time.monotonic

    def newest(self, cameras: Iterable[str], limit: int, before: str | None = None) -> list[Item]:
        """At most `limit` of all `cameras` together, newest first, each with a capture_id smaller than `before`."""
        return self.search(tuple(cameras), limit, before, is_shown).records

    def search(
        self, cameras: Sequence[str], limit: int, before: str | None, wanted: Wanted, mood: str | None = None
    ) -> Found:
        """The same of those that are `wanted` and in which somebody wears the `mood`, as far as there is time."""
        deadline = self.monotonic() + BUDGET_SECONDS
        records: list[Item] = []
        size = read = limit + 1
        # One after the other, a page of fifty cameras would take a second.
        with ThreadPoolExecutor(max_workers=min(8, len(cameras))) as readers:
            for _ in range(READS):
                stretch = self._read(readers, cameras, size, before, mood)
                records += [item for item in stretch.items if wanted(item) and (mood is None or wears(item, mood))]
                if len(records) > limit or stretch.end is None or self.monotonic() > deadline:
                    break
                before, size = stretch.end, next_read(limit, len(records), read)
                read += size
        return found_in(records, limit, stretch.end)

    def get(self, camera: str, capture_id: str) -> Item | None:
        return self.table.get(camera, capture_id)

    def moods(self, camera: str, since: str) -> list[Item]:
        """What faces wore on each press from `since` on, which is the beginning of a capture_id."""
        pages = self.table.pages(camera, since, attributes=OF_PRESSES)
        return [record for page in pages for record in page]

    def neighbours(self, camera: str, capture_id: str, wanted: Wanted) -> tuple[str | None, str | None]:
        """The capture_ids of the next older and the next newer record that is `wanted`, where one is near."""
        older = self.table.stretch(camera, NEAR, capture_id).items
        newer = self.table.after(camera, NEAR, capture_id)
        return _first(older, wanted), _first(newer, wanted)

    def _read(
        self, readers: ThreadPoolExecutor, cameras: Sequence[str], limit: int, before: str | None, mood: str | None
    ) -> Stretch:
        condition = None if mood is None else _may_wear(mood)
        return merged(
            readers.map(partial(self.table.stretch, limit=limit, before=before, condition=condition), cameras)
        )


def _may_wear(mood: str) -> Condition:
    """What spares the network the rest; which moment of a clip wears it is not to be said in it."""
    return Condition(
        "attribute_exists(#mood.#worn) OR attribute_exists(#moments) OR #top_emotion = :worn",
        {"#mood": "mood", "#worn": mood, "#moments": "moments", "#top_emotion": "top_emotion"},
        {":worn": mood},
    )


def _first(records: Iterable[Item], wanted: Wanted) -> str | None:
    return next((str(record["capture_id"]) for record in records if wanted(record)), None)
