"""What the daemon runs with."""

import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from worker.domain.phrases import Phrases, PhrasesError, load_phrases
from worker.settings.camera import CameraSettings
from worker.settings.cameras import CAMERA_NAME, CAMERA_VARIABLES, CAMERAS_FILE, load_cameras
from worker.settings.mistakes import SettingsError, collect, known_keys
from worker.settings.unknown import unknown_variables
from worker.settings.worker import WorkerSettings, load

SETTINGS = frozenset(
    {*(key.upper() for key in known_keys(WorkerSettings)), *CAMERA_VARIABLES.values(), CAMERA_NAME, CAMERAS_FILE}
)
"""The names of all settings but boto3's own."""


@dataclass(frozen=True)
class Configuration:
    """The first camera is the default."""

    worker: WorkerSettings
    cameras: Mapping[str, CameraSettings]
    phrases: Phrases
    host_name: str

    @property
    def secrets(self) -> list[str]:
        return [camera.password.get_secret_value() for camera in self.cameras.values()]


def load_configuration(environ: Mapping[str, str]) -> Configuration:
    """Everything the daemon needs but AWS's session.

    Raises:
        SettingsError: with every mistake there is.
    """
    mistakes: list[str] = []
    worker = collect(mistakes, lambda: load(WorkerSettings, environ))
    cameras = collect(mistakes, lambda: load_cameras(environ))
    phrases = collect(mistakes, lambda: _load_phrases(environ.get("PHRASES_FILE")))
    if mistakes or worker is None or cameras is None or phrases is None:
        raise SettingsError(mistakes)
    return Configuration(worker, cameras, phrases, socket.gethostname())


def doubts(environ: Iterable[str]) -> Iterator[str]:
    """A line for each variable that may be a setting with a typing error. It stops nothing."""
    return unknown_variables(environ, SETTINGS)


def _load_phrases(file: str | None) -> Phrases:
    try:
        return load_phrases(Path(file)) if file else Phrases()
    except PhrasesError as error:
        raise SettingsError(f"PHRASES_FILE: {mistake}" for mistake in error.mistakes) from error
