"""The Amcrest (Dahua) camera: its digest-authenticated CGI, and the care it needs."""

from worker.camera.client import AmcrestCamera, Played
from worker.camera.errors import (
    CameraError,
    CameraFaulty,
    CameraRefused,
    CameraSilent,
    CameraUnreachable,
    CameraUnsupported,
)

__all__ = [
    "AmcrestCamera",
    "CameraError",
    "CameraFaulty",
    "CameraRefused",
    "CameraSilent",
    "CameraUnreachable",
    "CameraUnsupported",
    "Played",
]
