from datetime import UTC, datetime
from typing import Any

import pytest

from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import Nothing, Press
from lambda_trigger.record_video import RecordVideo
from lambda_trigger.say import Say
from lambda_trigger.triggers import read
from lambda_trigger.watching import StartWatching, StopWatching
from tests.lambda_trigger.events import event, settings

RULE_TIME = datetime(2025, 11, 22, 18, 44, 0, 123000, UTC)
REPORTED = datetime(2024, 11, 2, 9, 14, 7, 512000, UTC)
SHELLY_TIME = datetime(2025, 11, 22, 18, 44, 0, 120000, UTC)
SCHEDULED = datetime(2025, 11, 22, 18, 44, 0, 0, UTC)

PRESSES = {
    "1-click-single": Press("1-click", "SINGLE", "lobby", "G030PM0123456789", REPORTED),
    "1-click-no-camera": Press("1-click", "LONG", None, "G030PM0123456789", REPORTED),
    "iot-button-double": Press("iot-button", "DOUBLE", None, "G030JF0123456789", RULE_TIME),
    "iot-button-bare": Press("iot-button", "SINGLE", None, "G030JF0123456789"),
    "zigbee2mqtt-single": Press("zigbee2mqtt", "SINGLE", None, "lobby_button", RULE_TIME),
    "zigbee2mqtt-with-device-information": Press("zigbee2mqtt", "LONG", None, "lobby_button"),
    "shelly-gen1-short": Press("shelly", "SINGLE", None, "shellybutton1-A4CF12F45678", RULE_TIME),
    "shelly-gen1-triple": Press("shelly", "TRIPLE"),
    "shelly-gen2-single-push": Press("shelly", "SINGLE", None, "shellyplusi4-a8032ab12345", SHELLY_TIME),
    "soracom-single": Press("soracom", "SINGLE"),
    "soracom-long-with-temperature": Press("soracom", "LONG"),
    "soracom-click-type-name": Press("soracom", "DOUBLE"),
    "home-assistant": Press("home-assistant", camera="lobby", asks=Say("Somebody rang")),
    "home-assistant-chime": Press(
        "home-assistant", camera="lobby", asks=Say("The washing machine is done.", "Amy", chime=True)
    ),
    "home-assistant-record-video": Press("home-assistant", camera="lobby", asks=RecordVideo(2.5)),
    "home-assistant-start-watching": Press("home-assistant", camera="lobby", asks=StartWatching(90)),
    "home-assistant-stop-watching": Press("home-assistant", asks=StopWatching()),
    "home-assistant-bare": Press("home-assistant"),
    "scheduler-input": Press("schedule", camera="lobby", pressed_at=SCHEDULED),
    "scheduler-default": Press("schedule", pressed_at=SCHEDULED),
    "direct-empty": Press("direct"),
    "direct-command": Press("direct", camera="lobby"),
    "direct-say": Press("direct", camera="lobby", asks=Say("Das Essen ist fertig!", "Vicki", chime=True)),
    "direct-record-video": Press("direct", camera="lobby", asks=RecordVideo(5)),
    "direct-start-watching": Press("direct", camera="lobby", asks=StartWatching(5)),
    "direct-stop-watching": Press("direct", camera="lobby", asks=StopWatching()),
    "rule-start-watching": Press("direct", None, None, "hall", RULE_TIME, StartWatching()),
    "rule-record-video": Press("direct", None, None, "hall", RULE_TIME, RecordVideo()),
    "rule-say": Press(
        *("direct", None, None, "hall", RULE_TIME),
        asks=Say("<speak>Dinner <emphasis>now</emphasis>.</speak>", ssml=True),
    ),
    "rule-command": Press("direct", None, None, "hall", RULE_TIME),
}
QUIET = [
    "1-click-health",
    "own-rule-empty",
    "rule-empty",
    "rule-other-command",
    "rule-unknown",
    "rule-zigbee2mqtt-group",
    "shelly-gen1-started",
    "shelly-gen2-button-down",
    "shelly-gen2-status",
    "soracom-timer",
    "zigbee2mqtt-battery",
    "zigbee2mqtt-empty-action",
    "zigbee2mqtt-lamp",
    "zigbee2mqtt-released",
    "zigbee2mqtt-switch",
]


