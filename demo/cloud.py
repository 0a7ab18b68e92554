"""The function that triggers invoke, and the records and photos, by the worker's own code, over the wire."""

import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from botocore.exceptions import BotoCoreError, ClientError

from demo.inbox import DemoFailed
from demo.triggers import TRIGGERS
from lambda_trigger.errors import RefusedError
from worker.aws.clients import aws_session, connect, connect_sqs
from worker.aws.photos import Photos
from worker.aws.queue import find_queue_url
from worker.aws.records import Records
from worker.aws.table import Table
from worker.aws.watches import Watches
from worker.domain.errors import CloudError


@dataclass(frozen=True)
class Cloud:
    """All raise DemoFailed if the local cloud fails. `log` gets what the function would log in AWS."""

    function: Callable[[object, object], dict[str, Any]]
    token: str
    log: TextIO
    records: Records
    photos: Photos
    watches: Watches

    def press(self, trigger: str) -> tuple[str, str]:
        """Invoke the function with the event of one of the TRIGGERS; the press's camera and capture id."""
        return self._invoke(TRIGGERS[trigger](datetime.now(UTC), self.token))

    def ask(self, command: str, camera: str, **more: object) -> tuple[str, str]:
        """Invoke the function directly with a command; the same."""
        return self._invoke({"command": command, "camera": camera, "source": "demo", **more})

    def _invoke(self, event: dict[str, Any]) -> tuple[str, str]:
        with _explained(), redirect_stdout(self.log):
            answer = self.function(event, None)
        told = json.loads(answer["body"]) if "body" in answer else answer
        if "capture_id" not in told:
            raise DemoFailed(f"the function did not take this for a press: {event}: {answer}")
        return told["camera"], told["capture_id"]

    def record(self, camera: str, capture_id: str) -> Mapping[str, Any]:
        with _explained():
            return self.records.get(camera, capture_id) or {}

    def buckets(self, camera: str, since: datetime) -> list[Mapping[str, Any]]:
        """What a watch has measured since then, the oldest first."""
        with _explained():
            return list(self.watches.buckets(camera, since, datetime.now(UTC)))

    def watch(self, camera: str, capture_id: str) -> Mapping[str, Any] | None:
        """The item of the watch that this press started."""
        with _explained():
            found = self.watches.latest(camera, 1)
        return found[0] if found and found[0]["capture_id"] == capture_id else None

    def photo(self, key: str) -> bytes:
        with _explained():
            found = self.photos.find(key)
        if found is None:
            raise DemoFailed(f"the record names a photo that is not in S3: {key}")
        return found[0]

    def clip(self, key: str) -> Iterator[bytes]:
        with _explained():
            found = self.photos.pieces(key)
        if found is None:
            raise DemoFailed(f"the record names a clip that is not in S3: {key}")
        return found


def aws_settings(cloud: Mapping[str, str]) -> dict[str, str]:
    """What any program that uses boto3 needs in its environment; `cloud` is what the local cloud says of itself."""
    return {
        "AWS_ENDPOINT_URL": cloud["endpoint"],
        "AWS_REGION": cloud["region"],
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
    }


def reach(cloud: Mapping[str, str], log: TextIO) -> Cloud:
    """Function and clients for this process, whose environment must lead to no other AWS."""
    os.environ.update(aws_settings(cloud))
    session, token = aws_session(), secrets.token_urlsafe()
    clients = connect(session)
    with _explained():
        queue_url = find_queue_url(connect_sqs(session), cloud["queue"])
    os.environ.update({"QUEUE_URL": queue_url, "WEBHOOK_TOKEN": token})
    # As in Lambda, its environment is there before it is loaded: it makes its client once.
    from lambda_trigger.handler import handler  # noqa: PLC0415

    table = Table(clients.dynamodb, cloud["table"])
    return Cloud(handler, token, log, Records(table), Photos(clients.s3, cloud["bucket"]), Watches(table))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (CloudError, RefusedError, BotoCoreError, ClientError) as error:
        raise DemoFailed(f"the local cloud did not do its part: {error}") from error
