"""What an event asks for: pure, and the same for whoever carries the event."""

from collections.abc import Callable, Iterable, Mapping
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
    zigbee2mqtt_report,
)
from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import COMMAND, Nothing, Press, Wish, camera_name, member, moment, plain_text
from lambda_trigger.record_video import RecordVideo, read_record_video
from lambda_trigger.say import Say, read_say
from lambda_trigger.settings import CLICKS, Settings
from lambda_trigger.watching import StartWatching, StopWatching, read_start_watching, read_stop_watching

Reader = Callable[[Event], Press | Nothing | None]

# What IoT rules add to a message. The template's rules select `topic() AS topic`: it marks what came by a rule.
_RULE_KEYS = {"device", "pressed_at", "timestamp"}
_DIRECT_KEYS = _RULE_KEYS | {"camera", "click", "source"}


def read(event: object, settings: Settings) -> Press | Nothing:
    """Recognises the event by its own marks, then applies the household's choices to it.

    What an IoT rule passes on is a button's message, the command, or nothing.

    Raises:
        UnknownEventError: It is none of the known events, or one that is malformed.
    """
    by_rule = isinstance(event, Mapping) and "topic" in event
    return _read(event, settings, _BY_RULE if by_rule else _INVOKED)


def posted(event: object, settings: Settings) -> Press | Nothing:
    """The same for what a webhook was sent: whoever posts with the token means something by it.

    Raises:
        UnknownEventError: It is none of the known events, or one that is malformed.
    """
    return _read(event, settings, _POSTED)


def _read(event: object, settings: Settings, readers: Iterable[Reader]) -> Press | Nothing:
    if not isinstance(event, Mapping):
        raise UnknownEventError("the event is not a JSON object")
    for reader in readers:
        found = reader(event)
        if found is not None:
            return _chosen(found, settings)
    raise UnknownEventError("the event is none of the known ones")


def _chosen(found: Press | Nothing, settings: Settings) -> Press | Nothing:
    if isinstance(found, Nothing):
        return found
    command = settings.click_commands[found.click] if found.click else COMMAND
    if not command:
        return Nothing(f"CLICK_COMMANDS ignores {found.click}")
    if found.asks is None and command in _ASKING:
        found = replace(found, asks=_ASKING[command]({}))
    return with_camera(found, settings)


def with_camera(press: Press, settings: Settings) -> Press:
    """The event's own camera, else the one that `DEVICE_CAMERAS` gives its button."""
    return replace(press, camera=press.camera or settings.device_cameras.get(press.device or ""))


def home_assistant(event: Event) -> Press | None:
    """Home Assistant's `notify` on AWS Lambda: its message is said, unless it is a command's name or empty."""
    if not {"message", "target"} <= event.keys():
        return None
    data = event.get("data")
    return Press(
        source="home-assistant",
        camera=camera_name(member(data, "camera")),
        device=plain_text(member(data, "device")),
        pressed_at=moment(member(data, "pressed_at")),
        asks=_message(event["message"], data),
    )


def _message(message: object, data: object) -> Wish | None:
    # A YAML block ends with a newline that nobody means.
    text = message.strip() if isinstance(message, str) else ""
    if text.lower() in {"", COMMAND.lower()}:
        return None
    command = _command(text)
    if command is not None and command != Say.name:
        return _ASKING[command]({name: member(data, name) for name in ("seconds", "minutes")})
    return read_say({"text": text, **{name: member(data, name) for name in ("voice", "chime", "ssml")}})


def scheduled(event: Event) -> Press | None:
    """What EventBridge sends where the schedule or rule names no input of its own."""
    if event.get("detail-type") != "Scheduled Event":
        return None
    return Press(source="schedule", pressed_at=moment(event.get("time")))


def commanded(event: Event) -> Press | None:
    """A command as JSON, whatever else stands beside it."""
    return direct(event) if _command(event.get("command")) else None


def added_by_a_rule(event: Event) -> Nothing | None:
    """What a rule of the user's own makes of an empty message: nothing but the rule's own additions."""
    if not event or not event.keys() <= _RULE_KEYS:
        return None
    return Nothing(f'nothing but a device or a time: to press, send {{"command": "{COMMAND}"}}')


def passed_on_by_a_rule(event: Event) -> Nothing:
    """What no reader of buttons knows: lamps, groups and sensors report on the topics of buttons, too."""
    return Nothing(f"no button's message on {plain_text(event['topic'])}")


def direct(event: Event) -> Press | None:
    """`{}`, or a command as JSON: what a console, a script or a schedule's input says."""
    if "command" not in event and not event.keys() <= _DIRECT_KEYS:
        return None
    command = _command(event.get("command", COMMAND))
    if command is None:
        raise UnknownEventError(f"the command is none of {', '.join(_COMMANDS)}")
    return Press(
        source=plain_text(event.get("source")) or "direct",
        click=_direct_click(event.get("click")),
        camera=camera_name(event.get("camera")),
        device=device_name(event),
        pressed_at=rule_time(event),
        asks=_ASKING[command](event) if command in _ASKING else None,
    )


def _command(value: object) -> str | None:
    known = {name.lower(): name for name in _COMMANDS}
    return known.get(value.strip().lower()) if isinstance(value, str) else None


def _direct_click(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value.strip().upper() not in CLICKS:
        raise UnknownEventError(f"click is none of {', '.join(CLICKS)}")
    return value.strip().upper()


_ASKING: Mapping[str, Callable[[Event], Wish]] = {
    Say.name: read_say,
    RecordVideo.name: read_record_video,
    StartWatching.name: read_start_watching,
    StopWatching.name: read_stop_watching,
}
_COMMANDS = (COMMAND, *_ASKING)

_BUTTONS: tuple[Reader, ...] = (iot_1_click, iot_button, soracom, shelly_gen1, shelly_gen2, zigbee2mqtt)
_BY_RULE = (*_BUTTONS, commanded, passed_on_by_a_rule)
_INVOKED = (*_BUTTONS, home_assistant, scheduled, commanded, zigbee2mqtt_report, added_by_a_rule, direct)
_POSTED = (*_BUTTONS, home_assistant, scheduled, commanded, zigbee2mqtt_report, direct)
