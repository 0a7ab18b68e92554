"""What an event asks for: pure, and the same for whoever carries the event."""

from collections.abc import Mapping
from dataclasses import replace

from lambda_trigger.buttons import (
    Event,
    device_name,
    iot_1_click,
    iot_button,
    rule_time,
    shelly_gen1,
    shelly_gen2,
    soracom,
    zigbee2mqtt,
)
from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import COMMAND, Nothing, Press, camera_name, member, moment, plain_text
from lambda_trigger.settings import CLICKS, Settings

_DIRECT_KEYS = {"camera", "source", "device", "click", "pressed_at", "timestamp"}


def read(event: object, settings: Settings) -> Press | Nothing:
    """Recognises the event by its own marks, then applies the household's choices to it.

    Raises:
        UnknownEventError: It is none of the known events, or one that is malformed.
    """
    if not isinstance(event, Mapping):
        raise UnknownEventError("the event is not a JSON object")
    for reader in _READERS:
        found = reader(event)
        if found is not None:
            return _chosen(found, settings)
    raise UnknownEventError("the event is none of the known ones")


def _chosen(found: Press | Nothing, settings: Settings) -> Press | Nothing:
    if isinstance(found, Nothing):
        return found
    if found.click and found.click not in settings.taking_clicks:
        return Nothing(f"CLICK_COMMANDS ignores {found.click}")
    return with_camera(found, settings)


def with_camera(press: Press, settings: Settings) -> Press:
    """The event's own camera, else the one that `DEVICE_CAMERAS` gives its button."""
    return replace(press, camera=press.camera or settings.device_cameras.get(press.device or ""))


def home_assistant(event: Event) -> Press | None:
    """Home Assistant's `notify` on AWS Lambda."""
    if not {"message", "target"} <= event.keys():
        return None
    data = event.get("data")
    return Press(
        source="home-assistant",
        camera=camera_name(member(data, "camera")),
        device=plain_text(member(data, "device")),
        pressed_at=moment(member(data, "pressed_at")),
    )


def scheduled(event: Event) -> Press | None:
    """What EventBridge sends where the schedule or rule names no input of its own."""
    if event.get("detail-type") != "Scheduled Event":
        return None
    return Press(source="schedule", pressed_at=moment(event.get("time")))


def direct(event: Event) -> Press | None:
    """`{}`, or the command as JSON: what a console, a script or a schedule's input says."""
    if "command" not in event and not event.keys() <= _DIRECT_KEYS:
        return None
    command = event.get("command", COMMAND)
    if not isinstance(command, str) or command.strip().lower() != COMMAND.lower():
        raise UnknownEventError(f"the command is not {COMMAND}")
    return Press(
        source=plain_text(event.get("source")) or "direct",
        click=_direct_click(event.get("click")),
        camera=camera_name(event.get("camera")),
        device=device_name(event),
        pressed_at=moment(rule_time(event)),
    )


def _direct_click(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value.strip().upper() not in CLICKS:
        raise UnknownEventError(f"click is none of {', '.join(CLICKS)}")
    return value.strip().upper()


_READERS = (
    iot_1_click,
    iot_button,
    soracom,
    shelly_gen1,
    shelly_gen2,
    home_assistant,
    scheduled,
    zigbee2mqtt,
    direct,
)
