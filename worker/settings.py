"""Settings from the environment; every error in them is told at once, by name."""

import socket
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from worker.disk.state_dir import default_data_dir
from worker.domain.phrases import Phrases, PhrasesError, load_phrases
from worker.domain.press import CAMERA_NAME_PATTERN

CAMERA_VARIABLES = {
    "host": "CAMERA_HOST",
    "username": "CAMERA_USERNAME",
    "password": "CAMERA_PASSWORD",
    "password_file": "CAMERA_PASSWORD_FILE",
    "nod": "CAMERA_NOD",
    "speaker": "CAMERA_SPEAKER",
    "audio_format": "CAMERA_AUDIO_FORMAT",
    "channel": "CAMERA_CHANNEL",
}
CAMERA_NAME, CAMERAS_FILE = "CAMERA_NAME", "CAMERAS_FILE"
REGION_MISSING = "AWS_REGION: not set, and no profile names one; it is the region of the queue, such as eu-west-1"
MAX_CAMERAS = 50
"""As many as presses may be in work."""

_NO_ADDRESS = "must be host, host:port, or http(s)://host[:port]"

S = TypeVar("S", bound=BaseSettings)
T = TypeVar("T")
Label = Callable[[str], str]
"""What a person calls a field: its variable, or its place in the file."""


class SettingsError(Exception):
    """One line a mistake, each beginning with the setting's name; no line holds a secret."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(mistakes)
        super().__init__("\n".join(self.mistakes))


class CameraSettings(BaseModel):
    """One camera, from CAMERA_... or from its table in CAMERAS_FILE."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: str = Field(description="the camera's address on your network, such as 192.168.1.108")
    username: str = "admin"
    password: SecretStr = Field(min_length=1, description="the password of the camera's user, or its _FILE")
    nod: bool = True
    speaker: bool = True
    audio_format: Literal["alaw", "mulaw"] = "alaw"
    channel: int | None = Field(default=None, ge=0, le=255)

    @field_validator("host")
    @classmethod
    def _is_an_address(cls, host: str) -> str:
        try:
            parts = urlsplit(host if "://" in host else f"http://{host}")
            _ = parts.port
        except ValueError:
            # Its own words would show what was given, and somebody may have written a password there.
            raise ValueError(_NO_ADDRESS) from None
        if parts.username or parts.password:
            raise ValueError("user name and password have settings of their own and do not belong into the address")
        if (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or parts.path.strip("/")
            or parts.query
            or parts.fragment
        ):
            raise ValueError(_NO_ADDRESS)
        return f"{parts.scheme}://{parts.netloc}"


class _Environment(BaseSettings):
    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True)


class QueueSettings(_Environment):
    queue_name: str = "take-picture"
    queue_url: str | None = None


class TableSettings(_Environment):
    table_name: str = Field(description="the DynamoDB table of the records")


