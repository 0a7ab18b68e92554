"""What the daemon runs with."""

import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from worker.domain.phrases import Phrases
from worker.domain.sound import AudioFormat
from worker.settings.camera import CameraSettings
from worker.settings.cameras import CAMERA_NAME, CAMERA_VARIABLES, CAMERAS_FILE, load_cameras
from worker.settings.extras import NEEDS_WATCH, pillow_installed
from worker.settings.languages import DEFAULT, Language, built_in, load_language
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
    def spoken_formats(self) -> list[AudioFormat]:
        """What the cameras that speak take; none where nothing is said."""
        return sorted(
            {camera.audio_format for camera in self.cameras.values() if self.worker.speech and camera.speaker}
        )

    @property
    def secrets(self) -> list[str]:
        return [camera.password.get_secret_value() for camera in self.cameras.values()]


def load_configuration(environ: Mapping[str, str]) -> Configuration:
    """Everything the daemon needs but AWS's session.

    Raises:
        SettingsError: with every mistake there is.
    """
    mistakes: list[str] = []
    language = collect(mistakes, lambda: load_language(environ))
    worker = collect(mistakes, lambda: load(WorkerSettings, _with_voice(environ, language or built_in(DEFAULT))))
    cameras = collect(mistakes, lambda: load_cameras(environ))
    if worker and worker.watch and not pillow_installed():
        mistakes.append(f"WATCH: {NEEDS_WATCH}")
    if mistakes or language is None or worker is None or cameras is None:
        raise SettingsError(mistakes)
    return Configuration(worker, cameras, language.phrases, socket.gethostname())


def doubts(environ: Iterable[str]) -> Iterator[str]:
    """A line for each variable that may be a setting with a typing error. It stops nothing."""
    return unknown_variables(environ, SETTINGS)


def _with_voice(environ: Mapping[str, str], language: Language) -> dict[str, str]:
    given = {name: value for name, value in environ.items() if value}
    return {"POLLY_VOICE": language.voice, "POLLY_ENGINE": language.engine, **given}
