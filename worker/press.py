"""A press, and what its identity names: the record, the photo's key, the spool's folder."""

from dataclasses import dataclass
from datetime import datetime

from worker.clock import iso


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
