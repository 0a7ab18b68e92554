"""What was measured of one watch, bucket by bucket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from board.domain.attributes import mapping, number
from board.domain.item import Item
from board.domain.moment import parse

BUCKET_SECONDS = 10
STALE = timedelta(seconds=30)
"""For so long a sample counts; after that there is no data."""


@dataclass(frozen=True)
class Sample:
    """What a bucket says, and when it ended, in epoch seconds."""

    end: float
    bucket: Item

    @property
    def sections(self) -> Item:
        return mapping(self.bucket.get("sections"))

    def section(self, name: str) -> Item:
        return mapping(self.sections.get(name))

    def figure(self, section: str, name: str) -> float | None:
        return number(self.section(section).get(name))


def samples_of(watch: Item, buckets: Iterable[Item]) -> list[Sample]:
    """The oldest first; buckets of other watches are passed over: their sections may have been others."""
    own = [bucket for bucket in buckets if bucket.get("watch") and bucket.get("watch") == watch.get("capture_id")]
    begun = [(parse(bucket.get("capture_id")), bucket) for bucket in own]
    samples = [Sample(begin.timestamp() + BUCKET_SECONDS, bucket) for begin, bucket in begun if begin is not None]
    return sorted(samples, key=lambda sample: sample.end)