@pytest.mark.parametrize(("name", "expected"), PRESSES.items(), ids=PRESSES)
def test_a_press_is_read_as_its_sender_meant_it(name: str, expected: Press) -> None:
    assert expected == read(event(name), settings())


@pytest.mark.parametrize("name", QUIET)
def test_a_report_or_a_release_takes_no_picture(name: str) -> None:
    assert isinstance(read(event(name), settings()), Nothing)


@pytest.mark.parametrize("added", [{"device": "hall"}, {"timestamp": 1763837040123}, {"device": "x", "pressed_at": 1}])
@pytest.mark.parametrize(
    "payload", [{}, {"timestamp": 1}, {"state": "ON"}, {"state": "OFF", "brightness": 3}], ids=repr
)
def test_what_a_rule_of_ones_own_adds_makes_no_press(payload: dict[str, object], added: dict[str, object]) -> None:
    assert isinstance(read(payload | added, settings()), Nothing)


@pytest.mark.parametrize("payload", [{}, {"timestamp": 1}, {"state": "ON"}, {"camera": "lobby"}, {"a": [1]}], ids=repr)
def test_what_the_templates_rules_pass_on_is_a_buttons_or_nothing(payload: dict[str, object]) -> None:
    assert isinstance(read(payload | {"topic": "zigbee2mqtt/hall"}, settings()), Nothing)


@pytest.mark.parametrize("event", [{"battery": 97}, {"state": "ON"}, {"update": {}}], ids=repr)
def test_an_explicit_command_presses_whatever_stands_beside_it(event: dict[str, object]) -> None:
    assert Press("direct") == read(event | {"command": "takepicture"}, settings())


@pytest.mark.parametrize("message", ["", " \n", "TakePicture", " takepicture\n", None])
def test_home_assistant_presses_with_the_commands_name_or_with_nothing(message: str | None) -> None:
    sent = {"message": message, "target": ["take-picture"], "data": {"chime": True}}
    assert Press("home-assistant") == read(sent, settings())


@pytest.mark.parametrize("message", ["Take picture", "TakePicture now", "press"])
def test_home_assistant_says_anything_else(message: str) -> None:
    assert Press("home-assistant", asks=Say(message)) == read({"message": message, "target": []}, settings())


def test_a_text_is_for_the_camera_of_its_button() -> None:
    found = read({"command": " say ", "text": "Dinner", "device": "hall"}, settings(DEVICE_CAMERAS="hall=door"))
    assert found == Press("direct", None, "door", "hall", asks=Say("Dinner"))


@pytest.mark.parametrize(
    "unknown",
    [
        None,
        [],
        [{}],
        "TakePicture",
        7,
        {"foo": 1},
        {"camra": "lobby"},
        {"command": "FormatDisk"},
        {"command": "Say"},
        {"command": "Say", "text": "two\nlines"},
        {"command": "Say", "text": "Dinner", "camera": "lobby; drop"},
        {"text": "Dinner"},
        {"message": "two\nlines", "target": []},
        {"message": "Dinner", "target": [], "data": {"chime": "loud"}},
        {"command": None},
        {"command": "TakePicture", "camera": "lobby; drop"},
        {"command": "TakePicture", "camera": ["lobby"]},
        {"camera": "x" * 65},
        {"click": "QUINTUPLE"},
        {"Records": [{"eventSource": "aws:sqs", "body": "TakePicture"}]},
        {"serialNumber": "G030", "batteryVoltage": "1V", "clickType": "TWICE"},
        {"serialNumber": "G030", "batteryVoltage": "1V", "clickType": {"a": 1}},
        {"deviceEvent": {"buttonClicked": "SINGLE"}},
        {"deviceEvent": {}},
        {"action": {"single": True}},
        {"event": "XXL", "event_cnt": 1},
    ],
    ids=repr,
)
def test_what_no_trigger_sends_is_refused(unknown: object) -> None:
    with pytest.raises(UnknownEventError):
        read(unknown, settings())


@pytest.mark.parametrize(
    ("action", "click"),
    [
        ("single", "SINGLE"),
        ("1_single", "SINGLE"),
        ("left_double", "DOUBLE"),
        ("on", "SINGLE"),
        ("on_press", "SINGLE"),
        ("toggle", "SINGLE"),
        ("brightness_move_up", "LONG"),
        ("dots_1_long_press", "LONG"),
        ("arrow_left_click", "SINGLE"),
        ("quadruple", "TRIPLE"),
    ],
)
def test_the_gestures_of_zigbee_vendors_are_clicks(action: str, click: str) -> None:
    assert Press("zigbee2mqtt", click) == read({"action": action}, settings())


