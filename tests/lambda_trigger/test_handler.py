import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from lambda_trigger.errors import AlexaRefusedError, SettingsError, UnknownEventError
from tests.lambda_trigger.conftest import Context, Handler, Queue
from tests.lambda_trigger.events import SKILL, TOKEN, event, trace
from tests.lambda_trigger.test_triggers import PRESSES, QUIET

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

REQUEST = Context().aws_request_id
MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def attributes(message: "MessageTypeDef") -> dict[str, str]:
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def fresh(name: str) -> Any:
    request = event(name)
    request["request"]["timestamp"] = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return request


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_is_one_command_on_the_queue(handler: Handler, queue: Queue, name: str) -> None:
    answer = handler(event(name), Context())
    (message,) = queue.taken()
    sent = attributes(message)
    asks = PRESSES[name].asks
    assert message["Body"] == "TakePicture" if asks is None else json.loads(message["Body"]) == asks.document()
    assert sent["press_id"] == REQUEST
    assert MILLISECONDS.fullmatch(sent["pressed_at"])
    assert answer["capture_id"] == f"{sent['pressed_at']}#{REQUEST}"
    assert sent["source"] == PRESSES[name].source
    assert sent.get("camera") == PRESSES[name].camera


@pytest.mark.parametrize("name", QUIET)
def test_what_asks_for_nothing_returns_quietly(handler: Handler, queue: Queue, name: str) -> None:
    assert handler(event(name), Context()).keys() == {"ignored"}
    assert queue.taken() == []


def test_an_invocation_that_aws_repeats_is_the_same_press(handler: Handler, queue: Queue) -> None:
    captures = [handler(event("1-click-single"), Context())["capture_id"] for _ in range(2)]
    assert captures == [f"2024-11-02T09:14:07.512Z#{REQUEST}"] * 2
    first, second = queue.taken()
    assert attributes(first) == attributes(second)


def test_an_invocation_without_a_time_that_aws_repeats_is_the_same_press(
    handler: Handler, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=60)
    monkeypatch.setenv("_X_AMZN_TRACE_ID", trace(accepted))
    captures = {handler(event("direct-command"), Context())["capture_id"] for _ in range(2)}
    assert captures == {f"{accepted:%Y-%m-%dT%H:%M:%S.000Z}#{REQUEST}"}
    first, second = queue.taken()
    assert attributes(first) == attributes(second)


def test_a_press_is_told_whole(handler: Handler, queue: Queue) -> None:
    handler(event("1-click-single"), Context())
    (message,) = queue.taken()
    assert attributes(message) == {
        "press_id": REQUEST,
        "pressed_at": "2024-11-02T09:14:07.512Z",
        "source": "1-click",
        "device": "G030PM0123456789",
        "click": "SINGLE",
        "camera": "lobby",
    }


def test_a_press_without_a_time_is_pressed_now(handler: Handler) -> None:
    before = datetime.now(UTC)
    pressed_at = datetime.fromisoformat(handler({}, Context())["capture_id"].split("#")[0])
    assert timedelta(milliseconds=-1) < pressed_at - before < timedelta(seconds=10)


def test_a_press_in_the_future_is_pressed_now(handler: Handler) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    capture = handler({"command": "TakePicture", "pressed_at": later}, Context())["capture_id"]
    assert datetime.fromisoformat(capture.split("#")[0]) <= datetime.now(UTC)


@pytest.mark.parametrize("context", [None, Context(""), Context("no#id"), Context("x" * 65)], ids=repr)
def test_a_press_has_an_identity_whatever_the_context(handler: Handler, queue: Queue, context: object) -> None:
    handler({}, context)
    (message,) = queue.taken()
    assert re.fullmatch(r"[A-Za-z0-9-]{1,64}", attributes(message)["press_id"])


@pytest.mark.parametrize("device", ["\x00\x01", "\ud800", "  ", "\uffff", ["a"], 7])
def test_a_device_that_cannot_be_said_is_left_out(handler: Handler, queue: Queue, device: object) -> None:
    handler({"command": "TakePicture", "device": device}, Context())
    (message,) = queue.taken()
    assert "device" not in attributes(message)


def test_a_huge_device_is_cut(handler: Handler, queue: Queue) -> None:
    handler({"command": "TakePicture", "device": "\x07é" * 500_000}, Context())
    (message,) = queue.taken()
    assert attributes(message)["device"] == "é" * 256


