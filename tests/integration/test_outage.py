"""AWS, or a part of it, is away for a while."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from demo.camera import SimulatedCamera
from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.host import Host
from tests.support.waiting import eventually


@pytest.fixture
def nobody() -> Iterator[str]:
    """An endpoint that refuses every connection; its port stays taken."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield "http://{}:{}".format(*taken.getsockname())


def test_a_queue_that_is_away_is_asked_ever_more_rarely_and_found_again(
    host: Host, account: Account, proxy: CloudProxy
) -> None:
    worker = host.start(SPEECH="off")
    # What the worker looks at once, beside its first polls, is behind it.
    eventually(lambda: proxy.asked["GetObject"])
    account.press()
    account.ended()
    connections = proxy.connections
    with proxy.outage():
        worker.wait_for("the queue cannot be polled", 2)
        tried = proxy.connections - connections
        account.press()
    failures = worker.wait_for("the queue cannot be polled", 2)
    assert [0.5 <= failure["next_try_in"] / 2**place <= 1 for place, failure in enumerate(failures[:2])] == [True] * 2
    # One that is made anew goes with the connection that was cut; one may not have been told of yet.
    assert tried <= len(failures) + 1
    assert [record["status"] for record in account.ended(2)] == ["completed", "completed"]
    assert worker.logged("the queue can be polled again")


def test_without_polly_and_without_labels_and_text_the_press_is_completed_in_silence(
    host: Host, account: Account, camera: SimulatedCamera, nobody: str
) -> None:
    worker = host.start(AWS_ENDPOINT_URL_POLLY=nobody, ANALYSES="faces,labels,text")
    account.press()
    [record] = account.ended()
    assert (record["status"], record["said"], record["speech"]) == ("completed", "You look happy.", "failed")
    assert not camera.state.sounds
    assert not record.keys() & {"labels", "text", "error"}
    # The local cloud has none of the two; AWS would.
    missing = worker.logged("an analysis is missing in the record")
    assert sorted(entry["analysis"] for entry in missing) == ["labels", "text"]
