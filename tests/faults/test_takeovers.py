"""Two attempts at one press: whoever has lost it does nothing more, and nothing is said twice."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.camera import SoundStarted
from tests.faults.steps import SMALL, RecordingPoint
from tests.support.cloud_faults import Loss
from tests.support.site import Site, about
from tests.support.waiting import eventually

CLAIM = "attribute_not_exists"
LEASE_SECONDS = 4
"""Where somebody has to wait for the end of one."""


@pytest.fixture
def twice_only(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """SQS hands a message out twice and no more."""
    with Site(cloud, tmp_path, max_receive_count=2) as site:
        site.camera("lobby")
        yield site


@pytest.fixture
def filmed(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """Whose camera has a stream."""
    with Site(cloud, tmp_path) as site:
        site.film = SMALL
        site.camera("lobby")
        yield site


def test_a_holder_that_was_frozen_for_longer_than_its_lease_says_and_deletes_nothing_more(site: Site) -> None:
    first = site.start(VISIBILITY_SECONDS=str(LEASE_SECONDS))
    first.wait_for("the voice is ready")
    eventually(lambda: site.proxy.asked["ReceiveMessage"])
    # The next one, or the frozen would be handed the message that comes back.
    poll = site.proxy.hold("ReceiveMessage", times=1)
    hold = site.proxy.hold("DetectFaces", about("lobby"))
    site.press("lobby")
    hold.wait_until_reached()
    poll.wait_until_reached()
    eventually(lambda: site.account.records()[0].get("speech") == "started")
    first.signal(signal.SIGSTOP)
    second = site.start(DATA_DIR=f"{site.data_dir}-of-the-other")
    hold.release()
    second.wait_for("done")
    end = site.books.record_of(site.books.message_of("lobby"))
    first.signal(signal.SIGCONT)
    poll.release()
    first.wait_for("given up: another attempt has this press")
    assert site.cameras["lobby"].state.sounds == []
    site.books.settle()
    assert (end["status"], end["speech"]) == ("completed", "unknown")
    assert site.books.record_of(site.books.message_of("lobby")) == end


def test_a_recorder_that_was_frozen_for_longer_than_its_lease_stores_and_says_nothing_more(filmed: Site) -> None:
    camera = filmed.cameras["lobby"].state
    site = filmed
    first = site.start(VISIBILITY_SECONDS=str(LEASE_SECONDS))
    first.wait_for("the voice is ready")
    eventually(lambda: site.proxy.asked["ReceiveMessage"])
    poll = site.proxy.hold("ReceiveMessage", times=1)
    recording = RecordingPoint().reach(site, "lobby")
    site.record_video(8, "lobby")
    eventually(recording)
    poll.wait_until_reached()
    first.signal(signal.SIGSTOP)
    second = site.start(DATA_DIR=f"{site.data_dir}-of-the-other")
    second.wait_for("done")
    end = site.books.record_of(site.books.message_of("lobby"))
    first.signal(signal.SIGCONT)
    poll.release()
    first.wait_for("given up: another attempt has this press")
    site.books.settle()
    assert (end["status"], end["video"], end["speech"]) == ("completed", "complete", "spoken")
    assert site.books.record_of(site.books.message_of("lobby")) == end
    assert len(camera.journal.of(SoundStarted)) == 1
    assert eventually(lambda: camera.stream.sessions.open_now == 0)
    assert site.account.photo_keys() == [end["video_key"]]


def test_a_redelivery_while_the_first_is_still_working_leaves_the_press_to_it(site: Site) -> None:
    worker = site.start()
    hold = site.proxy.hold("DetectFaces", about("lobby"))
    message_id = site.press("lobby")
    hold.wait_until_reached()
    # The message comes back although it is worked on.
    [handle] = site.proxy.handles(message_id)
    site.account.make_visible(handle)
    worker.wait_for("another attempt is working on this press")
    hold.release()
    site.account.ended()
    site.end_leases()
    end = site.books.balance()["lobby"]
    assert (end["status"], end["speech"]) == ("completed", "spoken")
    assert len(site.cameras["lobby"].state.snapshots) == 1


def test_the_last_receive_outlasts_the_lease_of_a_worker_that_died(twice_only: Site) -> None:
    site = twice_only
    first = site.start()
    hold = site.proxy.hold("DetectFaces", about("lobby"))
    message_id = site.press("lobby")
    hold.wait_until_reached()
    first.kill()
    site.proxy.heal()
    second = site.start()
    # SQS gives it to another earlier than the lease would have it.
    [handle] = site.proxy.handles(message_id)
    site.account.end_leases(in_seconds=LEASE_SECONDS)
    site.account.make_visible(handle)
    [refused] = second.wait_for("another attempt is working on this press", last_receive=True)
    assert 0 < refused["seconds_left"] <= LEASE_SECONDS
    end = site.books.balance()["lobby"]
    assert (end["status"], end["speech"]) == ("completed", "unknown")


def test_who_takes_over_repeats_no_step_that_was_finished(site: Site) -> None:
    first = site.start(SPEECH="off")
    analysis = site.proxy.hold("DetectFaces")
    claim = site.proxy.hold("UpdateItem")
    site.press("lobby")
    # The photo is safe before the press is claimed.
    eventually(lambda: _spooled(site, "photo.jpg") == 1)
    claim.release()
    analysis.wait_until_reached()
    eventually(lambda: _spooled(site, "progress.json") == 1)
    site.proxy.hold("UpdateItem")
    site.press("lobby")
    eventually(lambda: _spooled(site, "photo.jpg") == 2)
    site.kill(first)
    site.proxy.heal()
    site.start(SPEECH="off")
    assert site.books.balance()["lobby"]["status"] == "completed"
    assert len(site.cameras["lobby"].state.snapshots) == 2
    assert len(site.proxy.calls("PutObject")) == len(site.proxy.calls("DetectFaces")) == 2


def test_a_takeover_whose_claim_was_answered_into_the_void_repeats_no_sentence(site: Site) -> None:
    first = site.start()
    first.wait_for("the voice is ready")
    hold = site.proxy.hold("UpdateItem", about("lobby"), '"completed"')
    site.press("lobby")
    hold.wait_until_reached()
    site.kill(first)
    site.proxy.heal()
    site.proxy.befall(Loss.OF_ANSWER, "UpdateItem", about("lobby"), CLAIM, times=1)
    site.start()
    assert site.books.balance()["lobby"]["speech"] == "unknown"
    assert len(site.cameras["lobby"].state.journal.of(SoundStarted)) == 1


def test_two_workers_on_one_queue_share_the_presses_and_do_each_once(site: Site) -> None:
    names = [f"room-{number}" for number in range(6)]
    for name in names:
        site.camera(name)
    site.host.launch()
    second = site.start(DATA_DIR=f"{site.data_dir}-of-the-other")
    second.wait_for("ready")
    for name in names:
        site.press(name)
    ends = site.books.balance()
    assert {(end["status"], end["speech"]) for end in ends.values()} == {("completed", "spoken")}


def _spooled(site: Site, name: str) -> int:
    return len(list(site.data_dir.glob(f"spool/lobby/*/{name}")))
