"""Why the stream's newest picture is not the photo."""

from collections.abc import Sequence

from worker.domain.errors import CameraError
from worker.domain.video import AccessUnit

MAX_AGE_SECONDS = 2.0


class Doubt(Exception):
    """The photo had better come from elsewhere; the text says why."""


class TooSlow(Doubt):
    """It would do, and something else was there before it was decoded."""


def never() -> bool:
    return False


def check_fresh(tail: Sequence[AccessUnit], trouble: CameraError | None, now: float) -> AccessUnit:
    """The newest picture of `tail`. Raises Doubt where it is none of this moment."""
    if trouble is not None:
        raise Doubt(f"the stream is in trouble: {trouble}") from trouble
    if not tail:
        raise Doubt("no key frame has come yet")
    check_age(now - tail[-1].received_at)
    return tail[-1]


def check_age(seconds: float) -> None:
    """Raises Doubt."""
    if seconds > MAX_AGE_SECONDS:
        raise Doubt(f"the newest picture is older than {MAX_AGE_SECONDS:g} s")
