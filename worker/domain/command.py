"""What a message on the queue asks for: the wire format of docs/record.md, and nothing that can execute anything."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, get_args

from worker.domain.forget import Forget
from worker.domain.press import PRESS_ID_PATTERN, NotACapture, Press
from worker.domain.record_video import NotRecordable, RecordVideo, number, number_in
from worker.domain.say import NotSayable, Say
from worker.domain.speech_text import SpeechText
from worker.domain.timestamp import parse_iso
from worker.domain.watch_commands import NotWatchable, StartWatching, StopWatching, minutes, minutes_in

MAX_ATTRIBUTE_CHARACTERS = 256
"""Of what a trigger tells about itself; SQS would allow 1 MiB, and a DynamoDB item holds 400 KB."""

MAX_SHOWN_CHARACTERS = 80
"""Of what is not understood."""

_NOT_IN_PRESS_ID = re.compile(r"[^A-Za-z0-9-]")
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class TakePicture:
    """A photo, what its faces wear, and a sentence about them."""

    name: ClassVar[str] = "TakePicture"


Command = TakePicture | Say | RecordVideo | StartWatching | StopWatching | Forget
COMMAND_NAMES = tuple(command.name for command in get_args(Command))


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


def read_message(message: Message, cameras: Sequence[str]) -> tuple[Press, Command]:
    """The press that `message` stands for, and what it asks for; `cameras` are the known names, the default first.

    Raises:
        Rejected: unknown command, unknown camera, a text that cannot be said, a clip that cannot be recorded, a
            watch that cannot be so long, what is no capture and cannot be forgotten, or a body that is none of it.
    """
    attributes = message.attributes
    document = _document(message.body.strip())
    command = _command(document, attributes)
    camera = _name(document, "camera") or attributes.get("camera") or cameras[0]
    if camera not in cameras:
        raise Rejected(f"unknown camera {_shortened(camera)}; this worker has {', '.join(cameras)}")
    press = Press(
        camera=camera,
        press_id=_press_id(message),
        pressed_at=_pressed_at(message),
        **{
            name: attributes[name][:MAX_ATTRIBUTE_CHARACTERS]
            for name in ("source", "device", "click")
            if name in attributes
        },
    )
    if isinstance(command, Forget) and command.capture_id == press.capture_id:
        raise Rejected("this cannot be forgotten: it is the message itself")
    return press, command


def _document(body: str) -> Mapping[str, Any]:
    if not body.startswith("{"):
        return {"command": body}
    try:
        document: Mapping[str, Any] = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected("the body looks like JSON and is not") from error
    return document


def _command(document: Mapping[str, Any], attributes: Mapping[str, str]) -> Command:
    command = document.get("command")
    match command.strip().lower() if isinstance(command, str) else None:
        case "takepicture":
            return TakePicture()
        case "say":
            return _say(document, attributes)
        case "recordvideo":
            return _record_video(document, attributes)
        case "startwatching":
            return _start_watching(document, attributes)
        case "stopwatching":
            return StopWatching()
        case "forget":
            return _forget(document, attributes)
    raise Rejected(f"unknown command {_shortened(command)}; known are {', '.join(COMMAND_NAMES)}")


def _say(document: Mapping[str, Any], attributes: Mapping[str, str]) -> Say:
    """As it stands in the body, and what does not stand there in the attributes; SSML only by the body."""
    text = _name(document, "text") or attributes.get("text", "")
    voice = _name(document, "voice") or attributes.get("voice") or None
    chime = document.get("chime")
    if chime is None:
        told = attributes.get("chime", "false")
        chime = _BOOLEANS.get(told.strip().lower(), told)
    try:
        what = SpeechText(text, voice, ssml=_switch("ssml", document.get("ssml")))
        return Say(what, chime=_switch("chime", chime))
    except NotSayable as error:
        raise Rejected(f"this cannot be said: {error}") from error


def _record_video(document: Mapping[str, Any], attributes: Mapping[str, str]) -> RecordVideo:
    """As `_say`: `seconds` stands in the body, or else in the attributes."""
    try:
        told = number(document.get("seconds"))
        return RecordVideo(number_in(attributes.get("seconds", "")) if told is None else told)
    except NotRecordable as error:
        raise Rejected(f"this cannot be recorded: {error}") from error


def _start_watching(document: Mapping[str, Any], attributes: Mapping[str, str]) -> StartWatching:
    """As `_record_video`: `minutes` stands in the body, or else in the attributes."""
    try:
        told = minutes(document.get("minutes"))
        return StartWatching(minutes_in(attributes.get("minutes", "")) if told is None else told)
    except NotWatchable as error:
        raise Rejected(f"this cannot be watched: {error}") from error


def _forget(document: Mapping[str, Any], attributes: Mapping[str, str]) -> Forget:
    """As `_record_video`: `capture_id` stands in the body, or else in the attributes."""
    capture_id = (_name(document, "capture_id") or attributes.get("capture_id", "")).strip()
    try:
        return Forget(capture_id)
    except NotACapture as error:
        which = f"{_shortened(capture_id)} is no capture_id" if capture_id else "there is no capture_id"
        raise Rejected(f"this cannot be forgotten: {which}, such as 2026-11-22T18:44:00.123Z#6f1c") from error


def _name(document: Mapping[str, Any], key: str) -> str | None:
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        raise Rejected(f"{key} is not a text")
    return value


def _switch(key: str, value: object) -> bool:
    if value is not None and not isinstance(value, bool):
        raise Rejected(f"{key} is neither true nor false")
    return bool(value)


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
