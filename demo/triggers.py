"""What presses in the demo: events as AWS hands them to the function, of the moment and in their own shapes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]


def one_click(now: datetime, _token: str) -> Event:
    """A button of AWS IoT 1-Click, or of a bridge that imitates it: the service ended on 2024-12-16."""
    serial = "G030PM0123456789"
    moment = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "deviceInfo": {"deviceId": serial, "type": "button", "remainingLife": 5.0, "attributes": {}},
        "deviceEvent": {"buttonClicked": {"clickType": "SINGLE", "reportedTime": moment}},
        "placementInfo": {
            "projectName": "demo",
            "placementName": "table",
            "attributes": {},
            "devices": {"button": serial},
        },
    }


def iot_button(now: datetime, _token: str) -> Event:
    """A first-generation AWS IoT Button; the last three are what the template's rule selects with it."""
    serial = "G030JF0123456789"
    return {
        "serialNumber": serial,
        "batteryVoltage": "1615mV",
        "clickType": "DOUBLE",
        "pressed_at": _epoch_milliseconds(now),
        "device": serial,
        "topic": f"iotbutton/{serial}",
    }


def webhook(now: datetime, token: str) -> Event:
    """A POST to the function's URL, payload format 2.0, with an empty body."""
    host = "demo.lambda-url.us-east-1.on.aws"
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/",
        "rawQueryString": "",
        "headers": {"authorization": f"Bearer {token}", "content-length": "0", "host": host},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "demo",
            "domainName": host,
            "http": {"method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"},
            "stage": "$default",
            "timeEpoch": _epoch_milliseconds(now),
        },
        "isBase64Encoded": False,
    }


TRIGGERS: Mapping[str, Callable[[datetime, str], Event]] = {
    "1-Click button": one_click,
    "IoT Button": iot_button,
    "webhook": webhook,
}
"""By the name that a person knows; each takes the moment of the press and the webhook's bearer token."""


def _epoch_milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
