import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

Handler = Callable[[object, object], dict[str, Any]]


@dataclass(frozen=True)
class Context:
    aws_request_id: str = "8f5d2c1e-3b4a-4c6d-9e7f-0a1b2c3d4e5f"


@dataclass(frozen=True)
class Queue:
    url: str
    sqs: "SQSClient"

    def taken(self) -> list["MessageTypeDef"]:
        """Everything on the queue, which is empty afterwards."""
        messages = self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], WaitTimeSeconds=0
        ).get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return messages


@pytest.fixture(scope="package")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "simulated",
            "AWS_SECRET_ACCESS_KEY": "simulated",
        }.items():
            patch.setenv(name, value)
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="package")
def take_picture(endpoint: str) -> Queue:
    sqs = boto3.client("sqs", endpoint_url=endpoint)
    return Queue(sqs.create_queue(QueueName="take-picture")["QueueUrl"], sqs)


@pytest.fixture(scope="package")
def imported(take_picture: Queue) -> Handler:
    """The handler, whose client is made when its module is loaded: as Lambda does, after the environment is there."""
    assert take_picture.url
    importlib.reload(importlib.import_module("lambda_trigger.aws"))
    handler: Handler = importlib.import_module("lambda_trigger.handler").handler
    return handler


@pytest.fixture
def queue(take_picture: Queue, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.setenv("QUEUE_URL", take_picture.url)
    while take_picture.taken():
        pass
    return take_picture


@pytest.fixture
def handler(imported: Handler, queue: Queue) -> Handler:
    """Ready to press; nothing is on the queue."""
    assert queue.taken() == []
    return imported
