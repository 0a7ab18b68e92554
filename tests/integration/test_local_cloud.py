"""`python -m localcloud`, a process of its own."""

import signal
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from PIL import Image

from demo.program import PATIENCE_SECONDS
from tests.support.local_cloud import local_cloud

ONCE = Config(retries={"total_max_attempts": 1})


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_quietly_though_a_poll_is_open(stop: signal.Signals, tmp_path: Path) -> None:
    with local_cloud("--stack", "photo-booth", folder=tmp_path, region="eu-west-1") as program:
        ready = program.wait_for_document("endpoint")
        session = boto3.Session("anyone", "anything", region_name=ready["region"])
        sqs = session.client("sqs", endpoint_url=ready["endpoint"], config=ONCE)
        queue = sqs.get_queue_url(QueueName="photo-booth")["QueueUrl"]
        with ThreadPoolExecutor() as threads:
            poll = threads.submit(sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=20)
            photo = BytesIO()
            Image.new("RGB", (320, 240), "white").save(photo, "JPEG")
            rekognition = session.client("rekognition", endpoint_url=ready["endpoint"], config=ONCE)
            assert rekognition.detect_faces(Image={"Bytes": photo.getvalue()})["FaceDetails"] == []
            program.signal(stop)
            assert program.wait() == 0
            assert isinstance(poll.exception(PATIENCE_SECONDS), BotoCoreError | None)
        assert len(program.output.splitlines()) == 1
