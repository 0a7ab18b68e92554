"""Samples of an audience's mood, from what watches and presses left in the table; what cannot be read is left out."""

from collections.abc import Iterable
from statistics import fmean
from typing import Any

from board.domain.attributes import entries, mapping, within
from board.domain.billboard import ALONE_SECONDS, Seen
from board.domain.item import Item
from board.domain.moment import parse
from board.domain.moods import EMOTIONS
from board.domain.samples import BUCKET_SECONDS

MAX_CLIP_SECONDS, MAX_FACES = 60, 1000
OF_PRESSES = ("pressed_at", "taken_at", "mood", "moments", "video_seconds")
OF_BUCKETS = ("capture_id", "mood")
"""The attributes that are read here."""


def of_buckets(buckets: Iterable[Item]) -> list[Seen]:
    """One for each bucket, at its end. A bucket with too few faces to tell of has none."""
    begun = [(parse(bucket.get("capture_id")), bucket) for bucket in buckets]
    return [Seen(at.timestamp() + BUCKET_SECONDS, _faces(bucket.get("mood"))) for at, bucket in begun if at is not None]


def of_presses(records: Iterable[Item]) -> list[Seen]:
    """The newest press on whose photo or clip there is a face; at most one."""
    found = [seen for record in records if (seen := _of_press(record)) is not None and seen.faces]
    return sorted(found, key=lambda seen: seen.at)[-1:]


def has_faces_of_late(samples: Iterable[Seen], now: float) -> bool:
    return any(seen.faces and now - seen.at <= ALONE_SECONDS for seen in samples)


def _of_press(record: Item) -> Seen | None:
    at = parse(record.get("taken_at")) or parse(record.get("pressed_at"))
    if at is None:
        return None
    moments = [faces for moment in entries(record.get("moments")) if (faces := _faces(moment.get("mood")))]
    if "mood" not in record and moments:
        whole = {emotion: fmean(moment.get(emotion, 0.0) for moment in moments) for emotion in EMOTIONS}
        return Seen(at.timestamp() + within(record.get("video_seconds"), 0, MAX_CLIP_SECONDS), _faces(whole))
    return Seen(at.timestamp(), _faces(record.get("mood")))


def _faces(mood: Any) -> dict[str, float]:
    counted = {emotion: within(mapping(mood).get(emotion), 0, MAX_FACES) for emotion in EMOTIONS}
    return {emotion: faces for emotion, faces in counted.items() if faces > 0}
