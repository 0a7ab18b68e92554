"""A local cloud's queue, bucket and table, and a worker that uses them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from benchmarks.rig import camera_table
from benchmarks.usage import program
from demo.program import Entry, Program

_KEYS = {"AWS_ACCESS_KEY_ID": "benchmark", "AWS_SECRET_ACCESS_KEY": "benchmark"}


def client(place: Entry, service: str) -> Any:
    """Of the cloud that has told its `place` when it was ready."""
    make: Any = boto3.client
    keys = {key.lower(): value for key, value in _KEYS.items()}
    return make(service, endpoint_url=place["endpoint"], region_name=place["region"], **keys)


def settings_of(place: Entry) -> dict[str, str]:
    """For whoever uses them."""
    return {
        "AWS_ENDPOINT_URL": str(place["endpoint"]),
        "AWS_REGION": str(place["region"]),
        **_KEYS,
        "QUEUE_NAME": str(place["queue"]),
        "BUCKET_NAME": str(place["bucket"]),
        "TABLE_NAME": str(place["table"]),
        "LOG_FORMAT": "json",
    }


def queue_url(place: Entry) -> str:
    return str(client(place, "sqs").get_queue_url(QueueName=place["queue"])["QueueUrl"])


@contextmanager
def ready_worker(folder: Path, camera: Program, place: Entry, lens: str, **settings: str) -> Iterator[Program]:
    """Once it has logged in and the voice is ready; all that it writes is in `folder`."""
    (folder / "cameras.toml").write_text(camera_table("camera", camera, nod=True, lens=lens), encoding="utf-8")
    own = {
        **settings_of(place),
        "CAMERAS_FILE": str(folder / "cameras.toml"),
        "DATA_DIR": str(folder / "data"),
        "LOG_LEVEL": "debug",
    }
    with program("worker", environment=own | settings, folder=folder) as worker:
        worker.wait_for("the camera answers")
        worker.wait_for("the voice is ready")
        yield worker
        worker.stop()
