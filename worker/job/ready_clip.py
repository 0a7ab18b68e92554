"""A clip that grew in the spool, made ready to be stored."""

from collections.abc import Callable
from pathlib import Path

import structlog

from worker.domain.clip import SpooledClip
from worker.domain.errors import CameraError
from worker.domain.ports import Spool
from worker.domain.press import Press

Finish = Callable[[Path, Path], float]
"""`Recorder.finish`."""

log = structlog.get_logger(__name__)


def ready_clip(spool: Spool, press: Press, finish: Finish | None) -> SpooledClip | None:
    """What is kept for `press`, so that it plays while it downloads; None where there is nothing to be seen.

    Without `finish`, or where the disk takes no second copy, it is stored as it grew, which plays as well.
    """
    grown = spool.clip(press)
    if grown is None or grown.finished or finish is None:
        return grown
    try:
        spool.finish_clip(press, grown, finish)
    except CameraError as error:
        log.warning("there is nothing to be seen in a clip", action="clip_empty", error=str(error))
        return None
    except OSError as error:
        log.warning("a clip is stored as it grew", action="clip_not_finished", error=str(error))
    return spool.clip(press)
