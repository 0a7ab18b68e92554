"""One press of a button, and the command on the queue that it becomes."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lambda_trigger.errors import UnknownEventError
from lambda_trigger.record_video import RecordVideo
from lambda_trigger.say import Say
from lambda_trigger.watching import StartWatching, StopWatching

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

COMMAND = "TakePicture"
Wish = Say | RecordVideo | StartWatching | StopWatching

# The first of these buttons was sold in 2015: what claims to be older comes from a clock that was never set.
_EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
# Epoch milliseconds passed this in 1973; epoch seconds will in the year 5138.
_MILLISECONDS_FROM = 1e11

_CAMERA_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TEXT_LIMIT = 256


@dataclass(frozen=True)
class Press:
    """What an event says about the press; None where it says nothing. Without `asks` it takes a picture."""

    source: str
    click: str | None = None
    camera: str | None = None
    device: str | None = None
    pressed_at: datetime | None = None
    asks: Wish | None = None


@dataclass(frozen=True)
class Nothing:
    """A known event that asks for no picture."""

    reason: str


@dataclass(frozen=True)
class Command:
    """A press with its identity: what the worker derives its record's key from."""

    press: Press
    press_id: str
    pressed_at: datetime

    @property
    def capture_id(self) -> str:
        return f"{timestamp(self.pressed_at)}#{self.press_id}"

    @property
    def name(self) -> str:
        return self.press.asks.name if self.press.asks else COMMAND

    @property
    def body(self) -> str:
        """Of the SQS message; JSON can say any text, also one with characters that SQS refuses."""
        return json.dumps(self.press.asks.document()) if self.press.asks else COMMAND

    def attributes(self) -> dict[str, "MessageAttributeValueTypeDef"]:
        """The SQS message attributes; what is not known is left out, because SQS refuses empty ones."""
        values = {
            "press_id": self.press_id,
            "pressed_at": timestamp(self.pressed_at),
            "source": self.press.source,
            "camera": self.press.camera,
            "device": self.press.device,
            "click": self.press.click,
        }
        return {name: {"DataType": "String", "StringValue": value} for name, value in values.items() if value}


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(value: object) -> datetime | None:
    """Reads ISO 8601 with its zone, epoch seconds or epoch milliseconds; None for anything else.

    None as well for a time before there were such buttons, and for one without a zone: nobody knows which it means.
    """
    try:
        read = _iso(value) if isinstance(value, str) else _epoch(value)
    except (ValueError, OverflowError, OSError):
        return None
    return read if read and read >= _EARLIEST else None


def _iso(value: str) -> datetime | None:
    read = datetime.fromisoformat(value.strip())
    return read.astimezone(UTC) if read.utcoffset() is not None else None


def _epoch(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return datetime.fromtimestamp(value / 1000 if value >= _MILLISECONDS_FROM else value, UTC)


def camera_name(value: object) -> str | None:
    """A camera's name as the worker accepts it; None where none is given.

    Raises:
        UnknownEventError: It is given, but no camera can be called that.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str) or not is_camera_name(value.strip()):
        raise UnknownEventError("camera is not a name of 1 to 64 letters, digits, '_' or '-'")
    return value.strip()


def is_camera_name(value: str) -> bool:
    return _CAMERA_NAME.fullmatch(value) is not None


def plain_text(value: object) -> str | None:
    """What can be shown of a string, at most 256 characters: SQS refuses control characters and empty values."""
    if not isinstance(value, str):
        return None
    return "".join(filter(str.isprintable, value[: 4 * _TEXT_LIMIT])).strip()[:_TEXT_LIMIT].strip() or None


def member(value: object, *path: str) -> object:
    """What lies at `path` in nested JSON objects; None where there is no such place."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
