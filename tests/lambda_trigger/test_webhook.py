import base64
import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from lambda_trigger import webhook
from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import Nothing, Press
from lambda_trigger.triggers import posted
from tests.lambda_trigger.events import TOKEN, event, settings

RECEIVED = datetime(2025, 11, 22, 18, 44, 0, 123000, UTC)
known = partial(posted, settings=settings())


def request(**changes: object) -> dict[str, Any]:
    return {**event("function-url-json"), **changes}


def with_method(method: str) -> dict[str, Any]:
    return request(requestContext={"http": {"method": method}, "timeEpoch": 1763837040123})


def status(answer: webhook.Response | None) -> object:
    return answer["statusCode"] if answer else None


@pytest.mark.parametrize("name", ["function-url-json", "function-url-base64"])
def test_a_body_names_the_camera(name: str) -> None:
    assert webhook.press(event(name), known) == Press("webhook", None, "lobby", None, RECEIVED)


@pytest.mark.parametrize("body", [None, "", " \n", "{}"])
def test_an_empty_body_is_a_press(body: str | None) -> None:
    assert webhook.press(request(body=body), known) == Press("webhook", pressed_at=RECEIVED)


def test_a_request_without_a_body_is_a_press() -> None:
    assert webhook.press(event("function-url-no-body"), known) == Press("webhook", pressed_at=RECEIVED)


def test_a_post_that_names_only_its_button_is_a_press() -> None:
    pressed = webhook.press(request(body='{"device": "doorbell"}'), known)
    assert pressed == Press("webhook", None, None, "doorbell", RECEIVED)


def test_a_time_without_a_zone_is_none() -> None:
    pressed = webhook.press(request(body='{"pressed_at": "2025-11-22T18:43:59"}'), known)
    assert pressed == Press("webhook", pressed_at=RECEIVED)


def test_a_bridge_may_post_what_its_button_said() -> None:
    assert isinstance(webhook.press(request(body='{"action": "hold_release"}'), known), Nothing)
    assert webhook.press(request(body='{"action": "hold"}'), known) == Press("webhook", "LONG", pressed_at=RECEIVED)


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '"TakePicture"', "null", "TakePicture", '{"camera": 7}', '{"command": "Dance"}', "[" * 100_000, 5, {}],
    ids=lambda body: repr(body)[:20],
)
def test_a_body_that_cannot_be_read_is_refused(body: object) -> None:
    with pytest.raises(UnknownEventError):
        webhook.press(request(body=body), known)


@pytest.mark.parametrize("body", ["%%%", "e30", base64.b64encode(b"\xff\xfe\xff").decode(), "ünïcode"])
def test_base64_that_is_none_is_refused(body: str) -> None:
    with pytest.raises(UnknownEventError):
        webhook.press(request(body=body, isBase64Encoded=True), known)


@pytest.mark.parametrize("header", ["Authorization", "authorization", "AUTHORIZATION"])
@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
def test_the_right_token_may_press(header: str, scheme: str) -> None:
    assert webhook.refusal(request(headers={header: scheme + TOKEN}), TOKEN) is None


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": TOKEN},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": f"Bearer {TOKEN[:-1]}"},
        {"authorization": f"Bearer {TOKEN.upper()}"},
        {"authorization": "Bearer \ud800 ü"},
        {"authorization": [f"Bearer {TOKEN}"]},
        {"x-authorization": f"Bearer {TOKEN}"},
        [],
    ],
    ids=repr,
)
def test_any_other_token_is_401(headers: object) -> None:
    assert status(webhook.refusal(request(headers=headers), TOKEN)) == 401


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "post", ""])
def test_any_other_method_is_405(method: str) -> None:
    refusal = webhook.refusal(with_method(method), TOKEN)
    assert refusal is not None
    assert (refusal["statusCode"], refusal["headers"]["allow"]) == (405, "POST")


def test_without_a_token_there_is_no_webhook() -> None:
    assert status(webhook.refusal(event("function-url-json"), None)) == 404
    assert status(webhook.refusal(request(headers={"authorization": "Bearer "}), None)) == 404


def test_answers_are_json() -> None:
    answer = webhook.refusal(request(headers={}), TOKEN)
    assert answer is not None
    assert "error" in json.loads(answer["body"])
    assert answer["headers"]["content-type"] == "application/json"
