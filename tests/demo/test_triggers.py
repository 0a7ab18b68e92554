import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cfnlint.decode.cfn_yaml import load

from demo.triggers import TRIGGERS, iot_button
from lambda_trigger import triggers, webhook
from lambda_trigger.press import Press
from lambda_trigger.settings import Settings
from tests.lambda_trigger.events import event

NOW = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
TEMPLATE = Path(__file__).parent.parent.parent / "infra" / "template.yaml"
SETTINGS = Settings.from_environment({"QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/1/take-picture"})


@pytest.mark.parametrize("name", ["1-Click button", "IoT Button"])
def test_the_function_reads_a_button_and_its_moment(name: str) -> None:
    found = triggers.read(TRIGGERS[name](NOW, ""), SETTINGS)
    assert isinstance(found, Press)
    assert (found.pressed_at, found.camera) == (NOW, None)


def test_the_function_reads_the_webhook_and_its_moment() -> None:
    request = TRIGGERS["webhook"](NOW, "token")
    assert webhook.refusal(request, "token") is None
    assert webhook.press(request, lambda body: triggers.read(body, SETTINGS)) == Press("webhook", pressed_at=NOW)


@pytest.mark.parametrize(
    ("name", "recorded"),
    [("1-Click button", "1-click-single"), ("IoT Button", "iot-button-double"), ("webhook", "function-url-json")],
)
def test_an_event_has_only_parts_that_real_ones_have(name: str, recorded: str) -> None:
    assert TRIGGERS[name](NOW, "token").keys() <= event(recorded).keys()


def test_an_iot_button_comes_as_the_templates_rule_shapes_it() -> None:
    sql = load(str(TEMPLATE))["Resources"]["IotButtonRule"]["Properties"]["TopicRulePayload"]["Sql"]
    selected = set(re.findall(r" AS (\w+)", sql))
    assert iot_button(NOW, "").keys() - selected == {"serialNumber", "batteryVoltage", "clickType"}
    assert selected <= iot_button(NOW, "").keys()
