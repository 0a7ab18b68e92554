"""A press from the command line."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import boto3

from worker.aws.clients import connect_sqs
from worker.aws.clock import AwsClock
from worker.aws.queue import Queue, find_queue_url
from worker.domain.command import TAKE_PICTURE
from worker.domain.press import Press
from worker.domain.timestamp import iso
from worker.settings import QueueSettings

_ROUNDING = timedelta(milliseconds=1)


def press_button(session: boto3.Session, settings: QueueSettings, camera: str | None) -> str:
    """Put TakePicture on the queue; the press's capture id. Raises CloudError."""
    clock, client = AwsClock(), connect_sqs(session)

    def learn(http_response: Any, **_: object) -> None:
        clock.learn(http_response.headers.get("date"))

    client.meta.events.register("after-call.sqs", learn)
    url = settings.queue_url or find_queue_url(client, settings.queue_name)
    queue = Queue(client, client, url, clock, visibility_seconds=0)
    queue.max_receive_count()
    press = Press(camera or "", str(uuid4()), clock.now() - _ROUNDING, source="cli")
    identity = {"source": "cli", "press_id": press.press_id, "pressed_at": iso(press.pressed_at)}
    queue.send(TAKE_PICTURE, identity | ({"camera": camera} if camera else {}))
    return press.capture_id
