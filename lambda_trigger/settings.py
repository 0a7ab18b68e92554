"""The function's settings, from its environment."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lambda_trigger.errors import SettingsError
from lambda_trigger.press import COMMAND, is_camera_name
from lambda_trigger.record_video import RecordVideo
from lambda_trigger.watching import StartWatching, StopWatching

CLICKS = ("SINGLE", "DOUBLE", "TRIPLE", "LONG")
CLICK_COMMANDS = (COMMAND, RecordVideo.name, StartWatching.name, StopWatching.name)
"""What a click can ask for: all but a text."""


@dataclass(frozen=True)
class Settings:
    """`click_commands` has each click's command, empty for nothing; `device_cameras` a camera for a button's serial."""

    queue_url: str
    camera_name: str
    click_commands: Mapping[str, str]
    device_cameras: Mapping[str, str]
    alexa_skill_id: str | None
    alexa_wait_seconds: float
    table_name: str | None
    webhook_token: str | None
    webhook_token_parameter: str | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Reads the settings; an empty variable counts as unset.

        Raises:
            SettingsError: The message names the variable.
        """
        given = {name: value.strip() for name, value in environment.items() if value.strip()}
        settings = cls(
            queue_url=_required(given, "QUEUE_URL"),
            camera_name=_camera(given.get("CAMERA_NAME", "default"), "CAMERA_NAME"),
            click_commands=_click_commands(given.get("CLICK_COMMANDS", "")),
            device_cameras=_device_cameras(given.get("DEVICE_CAMERAS", "")),
            alexa_skill_id=given.get("ALEXA_SKILL_ID"),
            alexa_wait_seconds=_seconds(given.get("ALEXA_WAIT_SECONDS", "0"), "ALEXA_WAIT_SECONDS"),
            table_name=given.get("TABLE_NAME"),
            webhook_token=given.get("WEBHOOK_TOKEN"),
            webhook_token_parameter=given.get("WEBHOOK_TOKEN_PARAMETER"),
        )
        if settings.alexa_wait_seconds and not settings.table_name:
            raise SettingsError("TABLE_NAME is not set, and ALEXA_WAIT_SECONDS needs it")
        if settings.webhook_token and settings.webhook_token_parameter:
            raise SettingsError("WEBHOOK_TOKEN and WEBHOOK_TOKEN_PARAMETER are both set: keep one")
        return settings


def _required(given: Mapping[str, str], name: str) -> str:
    try:
        return given[name]
    except KeyError:
        raise SettingsError(f"{name} is not set") from None


def _camera(value: str, variable: str) -> str:
    if not is_camera_name(value):
        raise SettingsError(f"{variable}: {value[:80]!r} is not a camera's name (1 to 64 letters, digits, '_' or '-')")
    return value


def _seconds(value: str, variable: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        raise SettingsError(f"{variable}: {value[:80]!r} is not a number") from None
    if not math.isfinite(seconds) or seconds < 0:
        raise SettingsError(f"{variable}: {value[:80]!r} is not a number of seconds from 0 up")
    return seconds


def _click_commands(value: str) -> dict[str, str]:
    known = {"": "", **{name.lower(): name for name in CLICK_COMMANDS}}
    commands = dict.fromkeys(CLICKS, COMMAND)
    for click, command in _pairs(value, "CLICK_COMMANDS"):
        if click.upper() not in CLICKS:
            raise SettingsError(f"CLICK_COMMANDS: {click[:80]!r} is none of {', '.join(CLICKS)}")
        if command.lower() not in known:
            raise SettingsError(f"CLICK_COMMANDS: {command[:80]!r} is none of {', '.join(CLICK_COMMANDS)}, nor empty")
        commands[click.upper()] = known[command.lower()]
    return commands


def _device_cameras(value: str) -> dict[str, str]:
    return {device: _camera(camera, "DEVICE_CAMERAS") for device, camera in _pairs(value, "DEVICE_CAMERAS")}


def _pairs(value: str, variable: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for pair in filter(None, map(str.strip, value.split(","))):
        name, equals, target = (part.strip() for part in pair.partition("="))
        if not name or not equals:
            raise SettingsError(f"{variable}: {pair[:80]!r} is not NAME=VALUE")
        if name in seen:
            raise SettingsError(f"{variable}: {name[:80]!r} is there twice")
        seen.add(name)
        yield name, target
