"""Settings from the environment; every mistake in them is told at once, by name."""

from worker.settings.camera import CameraSettings
from worker.settings.cameras import (
    CAMERA_NAME,
    CAMERA_VARIABLES,
    CAMERAS_FILE,
    MAX_CAMERAS,
    camera_names,
    known_camera_names,
    load_cameras,
)
from worker.settings.configuration import SETTINGS, Configuration, doubts, load_configuration
from worker.settings.mistakes import SettingsError
from worker.settings.worker import (
    ArchiveSettings,
    HostSettings,
    QueueSettings,
    TableSettings,
    WorkerSettings,
    load,
)

__all__ = [
    "CAMERAS_FILE",
    "CAMERA_NAME",
    "CAMERA_VARIABLES",
    "MAX_CAMERAS",
    "SETTINGS",
    "ArchiveSettings",
    "CameraSettings",
    "Configuration",
    "HostSettings",
    "QueueSettings",
    "SettingsError",
    "TableSettings",
    "WorkerSettings",
    "camera_names",
    "doubts",
    "known_camera_names",
    "load",
    "load_cameras",
    "load_configuration",
]
