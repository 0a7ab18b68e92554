"""One local cloud for the whole folder, reached as boto3's users expect: by AWS_ENDPOINT_URL."""

from collections.abc import Iterator
from uuid import uuid4

import boto3
import pytest

from localcloud.server import LocalCloud
from localcloud.voice import Voice
from tests.localcloud.conftest import FixedFaces
from worker.aws.clients import Clients, connect
from worker.aws.clock import AwsClock
from worker.aws.queue import Queue


@pytest.fixture(scope="package")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(FixedFaces(), Voice()) as running:
        yield running


@pytest.fixture(scope="package")
def clients(cloud: LocalCloud) -> Iterator[Clients]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
        yield connect(boto3.Session("anyone", "anything", region_name="us-east-1"))


@pytest.fixture
def queue(clients: Clients) -> Queue:
    """A queue of the test's own, without a dead-letter queue."""
    url = clients.sqs.create_queue(QueueName=f"tested-{uuid4()}")["QueueUrl"]
    return Queue(clients.receiving, clients.sqs, url, AwsClock(), visibility_seconds=30)
