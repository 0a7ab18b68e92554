"""What a camera's encoder is set to, as configManager.cgi tells it (tables Encode and SmartEncode)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FORMATS = {"main": "MainFormat", "sub": "ExtraFormat"}


@dataclass(frozen=True)
class Encoding:
    """None, or empty, where the camera does not say; its tables differ from model to model."""

    codec: str
    fps: float | None
    key_frame_distance: int | None
    """In pictures: its I frame interval, or GOP."""
    size: str
    enabled: bool | None
    smart: bool | None
    """Smart Codec, which sends key frames many seconds apart."""

    @property
    def key_frame_seconds(self) -> float | None:
        return self.key_frame_distance / self.fps if self.key_frame_distance and self.fps else None


def read_encoding(encode: Mapping[str, str], smart: Mapping[str, str], stream: str, channel: int) -> Encoding | None:
    """Of `main` or `sub` of a channel, which counts from 1; None where nothing is said about it."""
    prefix = f"table.Encode[{channel - 1}].{_FORMATS[stream]}[0]."
    fields = {key.removeprefix(prefix).lower(): value for key, value in encode.items() if key.startswith(prefix)}
    if not fields:
        return None
    distance = _number(fields.get("video.gop"))
    return Encoding(
        codec=fields.get("video.compression", ""),
        fps=_number(fields.get("video.fps")),
        key_frame_distance=int(distance) if distance else None,
        size=_size(fields),
        enabled=_switch(fields.get("videoenable")),
        smart=_smart(smart, channel),
    )


def _size(fields: Mapping[str, str]) -> str:
    told = fields.get("video.resolution", "")
    by_sides = "x".join(fields.get(f"video.{side}", "") for side in ("width", "height"))
    return next((size for size in (told, by_sides) if re.fullmatch(r"\d{2,5}x\d{2,5}", size, re.ASCII)), "")


def _smart(smart: Mapping[str, str], channel: int) -> bool | None:
    """Some have it once for all, some a stream: one that is on is enough."""
    pattern = re.compile(rf"table\.SmartEncode(\[{channel - 1}\])?\.(.*\.)?Enable", re.IGNORECASE)
    found = [_switch(value) for key, value in smart.items() if pattern.fullmatch(key)]
    told = [switch for switch in found if switch is not None]
    return any(told) if told else None


def _switch(text: str | None) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get((text or "").lower())


def _number(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII) else None
