"""Records of presses, of one camera or of all."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from board.aws.table import Table
from board.domain.captures import newest_first
from board.domain.item import Item


@dataclass(frozen=True)
class Captures:
    """Blocks, and raises CloudError."""

    table: Table

    def newest(self, cameras: Iterable[str], limit: int, before: str | None = None) -> list[Item]:
        """At most `limit` of all `cameras` together, newest first, each with a capture_id smaller than `before`."""
        # One after the other, a page of fifty cameras would take a second.
        with ThreadPoolExecutor(max_workers=8) as readers:
            found = readers.map(lambda camera: self.table.newest(camera, limit, before), cameras)
            return newest_first((record for records in found for record in records), limit)

    def get(self, camera: str, capture_id: str) -> Item | None:
        return self.table.get(camera, capture_id)