def test_an_unknown_event_is_logged_short_raised_and_not_queued(
    handler: Handler, queue: Queue, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UnknownEventError):
        handler({"noise": "x" * 1_000_000, "headers": {"authorization": f"Bearer {TOKEN}"}}, Context())
    assert queue.taken() == []
    (line,) = capsys.readouterr().out.splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["action"], entry["request_id"]) == ("error", "refused", REQUEST)
    assert "noise" in entry["event"]
    assert len(line) < 1000
    assert TOKEN not in line


def test_a_lamp_on_a_buttons_topic_is_logged_as_ignored(
    handler: Handler, queue: Queue, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handler(event("rule-zigbee2mqtt-group"), Context()).keys() == {"ignored"}
    assert queue.taken() == []
    entry = json.loads(capsys.readouterr().out)
    assert (entry["level"], entry["action"]) == ("info", "ignored")
    assert "zigbee2mqtt/living_room" in entry["reason"]


def test_a_deeply_nested_event_is_refused(handler: Handler, queue: Queue) -> None:
    nested: dict[str, Any] = {}
    for _ in range(100_000):
        nested = {"a": nested}
    with pytest.raises(UnknownEventError):
        handler(nested, Context())
    assert queue.taken() == []


def test_a_wrong_setting_queues_nothing(
    handler: Handler, queue: Queue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEVICE_CAMERAS", "G030")
    with pytest.raises(SettingsError, match="DEVICE_CAMERAS"):
        handler({}, Context())
    assert "DEVICE_CAMERAS" in capsys.readouterr().out
    assert queue.taken() == []


class TestWebhook:
    @pytest.fixture(autouse=True)
    def _token(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WEBHOOK_TOKEN", TOKEN)

    @pytest.mark.parametrize("name", ["function-url-json", "function-url-base64", "function-url-no-body"])
    def test_a_post_with_the_token_is_accepted(self, handler: Handler, queue: Queue, name: str) -> None:
        answer = handler(event(name), Context())
        (message,) = queue.taken()
        assert answer["statusCode"] == 202
        assert json.loads(answer["body"])["capture_id"] == f"2025-11-22T18:44:00.123Z#{REQUEST}"
        assert attributes(message)["source"] == "webhook"

    def test_a_text_that_is_posted_is_to_be_said(
        self, handler: Handler, queue: Queue, capsys: pytest.CaptureFixture[str]
    ) -> None:
        posted = {"command": "Say", "text": "Dinner \ufffe is ready \U0001f35d", "camera": "lobby"}
        answer = handler(event("function-url-json") | {"body": json.dumps(posted)}, Context())
        (message,) = queue.taken()
        assert (answer["statusCode"], json.loads(answer["body"])["camera"]) == (202, "lobby")
        assert json.loads(message["Body"]) == {"command": "Say", "text": "Dinner \ufffe is ready \U0001f35d"}
        assert attributes(message).items() >= {"source": "webhook", "camera": "lobby"}.items()
        assert json.loads(capsys.readouterr().out)["command"] == "Say"

    def test_the_answer_names_the_camera_that_the_message_leaves_open(
        self, handler: Handler, queue: Queue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CAMERA_NAME", "yard")
        assert json.loads(handler(event("function-url-no-body"), Context())["body"])["camera"] == "yard"
        (message,) = queue.taken()
        assert "camera" not in attributes(message)

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"headers": {}}, 401),
            ({"body": "{"}, 400),
            ({"body": '{"command": "Dance"}'}, 400),
            ({"body": '{"command": "Say"}'}, 400),
            ({"body": '{"command": "Say", "text": "<speak>Dinner", "ssml": true}'}, 400),
            ({"requestContext": {"http": {"method": "GET"}}}, 405),
            ({"body": '{"event": "", "event_cnt": 0}'}, 200),
            ({"body": '{"state": "ON", "brightness": 254}'}, 200),
        ],
    )
    def test_anything_else_queues_nothing(
        self, handler: Handler, queue: Queue, changes: dict[str, Any], status: int
    ) -> None:
        assert handler(event("function-url-json") | changes, Context())["statusCode"] == status
        assert queue.taken() == []

    def test_the_token_may_live_in_ssm(
        self, handler: Handler, endpoint: str, monkeypatch: pytest.MonkeyPatch, queue: Queue
    ) -> None:
        ssm: Any = boto3.client("ssm", endpoint_url=endpoint)
        ssm.put_parameter(Name="/webhook-token", Value=f"{TOKEN}\n", Type="SecureString", Overwrite=True)
        monkeypatch.delenv("WEBHOOK_TOKEN")
        monkeypatch.setenv("WEBHOOK_TOKEN_PARAMETER", "/webhook-token")
        assert handler(event("function-url-json"), Context())["statusCode"] == 202
        assert len(queue.taken()) == 1
        assert handler(event("function-url-json") | {"headers": {}}, Context())["statusCode"] == 401

    def test_a_parameter_that_is_not_there_is_named(self, handler: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("WEBHOOK_TOKEN")
        monkeypatch.setenv("WEBHOOK_TOKEN_PARAMETER", "/no-such-token")
        with pytest.raises(SettingsError, match="/no-such-token"):
            handler(event("function-url-json"), Context())


class TestAlexa:
    @pytest.fixture(autouse=True)
    def _skill(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ALEXA_SKILL_ID", SKILL)

    @pytest.mark.parametrize("name", ["alexa-launch", "alexa-take-picture"])
    def test_alexa_answers_at_once(self, handler: Handler, queue: Queue, name: str) -> None:
        assert speech(handler(fresh(name), Context())) == "Smile!"
        (message,) = queue.taken()
        assert attributes(message)["source"] == "alexa"

    @pytest.mark.parametrize(("locale", "told"), [("de-DE", "Bitte lächeln!"), ("hi-IN", "Smile!")])
    def test_alexa_answers_in_the_language_of_the_request(self, handler: Handler, locale: str, told: str) -> None:
        request = fresh("alexa-launch")
        request["request"]["locale"] = locale
        assert told == speech(handler(request, Context()))

    @pytest.mark.parametrize(
        ("name", "body", "told"),
        [
            ("alexa-start-watching", "StartWatching", "I am asking the camera to watch the audience."),
            ("alexa-stop-watching", "StopWatching", "I am asking the camera to stop watching."),
        ],
    )
    def test_alexa_starts_and_stops_a_watch(
        self, handler: Handler, queue: Queue, name: str, body: str, told: str
    ) -> None:
        assert speech(handler(fresh(name), Context())) == told
        (message,) = queue.taken()
        assert json.loads(message["Body"]) == {"command": body}

    @pytest.mark.parametrize("name", ["alexa-session-ended", "alexa-help", "alexa-stop"])
    def test_what_asks_for_no_picture_queues_nothing(self, handler: Handler, queue: Queue, name: str) -> None:
        assert handler(fresh(name), Context())["version"] == "1.0"
        assert queue.taken() == []

    def test_a_stale_request_queues_nothing(self, handler: Handler, queue: Queue) -> None:
        with pytest.raises(AlexaRefusedError):
            handler(event("alexa-launch"), Context())
        assert queue.taken() == []

    def test_an_echo_is_given_its_camera(self, handler: Handler, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DEVICE_CAMERAS", "amzn1.ask.device.KITCHEN=kitchen")
        handler(fresh("alexa-launch"), Context())
        (message,) = queue.taken()
        assert attributes(message)["camera"] == "kitchen"

    def test_alexa_says_what_the_record_says(
        self, handler: Handler, endpoint: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request = fresh("alexa-launch")
        capture = f"{request['request']['timestamp'].replace('Z', '.000Z')}#{REQUEST}"
        record(endpoint, {"camera": "yard", "capture_id": capture, "status": "in_progress", "said": "You look happy."})
        for name, value in {"ALEXA_WAIT_SECONDS": "5", "TABLE_NAME": "captures", "CAMERA_NAME": "yard"}.items():
            monkeypatch.setenv(name, value)
        assert speech(handler(request, Context())) == "You look happy."

    def test_a_table_that_cannot_be_read_costs_only_the_sentence(
        self, handler: Handler, queue: Queue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("ALEXA_WAIT_SECONDS", "0.01")
        monkeypatch.setenv("TABLE_NAME", "no-such-table")
        assert speech(handler(fresh("alexa-launch"), Context())) == "Smile! The camera will tell you."
        assert len(queue.taken()) == 1
        assert capsys.readouterr().out


def speech(answer: dict[str, Any]) -> object:
    return answer["response"]["outputSpeech"]["text"]


def record(endpoint: str, item: dict[str, str]) -> None:
    dynamodb = boto3.client("dynamodb", endpoint_url=endpoint)
    dynamodb.create_table(
        TableName="captures",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "camera", "KeyType": "HASH"},
            {"AttributeName": "capture_id", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "camera", "AttributeType": "S"},
            {"AttributeName": "capture_id", "AttributeType": "S"},
        ],
    )
    dynamodb.put_item(TableName="captures", Item={name: {"S": value} for name, value in item.items()})
