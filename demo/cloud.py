"""The button, the records and the photos, by the worker's own code for them, over the wire."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from demo.inbox import DemoFailed
from worker.cloud.clients import aws_session, connect
from worker.cloud.errors import CloudError
from worker.cloud.photos import Photos
from worker.cloud.records import Records
from worker.press_button import press_button
from worker.settings import QueueSettings


@dataclass(frozen=True)
class Cloud:
    """All raise DemoFailed if the local cloud fails."""

    session: boto3.Session
    queue: str
    records: Records
    photos: Photos

    def press(self) -> str:
        """Press the button; the press's capture id."""
        with _explained():
            return press_button(self.session, QueueSettings(queue_name=self.queue, queue_url=None), None)

    def record(self, camera: str, capture_id: str) -> Mapping[str, Any]:
        with _explained():
            return self.records.get(camera, capture_id) or {}

    def photo(self, key: str) -> bytes:
        with _explained():
            found = self.photos.find(key)
        if found is None:
            raise DemoFailed(f"the record names a photo that is not in S3: {key}")
        return found[0]


def aws_settings(cloud: Mapping[str, str]) -> dict[str, str]:
    """What any program that uses boto3 needs in its environment; `cloud` is what the local cloud says of itself."""
    return {
        "AWS_ENDPOINT_URL": cloud["endpoint"],
        "AWS_REGION": cloud["region"],
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
    }


def reach(cloud: Mapping[str, str]) -> Cloud:
    """Clients for this process, whose environment must lead to no other AWS."""
    os.environ.update(aws_settings(cloud))
    session = aws_session()
    clients = connect(session)
    return Cloud(
        session, cloud["queue"], Records(clients.dynamodb, cloud["table"]), Photos(clients.s3, cloud["bucket"])
    )


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except CloudError as error:
        raise DemoFailed(f"the local cloud did not do its part: {error}") from error
