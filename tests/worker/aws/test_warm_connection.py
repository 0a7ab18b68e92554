"""The first request after a pause finds an open connection."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

from localcloud.server import LocalCloud
from tests.support.account import REGION
from tests.support.clock import Clock
from tests.support.cloud_proxy import CloudProxy
from worker.aws.warm_connection import KEPT_SECONDS, WarmConnection

PAUSE_SECONDS = KEPT_SECONDS + 1


@pytest.fixture
def proxy(cloud: LocalCloud) -> Iterator[CloudProxy]:
    with CloudProxy(cloud.endpoint) as proxy:
        yield proxy


def test_a_connection_is_opened_once_and_again_only_after_a_pause(proxy: CloudProxy) -> None:
    session, time = boto3.Session("anyone", "anything", region_name=REGION), Clock()
    client = session.client("rekognition", endpoint_url=proxy.endpoint)
    warmth = WarmConnection(client, time)
    warmth.restore()
    warmth.restore()
    assert (proxy.asked["ListCollections"], proxy.connections) == (1, 1)
    time.now += PAUSE_SECONDS
    with pytest.raises(client.exceptions.InvalidImageFormatException):
        client.detect_faces(Image={"Bytes": b"no photo"})
    warmth.restore()
    # The request after it went over the connection that was there.
    assert (proxy.asked["ListCollections"], proxy.connections) == (1, 1)
    time.now += PAUSE_SECONDS
    warmth.restore()
    assert proxy.asked["ListCollections"] == 2


def test_what_opens_it_is_signed_by_nobody(cloud: LocalCloud) -> None:
    client = boto3.Session(region_name=REGION).client("rekognition", endpoint_url=cloud.endpoint)
    # Without credentials, anything that is signed would raise NoCredentialsError before it is sent.
    sent = []
    client.meta.events.register("before-send.rekognition", lambda request, **_: sent.append(request))
    WarmConnection(client).restore()
    [request] = sent
    assert "Authorization" not in request.headers


def test_nobody_there_harms_nobody() -> None:
    once = Config(retries={"total_max_attempts": 1})
    client = boto3.Session(region_name=REGION).client("rekognition", endpoint_url="http://127.0.0.1:1", config=once)
    WarmConnection(client).restore()
