"""A press, and what its identity names: the record, the key of its photo or clip, the spool's folder."""

import re
from dataclasses import dataclass
from datetime import datetime

from worker.domain.timestamp import iso, parse_iso

CAMERA_NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,64}")
PRESS_ID_PATTERN = re.compile(r"[A-Za-z0-9-]{1,64}")
_NO_CAPTURE_ID = "{!r} is no capture id, such as 2026-11-22T18:44:00.123Z#6f1c; see `results --json`"


@dataclass(frozen=True)
class Press:
    """Somebody pressed a button. `camera`, `press_id` and `pressed_at` come from the message alone."""

    camera: str
    press_id: str
    pressed_at: datetime
    source: str | None = None
    device: str | None = None
    click: str | None = None

    @property
    def capture_id(self) -> str:
        return f"{iso(self.pressed_at)}#{self.press_id}"

    @property
    def image_key(self) -> str:
        return self._key("jpg")

    @property
    def video_key(self) -> str:
        return self._key("mp4")

    def _key(self, ending: str) -> str:
        day, moment = iso(self.pressed_at).removesuffix("Z").split("T")
        stamp = moment.replace(":", "").replace(".", "")
        return f"captures/{self.camera}/{day.replace('-', '/')}/{stamp}-{self.press_id}.{ending}"


class NotACapture(ValueError):
    """No press can have this camera and capture id."""


def read_capture_id(camera: str, capture_id: str) -> Press:
    """The press that a record names.

    Raises:
        NotACapture: no capture id, or no camera's name.
    """
    if not CAMERA_NAME_PATTERN.fullmatch(camera):
        raise NotACapture(f"{camera!r} is no camera's name: 1 to 64 letters, digits, _ or -")
    stamp, _, press_id = capture_id.partition("#")
    try:
        press = Press(camera, press_id, parse_iso(stamp))
    except ValueError as error:
        raise NotACapture(_NO_CAPTURE_ID.format(capture_id)) from error
    if not PRESS_ID_PATTERN.fullmatch(press_id) or press.capture_id != capture_id:
        raise NotACapture(_NO_CAPTURE_ID.format(capture_id))
    return press
