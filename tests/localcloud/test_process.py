import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from PIL import Image

ONCE = Config(retries={"total_max_attempts": 1})


@contextmanager
def local_cloud(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A process of its own and what it said when it was ready."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with subprocess.Popen(
        [sys.executable, "-m", "localcloud", *arguments],
        env=environment | {"AWS_REGION": "eu-west-1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_and_quietly_though_a_poll_is_open(stop: signal.Signals) -> None:
    with local_cloud("--stack", "photo-booth") as (process, ready):
        session = boto3.Session("anyone", "anything", region_name=ready["region"])
        sqs = session.client("sqs", endpoint_url=ready["endpoint"], config=ONCE)
        queue = sqs.get_queue_url(QueueName="photo-booth")["QueueUrl"]
        with ThreadPoolExecutor() as threads:
            poll = threads.submit(sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=20)
            photo = BytesIO()
            Image.new("RGB", (320, 240), "white").save(photo, "JPEG")
            rekognition = session.client("rekognition", endpoint_url=ready["endpoint"], config=ONCE)
            assert rekognition.detect_faces(Image={"Bytes": photo.getvalue()})["FaceDetails"] == []
            process.send_signal(stop)
            assert process.wait(timeout=5) == 0
            assert isinstance(poll.exception(timeout=5), BotoCoreError | None)
        assert process.stderr is not None
        assert process.stderr.read() == ""
