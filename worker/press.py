"""A press, and what its identity names: the record, the photo's key, the spool's folder."""

import re
from dataclasses import dataclass
from datetime import datetime

from worker.clock import iso, parse_iso

CAMERA_NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CAPTURE_ID = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)#([A-Za-z0-9-]{1,64})")


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
        day, moment = iso(self.pressed_at).removesuffix("Z").split("T")
        stamp = moment.replace(":", "").replace(".", "")
        return f"captures/{self.camera}/{day.replace('-', '/')}/{stamp}-{self.press_id}.jpg"


class NotACapture(ValueError):
    """No press can have this camera and capture id."""


def read_capture_id(camera: str, capture_id: str) -> Press:
    """The press that a record names.

    Raises:
        NotACapture: no capture id, or no camera's name.
    """
    if not CAMERA_NAME_PATTERN.fullmatch(camera):
        raise NotACapture(f"{camera!r} is no camera's name: 1 to 64 letters, digits, _ or -")
    found = _CAPTURE_ID.fullmatch(capture_id)
    if found is None:
        raise NotACapture(
            f"{capture_id!r} is no capture id, such as 2026-11-22T18:44:00.123Z#6f1c; see `results --json`"
        )
    return Press(camera, found[2], parse_iso(found[1]))
