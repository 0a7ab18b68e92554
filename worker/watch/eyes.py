"""How a watch gets its frames: as photos are taken, but behind everybody who pressed."""

from collections.abc import Callable
from dataclasses import dataclass

from worker.job.priority_semaphore import NotAdmitted
from worker.job.shared_camera import WATCH_RANK, SharedCamera
from worker.watch.filming import Skipped

PATIENCE_SECONDS = 1.0
"""For a lens that is taken; a nod takes half of it."""


@dataclass(frozen=True)
class Eyes:
    """Of one camera; `photograph` gives a JPEG and raises CameraError."""

    camera: SharedCamera
    photograph: Callable[[], bytes]

    def __call__(self) -> bytes:
        """A frame. Raises CameraError, and Skipped."""
        try:
            with self.camera.lens.permit(PATIENCE_SECONDS, WATCH_RANK):
                return self.photograph()
        except NotAdmitted as error:
            raise Skipped from error