@pytest.mark.parametrize(
    "action", ["on_press_release", "hold_release", "rotate_left", "brightness_stop", "shake", None]
)
def test_other_zigbee_gestures_take_no_picture(action: str | None) -> None:
    assert isinstance(read({"action": action}, settings()), Nothing)


def test_a_click_with_an_empty_command_is_ignored() -> None:
    found = read(event("iot-button-double"), settings(CLICK_COMMANDS="SINGLE=TakePicture,DOUBLE="))
    assert Nothing("CLICK_COMMANDS ignores DOUBLE") == found


def test_a_click_that_the_setting_does_not_name_still_takes_a_picture() -> None:
    assert isinstance(read(event("iot-button-double"), settings(CLICK_COMMANDS="LONG=")), Press)


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("iot-button-bare", None),
        ("iot-button-double", StartWatching()),
        ("1-click-no-camera", StopWatching()),
        ("shelly-gen1-triple", RecordVideo()),
    ],
)
def test_a_click_asks_for_what_the_setting_says(name: str, wish: object) -> None:
    told = settings(CLICK_COMMANDS="SINGLE=TakePicture,DOUBLE=StartWatching,TRIPLE=RecordVideo,LONG=StopWatching")
    found = read(event(name), told)
    assert isinstance(found, Press)
    assert found.asks == wish


def test_a_command_goes_before_what_its_click_would_ask_for() -> None:
    found = read({"command": "RecordVideo", "click": "LONG"}, settings(CLICK_COMMANDS="LONG=StopWatching"))
    assert Press("direct", "LONG", asks=RecordVideo()) == found


def test_a_button_is_given_its_camera_by_serial() -> None:
    chosen = settings(DEVICE_CAMERAS="G030JF0123456789=door, G030PM0123456789=yard")
    assert read(event("iot-button-bare"), chosen) == Press("iot-button", "SINGLE", "door", "G030JF0123456789")


def test_a_buttons_own_serial_goes_before_what_the_rule_found_in_the_topic() -> None:
    found = read(event("iot-button-bare") | {"device": "iotbutton"}, settings())
    assert isinstance(found, Press)
    assert found.device == "G030JF0123456789"


def test_the_camera_that_the_event_names_goes_before_the_serial() -> None:
    found = read(event("1-click-single"), settings(DEVICE_CAMERAS="G030PM0123456789=yard"))
    assert isinstance(found, Press)
    assert found.camera == "lobby"


@pytest.mark.parametrize("key", ["timestamp", "pressed_at"])
@pytest.mark.parametrize("value", [1763837040123, "2025-11-22T18:44:00.123Z", "2025-11-22T19:44:00.123+01:00"])
def test_the_time_an_iot_rule_adds_is_the_time_of_the_press(key: str, value: object) -> None:
    found = read({"action": "single", key: value}, settings())
    assert isinstance(found, Press)
    assert found.pressed_at == RULE_TIME


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        3.5,
        1e300,
        float("nan"),
        True,
        "yesterday",
        "",
        [],
        {},
        12345678901234567890,
        "2025-11-22T18:44:00",
        "2025-11-22 18:44",
        "20251122T184400.123",
        "2025-11-22",
    ],
)
def test_a_time_that_is_none_is_left_out(value: object) -> None:
    assert Press("zigbee2mqtt", "SINGLE") == read({"action": "single", "timestamp": value}, settings())


def test_a_time_without_a_zone_leaves_the_rules_own() -> None:
    found = read({"action": "single", "pressed_at": "2025-11-22T18:44:00", "timestamp": 1763837040123}, settings())
    assert Press("zigbee2mqtt", "SINGLE", pressed_at=RULE_TIME) == found


def test_a_shelly_whose_clock_was_never_set_was_not_pressed_in_1970() -> None:
    notification: dict[str, Any] = event("shelly-gen2-single-push")
    notification["params"] = {"ts": 12.3, "events": [{"component": "input:0", "event": "long_push", "ts": 12.3}]}
    found = read(notification, settings())
    assert Press("shelly", "LONG", None, "shellyplusi4-a8032ab12345") == found
