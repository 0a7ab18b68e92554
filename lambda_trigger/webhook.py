"""The Lambda function URL: payload format 2.0 in, an HTTP answer out."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from lambda_trigger.errors import UnknownEventError
from lambda_trigger.press import Command, Nothing, Press, member, moment

Response = dict[str, Any]


def is_request(event: object) -> bool:
    return member(event, "requestContext", "http") is not None


def refusal(event: object, token: str | None) -> Response | None:
    """Why the request may not press; None if it may. Without a token there is no webhook."""
    if token is None:
        return _answer(HTTPStatus.NOT_FOUND, error="no webhook is set up here")
    if member(event, "requestContext", "http", "method") != "POST":
        return _answer(HTTPStatus.METHOD_NOT_ALLOWED, {"allow": "POST"}, error="POST presses the button")
    if not hmac.compare_digest(_bytes(_bearer(event)), _bytes(token)):
        return _answer(HTTPStatus.UNAUTHORIZED, {"www-authenticate": "Bearer"}, error="the bearer token is wrong")
    return None


def press(event: object, read: Callable[[object], Press | Nothing]) -> Press | Nothing:
    """What an authorised request asks for: nothing or a JSON object that `read` knows.

    Raises:
        UnknownEventError: The body cannot be read.
    """
    found = read(_body(event))
    if isinstance(found, Nothing):
        return found
    received = moment(member(event, "requestContext", "timeEpoch"))
    return replace(found, source="webhook", pressed_at=found.pressed_at or received)


def accepted(command: Command, camera: str) -> Response:
    return _answer(HTTPStatus.ACCEPTED, capture_id=command.capture_id, camera=camera)


def ignored(nothing: Nothing) -> Response:
    return _answer(HTTPStatus.OK, ignored=nothing.reason)


def unreadable(error: UnknownEventError) -> Response:
    return _answer(HTTPStatus.BAD_REQUEST, error=str(error))


def _bearer(event: object) -> str:
    headers = member(event, "headers")
    for name, value in headers.items() if isinstance(headers, Mapping) else ():
        if isinstance(name, str) and name.lower() == "authorization" and isinstance(value, str):
            scheme, _, token = value.strip().partition(" ")
            return token.strip() if scheme.lower() == "bearer" else ""
    return ""


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _body(event: object) -> object:
    body = member(event, "body")
    if body is None:
        return {}
    if not isinstance(body, str):
        raise UnknownEventError("the body is not text")
    try:
        text = base64.b64decode(body, validate=True).decode() if member(event, "isBase64Encoded") is True else body
        return json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise UnknownEventError("the body is not JSON") from error


def _answer(status: HTTPStatus, headers: Mapping[str, str] | None = None, **body: str) -> Response:
    return {
        "statusCode": int(status),
        "headers": {"content-type": "application/json", "cache-control": "no-store", **(headers or {})},
        "body": json.dumps(body),
    }