class HostSettings(_Environment):
    data_dir: Path = Field(default_factory=default_data_dir)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_small_letters(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value


class ArchiveSettings(TableSettings, HostSettings):
    """Where presses leave something."""

    bucket_name: str = Field(description="the S3 bucket for the photos")


class WorkerSettings(QueueSettings, ArchiveSettings):
    """All that one process goes by, but the cameras."""

    analyses: Annotated[frozenset[Literal["faces", "labels", "text"]], NoDecode] = frozenset({"faces"})
    face_attributes: Literal["EMOTIONS", "ALL"] = "EMOTIONS"
    min_confidence: float = Field(default=50, ge=0, le=100)
    speech: bool = True
    polly_voice: str = "Joanna"
    polly_engine: Literal["standard", "neural", "long-form", "generative"] = "neural"
    phrases_file: Path | None = None
    max_command_age_seconds: int = Field(default=120, ge=1)
    max_speech_age_seconds: int = Field(default=30, ge=1)
    concurrency: int = Field(default=4, ge=1, le=50)
    visibility_seconds: int = Field(default=30, ge=1, le=43_200)
    drain_seconds: int = Field(default=20, ge=0)
    metrics_port: int | None = Field(default=None, ge=0, le=65_535)
    retention_days: int = Field(default=30, ge=1)

    @field_validator("analyses", mode="before")
    @classmethod
    def _as_a_list(cls, value: Any) -> Any:
        """Faces are what the job is about: they are looked for in any case."""
        return (
            {"faces", *(part.strip().lower() for part in value.split(",") if part.strip())}
            if isinstance(value, str)
            else value
        )

    @property
    def max_command_age(self) -> timedelta:
        return timedelta(seconds=self.max_command_age_seconds)

    @property
    def max_speech_age(self) -> timedelta:
        return timedelta(seconds=self.max_speech_age_seconds)

    @property
    def retention(self) -> timedelta:
        return timedelta(days=self.retention_days)


@dataclass(frozen=True)
class Configuration:
    """What the daemon runs with; the first camera is the default."""

    worker: WorkerSettings
    cameras: Mapping[str, CameraSettings]
    phrases: Phrases
    host_name: str

    @property
    def secrets(self) -> list[str]:
        return [camera.password.get_secret_value() for camera in self.cameras.values()]


def load_configuration(environ: Mapping[str, str], region: str | None) -> Configuration:
    """Everything the daemon needs.

    Raises:
        SettingsError: with every mistake there is.
    """
    mistakes: list[str] = []
    worker = _collect(mistakes, lambda: load(WorkerSettings))
    cameras = _collect(mistakes, lambda: load_cameras(environ))
    phrases = _collect(mistakes, lambda: _load_phrases(environ.get("PHRASES_FILE")))
    if not region:
        mistakes.append(REGION_MISSING)
    if mistakes or worker is None or cameras is None or phrases is None:
        raise SettingsError(mistakes)
    return Configuration(worker, cameras, phrases, socket.gethostname())


def load(kind: type[S]) -> S:
    """Settings of `kind` from the process's environment. Raises SettingsError."""
    try:
        return kind()
    except ValidationError as error:
        raise SettingsError(_mistakes(error, kind, str.upper)) from None


def load_cameras(environ: Mapping[str, str]) -> dict[str, CameraSettings]:
    """The cameras by name, the default first. Raises SettingsError."""
    given = {name: environ[variable] for name, variable in CAMERA_VARIABLES.items() if environ.get(variable)}
    file = environ.get(CAMERAS_FILE)
    if not file:
        name = environ.get(CAMERA_NAME) or "default"
        return {name: _camera(name, given, CAMERA_VARIABLES.__getitem__, CAMERA_NAME)}
    if "host" in given:
        raise SettingsError([f"{CAMERAS_FILE}: set together with CAMERA_HOST; name the cameras in one place only"])
    return _cameras_from(Path(file))


def camera_names(environ: Mapping[str, str]) -> list[str]:
    """The names of the cameras alone, whose passwords need not be at hand. Raises SettingsError."""
    file = environ.get(CAMERAS_FILE)
    return list(_tables(Path(file))) if file else [environ.get(CAMERA_NAME) or "default"]


def _cameras_from(file: Path) -> dict[str, CameraSettings]:
    tables = _tables(file)
    mistakes: list[str] = []
    cameras = {name: _collect(mistakes, partial(_camera_from_table, name, tables[name])) for name in tables}
    if mistakes:
        raise SettingsError(mistakes)
    return {name: camera for name, camera in cameras.items() if camera is not None}


def _tables(file: Path) -> dict[str, Any]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError([f"{CAMERAS_FILE}: {error}"]) from error
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
    mistakes = (
        []
        if CAMERA_NAME_PATTERN.fullmatch(name)
        else [f"{name_label}: a camera's name is 1 to 64 letters, digits, _ or -"]
    )
    camera = _collect(mistakes, lambda: _validated(_with_secret(values, label), label))
    if mistakes or camera is None:
        raise SettingsError(mistakes)
    return camera


def _validated(values: Mapping[str, Any], label: Label) -> CameraSettings:
    try:
        return CameraSettings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_mistakes(error, CameraSettings, label)) from None


def _with_secret(values: Mapping[str, Any], label: Label) -> dict[str, Any]:
    """`password_file` replaced by what is in it, without its trailing newline."""
    rest = {key: value for key, value in values.items() if key != "password_file"}
    file = values.get("password_file")
    if not file:
        return rest
    if "password" in rest:
        raise SettingsError([f"{label('password_file')}: set together with {label('password')}; one of them is enough"])
    try:
        return {**rest, "password": Path(str(file)).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")}
    except (OSError, ValueError) as error:
        raise SettingsError([f"{label('password_file')}: {error}"]) from error


def _load_phrases(file: str | None) -> Phrases:
    try:
        return load_phrases(Path(file)) if file else Phrases()
    except PhrasesError as error:
        raise SettingsError([f"PHRASES_FILE: {error}"]) from error


def _mistakes(error: ValidationError, kind: type[BaseModel], label: Label) -> list[str]:
    # Only the place and the message: pydantic's own text would show what was given.
    return [
        _mistake(detail, kind, label)
        for detail in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def _mistake(detail: Any, kind: type[BaseModel], label: Label) -> str:
    name = str(detail["loc"][0])
    if detail["type"] == "extra_forbidden":
        return f"{label(name)}: unknown; known are {', '.join((*kind.model_fields, 'password_file'))}"
    field = kind.model_fields[name]
    if detail["type"] == "missing":
        return f"{label(name)}: not set; it is {field.description}"
    wrong = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    unset = f"; unset it is {str(field.default).lower()}" if isinstance(field.default, int | float) else ""
    return f"{label(name)}: {wrong}{unset}"


def _collect(mistakes: list[str], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except SettingsError as error:
        mistakes.extend(error.mistakes)
        return None
