"""Two attempts at one press: whoever has lost it does nothing more, and nothing is said twice."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.camera import SoundStarted
from tests.faults.site import LEASE_SECONDS, Site, about
from tests.support.cloud_faults import FAILING, Loss
from tests.support.waiting import eventually

PATIENT = {"MAX_SPEECH_AGE_SECONDS": "100"}
CLAIM = "attribute_not_exists"


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    with Site(cloud, tmp_path) as site:
        site.camera("lobby")
        yield site


@pytest.fixture
def twice_only(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """SQS hands a message out twice and no more."""
    with Site(cloud, tmp_path, max_receive_count=2) as site:
        site.camera("lobby")
        yield site


def test_a_holder_that_was_frozen_for_longer_than_its_lease_says_and_deletes_nothing_more(site: Site) -> None:
    first = site.start(**PATIENT)
    first.wait_for("the voice is ready")
    hold = site.proxy.hold("DetectFaces", about("lobby"))
    site.press("lobby")
    hold.wait_until_reached()
    eventually(lambda: site.account.records()[0].get("speech") == "started")
    first.signal(signal.SIGSTOP)
    second = site.start(**PATIENT, DATA_DIR=f"{site.data_dir}-of-the-other")
    hold.release()
    second.wait_for("done")
    end = site.books.record_of(site.books.message_of("lobby"))
    first.signal(signal.SIGCONT)
    first.wait_for("given up: another attempt has this press")
    assert site.cameras["lobby"].state.sounds == []
    site.books.settle()
    assert (end["status"], end["speech"]) == ("completed", "unknown")
    assert site.books.record_of(site.books.message_of("lobby")) == end


def test_a_redelivery_while_the_first_is_still_working_leaves_the_press_to_it(site: Site) -> None:
    worker = site.start(**PATIENT)
    hold = site.proxy.hold("DetectFaces", about("lobby"))
    # The message comes back although it is worked on.
    site.proxy.befall(FAILING, "ChangeMessageVisibility", about("lobby"))
    site.press("lobby")
    worker.wait_for("another attempt is working on this press")
    hold.release()
    end = site.books.balance()["lobby"]
    assert (end["status"], end["speech"]) == ("completed", "spoken")
    assert len(site.cameras["lobby"].state.snapshots) == 1


def test_the_last_receive_outlasts_the_lease_of_a_worker_that_died(twice_only: Site) -> None:
    site = twice_only
    first = site.start(VISIBILITY_SECONDS="9", **PATIENT)
    hold = site.proxy.hold("DetectFaces", about("lobby"))
    message_id = site.press("lobby")
    hold.wait_until_reached()
    site.kill(first)
    site.proxy.heal()
    # SQS gives it to another earlier than the lease would have it.
    [handle] = site.proxy.handles(message_id)
    site.account.make_visible(handle)
    second = site.start(**PATIENT)
    [refused] = second.wait_for("another attempt is working on this press", last_receive=True)
    assert 0 < refused["seconds_left"] < 9
    end = site.books.balance()["lobby"]
    assert (end["status"], end["speech"]) == ("completed", "unknown")


def test_a_takeover_whose_claim_was_answered_into_the_void_repeats_no_sentence(site: Site) -> None:
    first = site.start(**PATIENT)
    first.wait_for("the voice is ready")
    hold = site.proxy.hold("UpdateItem", about("lobby"), '"completed"')
    site.press("lobby")
    hold.wait_until_reached()
    site.kill(first)
    site.proxy.heal()
    site.proxy.befall(Loss.OF_ANSWER, "UpdateItem", about("lobby"), CLAIM, times=1)
    site.start(**PATIENT)
    assert site.books.balance()["lobby"]["speech"] == "unknown"
    assert len(site.cameras["lobby"].state.journal.of(SoundStarted)) == 1


def test_two_workers_on_one_queue_share_the_presses_and_do_each_once(site: Site) -> None:
    names = [f"room-{number}" for number in range(6)]
    for name in names:
        site.camera(name)
    site.launch(**PATIENT, VISIBILITY_SECONDS=str(3 * LEASE_SECONDS))
    second = site.start(**PATIENT, VISIBILITY_SECONDS=str(3 * LEASE_SECONDS), DATA_DIR=f"{site.data_dir}-of-the-other")
    second.wait_for("ready")
    for name in names:
        site.press(name)
    ends = site.books.balance()
    assert {(end["status"], end["speech"]) for end in ends.values()} == {("completed", "spoken")}
