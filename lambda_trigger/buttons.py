"""Events of buttons. Each reader returns None for an event that is not of its kind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import Nothing, Press, camera_name, member, moment, plain_text

Event = Mapping[str, Any]

_AWS_CLICKS = {"SINGLE": "SINGLE", "DOUBLE": "DOUBLE", "LONG": "LONG"}
_SORACOM_CLICKS = {"Single short click": "SINGLE", "Double short click": "DOUBLE", "Single long click": "LONG"}
_SHELLY_GEN1_CLICKS = {"S": "SINGLE", "SS": "DOUBLE", "SSS": "TRIPLE", "L": "LONG", "SL": "LONG", "LS": "LONG"}
_SHELLY_NOTIFICATIONS = {"NotifyEvent", "NotifyStatus", "NotifyFullStatus"}
_SHELLY_GEN2_CLICKS = {
    "single_push": "SINGLE",
    "double_push": "DOUBLE",
    "triple_push": "TRIPLE",
    "long_push": "LONG",
}
# Zigbee vendors name gestures freely (`1_single`, `on_press`, `brightness_move_up`): these are the words inside.
_ZIGBEE_RELEASES = {"release", "released", "stop"}
_ZIGBEE_CLICKS = {
    "double": "DOUBLE",
    "triple": "TRIPLE",
    "quadruple": "TRIPLE",
    "many": "TRIPLE",
    "long": "LONG",
    "hold": "LONG",
    "move": "LONG",
    "single": "SINGLE",
    "press": "SINGLE",
    "pressed": "SINGLE",
    "click": "SINGLE",
    "tap": "SINGLE",
    "on": "SINGLE",
    "off": "SINGLE",
    "toggle": "SINGLE",
}
# What zigbee2mqtt reports of lamps, groups, covers and sensors is called so, or begins so (`state_left`, `last_seen`).
_ZIGBEE_REPORT = {
    "battery",
    "brightness",
    "color",
    "contact",
    "current",
    "energy",
    "humidity",
    "illuminance",
    "last",
    "linkquality",
    "occupancy",
    "position",
    "power",
    "presence",
    "state",
    "temperature",
    "update",
    "voltage",
}


def rule_time(event: Event) -> datetime | None:
    """The time that an IoT rule or a schedule adds: `timestamp()` under that name, or under `pressed_at`."""
    return moment(event.get("pressed_at")) or moment(event.get("timestamp"))


def device_name(event: Event) -> str | None:
    """The `device` that a rule selects from the topic, or that zigbee2mqtt describes in an object."""
    device = event.get("device")
    if isinstance(device, Mapping):
        device = device.get("friendlyName") or device.get("ieeeAddr")
    return plain_text(device)


def iot_1_click(event: Event) -> Press | Nothing | None:
    """AWS IoT 1-Click, which ended on 2024-12-16; bridges that imitate it live on."""
    if not isinstance(event.get("deviceEvent"), Mapping):
        return None
    clicked = member(event, "deviceEvent", "buttonClicked")
    if clicked is None and member(event, "deviceEvent", "deviceHealthMonitor") is not None:
        return Nothing("a health report of a 1-Click device")
    return Press(
        source="1-click",
        click=_click(member(clicked, "clickType"), _AWS_CLICKS),
        camera=camera_name(member(event, "placementInfo", "attributes", "camera")),
        device=plain_text(member(event, "deviceInfo", "deviceId")),
        pressed_at=moment(member(clicked, "reportedTime")),
    )


def iot_button(event: Event) -> Press | None:
    """First-generation AWS IoT Button, by way of an IoT rule."""
    if not {"serialNumber", "clickType"} <= event.keys():
        return None
    serial = plain_text(event["serialNumber"])
    return _pressed(event, "iot-button", _click(event["clickType"], _AWS_CLICKS), device=serial)


def soracom(event: Event) -> Press | Nothing | None:
    """SORACOM LTE-M buttons: the global one's `detect_type`, and the Japanese one's `clickTypeName`."""
    if "clickTypeName" in event:
        return _pressed(event, "soracom", _click(event["clickTypeName"], _AWS_CLICKS))
    if "msg_type" not in event:
        return None
    detected = event.get("detect_type")
    click = _SORACOM_CLICKS.get(detected) if isinstance(detected, str) else None
    return _pressed(event, "soracom", click) if click else Nothing("a SORACOM message that is no click")


def shelly_gen1(event: Event) -> Press | Nothing | None:
    """Shelly Button1, i3 and their like, on `shellies/+/input_event/+`."""
    if not {"event", "event_cnt"} <= event.keys():
        return None
    if event["event"] == "":
        return Nothing("a Shelly that was not pressed since it started")
    return _pressed(event, "shelly", _click(event["event"], _SHELLY_GEN1_CLICKS))


def shelly_gen2(event: Event) -> Press | Nothing | None:
    """Shelly Plus, Pro and later, on `+/events/rpc`."""
    method = event.get("method")
    if not isinstance(method, str) or method not in _SHELLY_NOTIFICATIONS:
        return None
    events = member(event, "params", "events")
    for pushed in events if isinstance(events, list) else []:
        name = member(pushed, "event")
        if isinstance(name, str) and name in _SHELLY_GEN2_CLICKS:
            when = rule_time(event) or moment(member(pushed, "ts")) or moment(member(event, "params", "ts"))
            device = device_name(event) or plain_text(event.get("src"))
            return _pressed(event, "shelly", _SHELLY_GEN2_CLICKS[name], device=device, when=when)
    return Nothing("a Shelly notification without a push")


def zigbee2mqtt(event: Event) -> Press | Nothing | None:
    """Any button that zigbee2mqtt knows, on `zigbee2mqtt/+`."""
    if "action" not in event:
        return None
    action = event["action"]
    if action is None or action == "":
        return Nothing("the end of a zigbee2mqtt action")
    if not isinstance(action, str):
        raise UnknownEventError("action is not a string")
    words = action.lower().replace("-", "_").split("_")
    click = next((click for word, click in _ZIGBEE_CLICKS.items() if word in words), None)
    if click is None or not _ZIGBEE_RELEASES.isdisjoint(words):
        return Nothing(f"zigbee2mqtt action {action[:40]!r} is no click")
    return _pressed(event, "zigbee2mqtt", click)


def zigbee2mqtt_report(event: Event) -> Nothing | None:
    """What zigbee2mqtt says of a device that nobody pressed."""
    return Nothing("a zigbee2mqtt report") if any(name.partition("_")[0] in _ZIGBEE_REPORT for name in event) else None


def _pressed(
    event: Event, source: str, click: str, *, device: str | None = None, when: datetime | None = None
) -> Press:
    return Press(
        source=source,
        click=click,
        camera=camera_name(event.get("camera")),
        device=device or device_name(event),
        pressed_at=when or rule_time(event),
    )


def _click(name: object, clicks: Mapping[str, str]) -> str:
    click = clicks.get(name.strip().upper()) if isinstance(name, str) else None
    if click is None:
        raise UnknownEventError(f"the click is none of {', '.join(clicks)}")
    return click
