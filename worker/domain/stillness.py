"""Which frames are spared a call, because nothing has changed in front of the camera."""

from worker.domain.level import STALE_SECONDS

STILL_SIZE = (32, 18)
"""Width and height of the small grey pictures that are compared."""

CHANGED_BY = 4
"""Levels of grey (0..255) by which one pixel of the small pictures has to differ. Tried with 24 faces pasted into
1080p, as JPEG: noise changes a pixel by 1, a single face of 45 px that is turned round by 6, one of 90 px by 15; the
mean over the picture does not tell them apart."""


def changed(before: bytes, after: bytes) -> bool:
    """Whether two small grey pictures, a byte a pixel, differ anywhere; those of other sizes do.

    `before` is of the last frame that was analysed, not of the last frame: what changes slowly changes, too.
    """
    if len(before) != len(after):
        return True
    return any(abs(one - other) >= CHANGED_BY for one, other in zip(before, after, strict=True))


def repeats(before: bytes | None, after: bytes, age: float) -> bool:
    """Whether the result of the last call, made of `before` and `age` seconds old, may stand for this frame as well."""
    return before is not None and 0 <= age < STALE_SECONDS and not changed(before, after)
