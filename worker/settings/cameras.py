"""All cameras: one from CAMERA_... or several from CAMERAS_FILE."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from worker.domain.press import CAMERA_NAME_PATTERN
from worker.settings.camera import CameraSettings
from worker.settings.files import read_toml, reason, with_secrets
from worker.settings.mistakes import Label, SettingsError, collect, known_keys, validated

CAMERA_VARIABLES = {key: f"CAMERA_{key.upper()}" for key in known_keys(CameraSettings)}
CAMERA_NAME, CAMERAS_FILE = "CAMERA_NAME", "CAMERAS_FILE"
MAX_CAMERAS = 50
"""As many as presses may be in work."""


def load_cameras(environ: Mapping[str, str]) -> dict[str, CameraSettings]:
    """The cameras by name, the default first. Raises SettingsError."""
    given = {key: environ[variable] for key, variable in CAMERA_VARIABLES.items() if environ.get(variable)}
    file = environ.get(CAMERAS_FILE)
    if not file:
        name = environ.get(CAMERA_NAME) or "default"
        return {name: _camera(name, given, CAMERA_VARIABLES.__getitem__, CAMERA_NAME)}
    mistakes: list[str] = []
    if "host" in given:
        mistakes.append(f"{CAMERAS_FILE}: set together with CAMERA_HOST; name the cameras in one place only")
    cameras = collect(mistakes, lambda: _cameras_from(Path(file)))
    if "host" in given:
        # Whichever of the two is dropped: what is wrong with the other is told now. What is missing is not needed yet.
        collect(mistakes, lambda: _camera("default", {"password": "-", **given}, CAMERA_VARIABLES.__getitem__, ""))
    if mistakes or cameras is None:
        raise SettingsError(mistakes)
    return cameras


def camera_names(environ: Mapping[str, str]) -> list[str]:
    """The names of the cameras alone, whose passwords need not be at hand. Raises SettingsError."""
    return known_camera_names(environ) or ["default"]


def known_camera_names(environ: Mapping[str, str]) -> list[str]:
    """The same, and none where this host was not told any. Raises SettingsError."""
    file, name = environ.get(CAMERAS_FILE), environ.get(CAMERA_NAME)
    return list(_tables(Path(file))) if file else [name] if name else []


def _cameras_from(file: Path) -> dict[str, CameraSettings]:
    tables = _tables(file)
    mistakes: list[str] = []
    cameras = {name: collect(mistakes, partial(_camera_from_table, name, tables[name])) for name in tables}
    if mistakes:
        raise SettingsError(mistakes)
    return {name: camera for name, camera in cameras.items() if camera is not None}


def _tables(file: Path) -> dict[str, Any]:
    try:
        tables = read_toml(file)
    except (OSError, ValueError) as error:
        raise SettingsError([f"{CAMERAS_FILE}: {file}: {reason(error)}"]) from error
    if not 1 <= len(tables) <= MAX_CAMERAS:
        raise SettingsError(
            [f"{CAMERAS_FILE}: {file} must name 1 to {MAX_CAMERAS} cameras, each as a table such as [lobby]"]
        )
    return tables


def _camera_from_table(name: str, table: Any) -> CameraSettings:
    where = f"{CAMERAS_FILE}: [{name}]"
    if not isinstance(table, dict):
        raise SettingsError([f"{where} must be a table, such as [lobby] with host and password"])
    return _camera(name, table, lambda key: f"{where} {key}", where)


def _camera(name: str, values: Mapping[str, Any], label: Label, name_label: str) -> CameraSettings:
    mistakes: list[str] = []
    if not CAMERA_NAME_PATTERN.fullmatch(name):
        mistakes.append(f"{name_label}: a camera's name is 1 to 64 letters, digits, _ or -, such as lobby")
    known, of_secrets = with_secrets(CameraSettings, values, label)
    mistakes.extend(of_secrets.values())
    camera = collect(mistakes, lambda: validated(CameraSettings, known, label, told=of_secrets))
    if mistakes or camera is None:
        raise SettingsError(mistakes)
    return camera
