"""Measure 6: the local cloud's DetectFaces; and what moto's own time would have added to the other measures."""

import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageOps

from benchmarks.account import client, queue_url
from benchmarks.camera import PHOTOS
from benchmarks.figures import Chapter, Figure
from benchmarks.usage import program
from demo.program import Entry, Program

FULL_HD = (1920, 1080)


def local_cloud(repeats: int) -> list[Chapter]:
    with _one_core(), TemporaryDirectory(prefix="benchmark-") as folder:
        starts = [_start(Path(folder)) for _ in range(repeats)]
        with _cloud(Path(folder)) as cloud:
            place = cloud.wait_for_document("endpoint")
            faces = _detect(place, repeats * 6)
            moto = _moto(place, repeats * 4)
    figures = [
        Figure("DetectFaces of a photo of three, 1920 x 1080", faces, "ms", at_most=100),
        Figure("start of the local cloud", starts, "s"),
        *moto,
    ]
    return [Chapter("6. The local cloud, on one core", figures)]


@contextmanager
def _one_core() -> Iterator[None]:
    """For this process and those it starts meanwhile."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def _cloud(folder: Path) -> Program:
    return program("localcloud", environment={"AWS_REGION": "us-east-1"}, folder=folder)


def _start(folder: Path) -> float:
    with _cloud(folder) as cloud:
        cloud.wait_for_document("endpoint")
        return time.time() - cloud.started_at


def _detect(place: Entry, repeats: int) -> list[float]:
    rekognition, photo = client(place, "rekognition"), _photo()
    return _milliseconds(repeats, lambda: rekognition.detect_faces(Image={"Bytes": photo}, Attributes=["EMOTIONS"]))


def _photo() -> bytes:
    with Image.open(PHOTOS / "group-of-three.jpg") as picture:
        whole = ImageOps.fit(picture, FULL_HD)
    file = io.BytesIO()
    whole.save(file, "JPEG", quality=90)
    return file.getvalue()


def _moto(place: Entry, repeats: int) -> list[Figure]:
    """Round trips, client included, of what a press needs besides; the stand-in's are what they are asked to be."""
    dynamodb, s3, photo = client(place, "dynamodb"), client(place, "s3"), _photo()
    key = {"camera": {"S": "benchmark"}, "capture_id": {"S": "benchmark"}}
    write = {"ExpressionAttributeNames": {"#said": "said"}, "ExpressionAttributeValues": {":said": {"S": "so"}}}
    update, put = (
        _milliseconds(
            repeats,
            lambda: dynamodb.update_item(
                TableName=place["table"], Key=key, UpdateExpression="SET #said = :said", **write
            ),
        ),
        _milliseconds(repeats, lambda: s3.put_object(Bucket=place["bucket"], Key="captures/benchmark", Body=photo)),
    )
    sqs, url = client(place, "sqs"), queue_url(place)
    through = _milliseconds(repeats, lambda: _send_and_receive(sqs, url))
    return [
        Figure("moto: UpdateItem", update, "ms"),
        Figure("moto: PutObject of the photo", put, "ms"),
        Figure("moto: SendMessage, ReceiveMessage and DeleteMessage", through, "ms"),
    ]


def _send_and_receive(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="TakePicture")
    message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _milliseconds(repeats: int, work: Callable[[], object]) -> list[float]:
    work()
    return [_timed(work) for _ in range(repeats)]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
