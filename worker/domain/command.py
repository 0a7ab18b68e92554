"""What a message on the queue asks for: the wire format of docs/record.md, and nothing that can execute anything."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.domain.press import PRESS_ID_PATTERN, Press
from worker.domain.timestamp import parse_iso

TAKE_PICTURE = "TakePicture"
MAX_ATTRIBUTE_CHARACTERS = 256
"""Of what a trigger tells about itself; SQS would allow 1 MiB, and a DynamoDB item holds 400 KB."""

MAX_SHOWN_CHARACTERS = 80
"""Of what is not understood."""

_NOT_IN_PRESS_ID = re.compile(r"[^A-Za-z0-9-]")


@dataclass(frozen=True)
class Message:
    """One delivery of an SQS message. `attributes` holds the message attributes that are strings."""

    message_id: str
    receipt_handle: str
    body: str
    attributes: Mapping[str, str]
    receive_count: int
    sent_at: datetime


class Rejected(Exception):
    """The message is no command this worker knows; its text says why."""


def read_press(message: Message, cameras: Sequence[str]) -> Press:
    """The press that `message` stands for; `cameras` are the known names, the default first.

    Raises:
        Rejected: unknown command, unknown camera, or a body that is neither.
    """
    attributes = message.attributes
    camera = _named_camera(message.body.strip()) or attributes.get("camera") or cameras[0]
    if camera not in cameras:
        raise Rejected(f"unknown camera {_shortened(camera)}; this worker has {', '.join(cameras)}")
    return Press(
        camera=camera,
        press_id=_press_id(message),
        pressed_at=_pressed_at(message),
        **{
            name: attributes[name][:MAX_ATTRIBUTE_CHARACTERS]
            for name in ("source", "device", "click")
            if name in attributes
        },
    )


def _named_camera(body: str) -> str | None:
    if not body.startswith("{"):
        _check_command(body)
        return None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected("the body looks like JSON and is not") from error
    _check_command(document.get("command"))
    camera = document.get("camera")
    if camera is not None and not isinstance(camera, str):
        raise Rejected("the camera's name is not a text")
    return camera


def _check_command(command: object) -> None:
    if not isinstance(command, str) or command.strip().lower() != TAKE_PICTURE.lower():
        raise Rejected(f"unknown command {_shortened(command)}; known is {TAKE_PICTURE}")


def _press_id(message: Message) -> str:
    given = message.attributes.get("press_id", "")
    return given if PRESS_ID_PATTERN.fullmatch(given) else _NOT_IN_PRESS_ID.sub("-", message.message_id)[:64]


def _pressed_at(message: Message) -> datetime:
    try:
        given = parse_iso(message.attributes.get("pressed_at", ""))
    except ValueError:
        return message.sent_at
    return min(given, message.sent_at)


def _shortened(value: object) -> str:
    if not isinstance(value, str):
        return f"of type {type(value).__name__}"
    return repr(value if len(value) <= MAX_SHOWN_CHARACTERS else f"{value[:MAX_SHOWN_CHARACTERS]}…")
