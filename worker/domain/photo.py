"""A photo: how large it may be, and where it may lie. And what lies in the spool, a photo or a clip."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from worker.domain.press import Press

MAX_SNAPSHOT_BYTES = 20_000_000

MAX_IMAGE_BYTES = 5_242_880
"""Rekognition's limit for a photo that is sent as bytes; a larger one is read from S3."""


@dataclass(frozen=True)
class Snapshot:
    """A whole JPEG; `age` is how many seconds ago its moment was, as far as that is known."""

    jpeg: bytes
    age: float = 0.0


@dataclass(frozen=True)
class StoredPhoto:
    """A photo too large to send, which already lies in S3."""

    bucket: str
    key: str


@dataclass(frozen=True)
class SpooledPhoto:
    """A photo that an attempt has taken; `progress` is what is known to be done with it."""

    press: Press
    photo: bytes
    taken_at: datetime
    progress: Mapping[str, Any]


class Kind(StrEnum):
    """What a press leaves."""

    PHOTO = "photo"
    CLIP = "clip"

    @property
    def attributes(self) -> tuple[str, str]:
        """Of the record: in which bucket it is, and under which key."""
        return ("image_bucket", "image_key") if self is Kind.PHOTO else ("video_bucket", "video_key")

    def key(self, press: Press) -> str:
        """Where it is stored."""
        return press.image_key if self is Kind.PHOTO else press.video_key


@dataclass(frozen=True)
class SpoolNote:
    """Whose spooled photo or clip it is; `progress` is what is known to be done with it."""

    press: Press
    taken_at: datetime
    progress: Mapping[str, Any]
    kind: Kind = Kind.PHOTO

    @property
    def key(self) -> str:
        """Where it is stored."""
        return self.kind.key(self.press)


@dataclass(frozen=True)
class SpoolFolder:
    """What lies in the spool under one name. `size` is in bytes, `changed_at` by the host's clock."""

    name: str
    size: int
    changed_at: datetime
    note: SpoolNote | None
    """None where it cannot be read: nobody knows any more whose that is."""
