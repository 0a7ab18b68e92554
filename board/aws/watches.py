"""What a watch of an audience left in the table."""

from dataclasses import dataclass

from board.aws.table import Table
from board.domain.faces_seen import OF_BUCKETS
from board.domain.item import Item
from board.domain.partitions import of_buckets, of_watches


@dataclass(frozen=True)
class Watches:
    """Blocks, and raises CloudError."""

    table: Table

    def get(self, camera: str, capture_id: str) -> Item | None:
        return self.table.get(of_watches(camera), capture_id)

    def newest(self, camera: str, *, consistent: bool = False) -> Item | None:
        """The watch that runs, or else the one that ended last."""
        return next(iter(self.table.newest(of_watches(camera), 1, consistent=consistent)), None)

    def buckets(self, camera: str, limit: int, *, consistent: bool = False) -> list[Item]:
        """The newest, ten seconds each, newest first, of whichever watch."""
        return self.table.newest(of_buckets(camera), limit, consistent=consistent)

    def moods(self, camera: str, since: str) -> list[Item]:
        """What faces wore in each bucket from `since` on, which is the beginning of a capture_id."""
        pages = self.table.pages(of_buckets(camera), since, attributes=OF_BUCKETS)
        return [bucket for page in pages for bucket in page]
