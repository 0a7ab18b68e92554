import pytest

from lambda_trigger.errors import SettingsError
from lambda_trigger.settings import Settings
from tests.lambda_trigger.events import settings


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CAMERA_NAME", "front door"),
        ("CLICK_COMMANDS", "SINGLE"),
        ("CLICK_COMMANDS", "SINGLE=Dance"),
        ("CLICK_COMMANDS", "SINGLE=Say"),
        ("CLICK_COMMANDS", "SINGLE=Forget"),
        ("CLICK_COMMANDS", "QUINTUPLE=TakePicture"),
        ("CLICK_COMMANDS", "SINGLE=,SINGLE=TakePicture"),
        ("DEVICE_CAMERAS", "G030"),
        ("DEVICE_CAMERAS", "=lobby"),
        ("DEVICE_CAMERAS", "G030="),
        ("DEVICE_CAMERAS", "G030=front door"),
        ("DEVICE_CAMERAS", "G030=a,G030=b"),
        ("ALEXA_WAIT_SECONDS", "soon"),
        ("ALEXA_WAIT_SECONDS", "-1"),
        ("ALEXA_WAIT_SECONDS", "nan"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{variable}: "):
        settings(**{variable: value})


def test_the_queue_is_required() -> None:
    with pytest.raises(SettingsError, match="QUEUE_URL"):
        Settings.from_environment({"QUEUE_URL": "  "})


def test_waiting_for_the_record_needs_its_table() -> None:
    with pytest.raises(SettingsError, match="TABLE_NAME"):
        settings(ALEXA_WAIT_SECONDS="3")


def test_one_token_is_enough() -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_TOKEN_PARAMETER"):
        settings(WEBHOOK_TOKEN="a", WEBHOOK_TOKEN_PARAMETER="/b")


def test_an_empty_variable_counts_as_unset() -> None:
    empty = dict.fromkeys(
        ["CAMERA_NAME", "CLICK_COMMANDS", "DEVICE_CAMERAS", "ALEXA_WAIT_SECONDS", "WEBHOOK_TOKEN"], ""
    )
    assert settings() == settings(**empty)


def test_every_click_takes_a_picture_unless_told_otherwise() -> None:
    assert settings().click_commands == dict.fromkeys(("SINGLE", "DOUBLE", "TRIPLE", "LONG"), "TakePicture")
    told = settings(CLICK_COMMANDS="double=, long = takepicture ").click_commands
    assert told == {"SINGLE": "TakePicture", "DOUBLE": "", "TRIPLE": "TakePicture", "LONG": "TakePicture"}


def test_a_click_may_record_start_and_stop() -> None:
    told = settings(CLICK_COMMANDS="double=startwatching,LONG=StopWatching,TRIPLE=RecordVideo").click_commands
    assert told == {
        "SINGLE": "TakePicture",
        "DOUBLE": "StartWatching",
        "TRIPLE": "RecordVideo",
        "LONG": "StopWatching",
    }
