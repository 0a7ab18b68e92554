"""Everything that one process goes by, but the cameras."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from worker.disk.state_dir import default_data_dir
from worker.domain.sections import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_ROWS, Grid, read_grid
from worker.domain.watch_commands import MAX_MINUTES, MIN_MINUTES
from worker.settings.address import is_address
from worker.settings.mistakes import known_keys, validated
from worker.settings.phrase_file import Engine

MAX_AGE_SECONDS = 1_209_600
"""14 days: SQS keeps no message for longer."""
MAX_VISIBILITY_SECONDS = 43_200
"""12 h: SQS's own limit."""
MAX_RETENTION_DAYS = 36_500

_QUEUE = r"[A-Za-z0-9_-]{1,80}(\.fifo)?"
# Old buckets have capitals and underscores; an access point and a table of another account are named by their ARN.
_BUCKET = r"[A-Za-z0-9._-]{3,255}|arn:\S+"
_TABLE = r"[A-Za-z0-9._-]{3,255}|arn:\S+"
_QUEUE_URL = "must be the queue's address, such as https://sqs.eu-west-1.amazonaws.com/123456789012/take-picture"
_FEWEST_FACES = "a whole number from 5 to 100, such as 5: what is said of fewer faces speaks of single people"
_GRID = f"must be columns x rows, up to {MAX_COLUMNS}x{MAX_ROWS}, such as 3x2"
_SECTIONS = (
    f"must be a comma list of {{}} different names of 1 to {MAX_NAME_CHARACTERS} characters, "
    "one for each section of WATCH_GRID={}, row by row as the camera sees them"
)

K = TypeVar("K", bound="_Environment")


def _is_url(text: str) -> str:
    if not is_address(text):
        raise ValueError(_QUEUE_URL)
    return text


class _Environment(BaseModel):
    """Each field is the variable of its name in capitals."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class QueueSettings(_Environment):
    queue_name: Annotated[
        str,
        Field(pattern=f"^({_QUEUE})$"),
        "the queue's name alone, such as take-picture; its address goes into QUEUE_URL",
    ] = "take-picture"
    queue_url: Annotated[str, AfterValidator(_is_url)] | None = None


class TableSettings(_Environment):
    table_name: Annotated[
        str, Field(pattern=f"^({_TABLE})$"), "the table's name alone, such as take-picture-captures"
    ] = Field(description="the DynamoDB table of the records, such as take-picture-captures")


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

    bucket_name: Annotated[str, Field(pattern=f"^({_BUCKET})$"), "the bucket's name alone, such as my-captures"] = (
        Field(description="the S3 bucket for the photos, such as my-captures")
    )


class WorkerSettings(QueueSettings, ArchiveSettings):
    """All of it; `retention` and the ages are `retention_days` and their seconds as durations."""

    analyses: Annotated[
        frozenset[Literal["faces", "labels", "text"]], "a list of faces, labels and text, such as faces,labels"
    ] = frozenset({"faces"})
    face_attributes: Literal["EMOTIONS", "ALL"] = "EMOTIONS"
    min_confidence: Annotated[float, Field(ge=0, le=100)] = 50
    speech: Annotated[bool, "on or off"] = True
    speech_language: str = "en"
    polly_voice: str = Field(description="the voice; without one the language's")
    polly_engine: Engine = Field(description="the voice's engine; without one the language's")
    phrases_file: Path | None = None
    allow_say: bool = True
    video_seconds: Annotated[float, Field(ge=1, le=60)] = 10
    video_before_seconds: Annotated[float, Field(ge=0, le=10)] = 0
    video_look_seconds: Annotated[float, Field(ge=0, le=60)] = 2
    watch: Annotated[bool, "on or off"] = False
    watch_minutes: Annotated[int, Field(ge=MIN_MINUTES, le=MAX_MINUTES)] = 60
    watch_seconds: Annotated[float, Field(ge=1, le=60)] = 5
    watch_grid: str = "3x2"
    watch_sections: str = ""
    watch_min_faces: Annotated[int, Field(ge=5, le=100), _FEWEST_FACES] = 5
    watch_calibrate_seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    watch_max_dollars: Annotated[float, Field(ge=0.001, le=100)] = 2
    watch_announce: bool = True
    max_command_age_seconds: Annotated[int, Field(ge=1, le=MAX_AGE_SECONDS)] = 120
    max_speech_age_seconds: Annotated[int, Field(ge=1, le=MAX_AGE_SECONDS)] = 30
    concurrency: Annotated[int, Field(ge=1, le=50)] = 4
    visibility_seconds: Annotated[int, Field(ge=1, le=MAX_VISIBILITY_SECONDS)] = 30
    drain_seconds: Annotated[int, Field(ge=0, le=3600)] = 20
    metrics_port: Annotated[int | None, Field(ge=0, le=65_535, examples=[9464])] = None
    retention_days: Annotated[int, Field(ge=0, le=MAX_RETENTION_DAYS, examples=["30, or 0 for ever"])] = 30

    @field_validator("analyses", mode="before")
    @classmethod
    def _as_a_list(cls, value: Any) -> Any:
        """Faces are what the job is about: they are looked for in any case."""
        return (
            {"faces", *(part.strip().lower() for part in value.split(",") if part.strip())}
            if isinstance(value, str)
            else value
        )

    @field_validator("video_look_seconds")
    @classmethod
    def _is_none_or_a_second(cls, seconds: float) -> float:
        if 0 < seconds < 1:
            raise ValueError("must be 0, for no look at all, or a number from 1 to 60, such as 2")
        return seconds

    @field_validator("watch_grid")
    @classmethod
    def _is_a_grid(cls, size: str) -> str:
        try:
            return str(read_grid(size))
        except ValueError:
            # Without its text, which shows what was given.
            raise ValueError(_GRID) from None

    @field_validator("watch_sections")
    @classmethod
    def _fit_the_grid(cls, names: str, info: ValidationInfo) -> str:
        """Of a grid that is a mistake itself nothing more is told."""
        if "watch_grid" not in info.data:
            return names
        grid = read_grid(info.data["watch_grid"])
        try:
            return ", ".join(read_grid(str(grid), names).names)
        except ValueError:
            raise ValueError(_SECTIONS.format(len(grid.names), grid)) from None

    @property
    def grid(self) -> Grid:
        return read_grid(self.watch_grid, self.watch_sections)

    @property
    def max_command_age(self) -> timedelta:
        return timedelta(seconds=self.max_command_age_seconds)

    @property
    def max_speech_age(self) -> timedelta:
        return timedelta(seconds=self.max_speech_age_seconds)

    @property
    def retention(self) -> timedelta | None:
        """From the press until the record may be deleted; None is for ever."""
        return timedelta(days=self.retention_days) if self.retention_days else None


def load(kind: type[K], environ: Mapping[str, str]) -> K:
    """Settings of `kind`; an empty value counts as unset. Raises SettingsError."""
    given = {key: environ[key.upper()] for key in known_keys(kind) if environ.get(key.upper())}
    return validated(kind, given, str.upper)
