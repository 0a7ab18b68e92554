"""What is done beside the first polls, so that the first press need not wait for it."""

from collections.abc import Iterable
from threading import Event

import structlog

from worker.camera.amcrest import AmcrestCamera
from worker.domain.errors import CameraError
from worker.job.shared_camera import SharedCamera

log = structlog.get_logger(__name__)


def warn_of(troubles: Iterable[str], _: Event) -> None:
    """Of what presses will need and cannot use, before the first of them is lost."""
    for trouble in troubles:
        log.warning(trouble, action="storage_not_ready")


def get_ready(camera: SharedCamera, device: AmcrestCamera, _: Event) -> None:
    """Log in to the camera before anybody presses."""
    with structlog.contextvars.bound_contextvars(camera=camera.name):
        try:
            identity = device.identify()
            log.info(
                "the camera answers",
                action="camera_ready",
                type=identity.device_type,
                software=identity.software,
                serial=identity.serial,
            )
        except CameraError as error:
            log.error("the camera is not ready", action="camera_not_ready", error=str(error))
