"""What lies in the spool for one press, and how that is stored."""

from dataclasses import dataclass
from typing import Protocol

from worker.domain.clip import SpooledClip
from worker.domain.photo import Kind, SpooledPhoto, SpoolNote
from worker.domain.ports import Photos, Spool
from worker.domain.record import Attributes
from worker.domain.timestamp import iso
from worker.job.ready_clip import Finish, ready_clip


class Kept(Protocol):
    """A photo, or a clip."""

    def store(self, photos: Photos) -> None:
        """Raises CloudError."""

    def told(self, photos: Photos) -> Attributes:
        """What its record says of it, once it is stored."""


@dataclass(frozen=True)
class KeptPhoto:
    """A whole one."""

    photo: SpooledPhoto

    def store(self, photos: Photos) -> None:
        photos.store(self.photo.press.image_key, self.photo.photo, self.photo.taken_at)

    def told(self, photos: Photos) -> Attributes:
        key, taken_at = self.photo.press.image_key, iso(self.photo.taken_at)
        return {"image_bucket": photos.bucket, "image_key": key, "taken_at": taken_at}


@dataclass(frozen=True)
class KeptClip:
    """One in which there is something to be seen."""

    key: str
    spooled: SpooledClip

    def store(self, photos: Photos) -> None:
        photos.store_clip(self.key, self.spooled)

    def told(self, photos: Photos) -> Attributes:
        return {**self.spooled.clip.described, "video_bucket": photos.bucket, "video_key": self.key}


def kept_for(note: SpoolNote, spool: Spool, finish: Finish | None) -> Kept | None:
    """What can be stored; None where it is broken. A clip that was cut off is finished first."""
    if note.kind is Kind.CLIP:
        ready = ready_clip(spool, note.press, finish)
        return None if ready is None else KeptClip(note.key, ready)
    photo = spool.load(note.press)
    return None if photo is None else KeptPhoto(photo)
