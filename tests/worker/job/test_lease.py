from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from tests.support.clock import Clock
from tests.worker.fakes import PRESS, World, message
from worker.domain.errors import ClaimRefused, CloudRefused, CloudUnavailable, LeaseLost
from worker.domain.record import pressed
from worker.job.lease import Lease

LONG = 20.0
BRIEF = 0.03
FRESH = pressed(PRESS, "host", timedelta(days=30))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def time() -> Clock:
    return Clock()


def lease_of(world: World, time: Clock, seconds: float = 30) -> Lease:
    return Lease(message(), world.queue, world.services.clock, seconds, time)


def claim(lease: Lease, world: World) -> None:
    lease.claim(world.records, PRESS, FRESH)


def test_a_claim_tells_what_another_attempt_left_also_when_its_first_answer_was_lost(world: World, time: Clock) -> None:
    world.leave(said="You look happy.")
    lease = lease_of(world, time)
    assert lease.claim(world.records, PRESS, FRESH)["said"] == "You look happy."
    assert lease.claim(world.records, PRESS, FRESH)["said"] == "You look happy."
    assert lease.claimed


def test_nothing_is_written_without_a_claim(world: World, time: Clock) -> None:
    with pytest.raises(LeaseLost):
        lease_of(world, time).write({"said": "x"})


def test_nothing_is_written_after_its_time(world: World, time: Clock) -> None:
    lease = lease_of(world, time)
    claim(lease, world)
    time.now += 30
    with pytest.raises(LeaseLost):
        lease.write({"said": "x"})
    assert "said" not in world.record


def test_what_was_lost_once_stays_lost(world: World, time: Clock) -> None:
    lease = lease_of(world, time)
    claim(lease, world)
    world.record["attempt"] = "another"
    with pytest.raises(LeaseLost):
        lease.write({"said": "x"})
    world.record["attempt"] = lease.attempt
    with pytest.raises(LeaseLost):
        lease.check()


def test_record_and_message_are_renewed_while_the_job_runs(world: World, time: Clock) -> None:
    lease, renewed = lease_of(world, time, seconds=BRIEF), Event()
    claim(lease, world)
    world.diary.meanwhile["keep away"] = renewed.set
    with lease:
        assert renewed.wait(LONG)
    assert world.diary.entries[:3] == ["claim", "write lease_until", "keep away"]
    assert world.queue.kept_away[0] == BRIEF
    entries = len(world.diary.entries)
    lease.stop()
    assert len(world.diary.entries) == entries


def test_a_renewal_that_failed_is_tried_again(world: World, time: Clock) -> None:
    lease, twice = lease_of(world, time, seconds=BRIEF), Event()
    claim(lease, world)
    world.diary.failing["write lease_until"] = CloudUnavailable("away")
    world.diary.meanwhile["write lease_until"] = lambda: (
        twice.set() if world.diary.entries.count("write lease_until") > 1 else None
    )
    with lease:
        assert twice.wait(LONG)


def test_a_message_that_is_no_longer_ours_is_not_held(world: World, time: Clock) -> None:
    lease, refused = lease_of(world, time, seconds=BRIEF), Event()
    world.diary.failing["keep away"] = CloudRefused("not in flight")
    world.diary.meanwhile["keep away"] = refused.set
    with lease:
        assert refused.wait(LONG)
    assert not lease.message_held


def test_a_message_whose_time_ran_out_is_not_held(world: World, time: Clock) -> None:
    lease = lease_of(world, time)
    assert lease.message_held
    time.now += 30
    assert not lease.message_held


def test_what_is_given_back_is_free_for_others_at_once(world: World, time: Clock) -> None:
    lease = lease_of(world, time)
    claim(lease, world)
    lease.write({"speech": "started"})
    lease.give_back({}, ("speech",), 8)
    assert world.queue.kept_away == [8]
    assert "speech" not in world.record
    with pytest.raises(LeaseLost):
        lease.check()
    world.now += timedelta(milliseconds=1)
    claim(lease_of(world, time), world)


def test_a_message_is_given_back_also_when_the_record_cannot_be(world: World, time: Clock) -> None:
    lease = lease_of(world, time)
    claim(lease, world)
    world.diary.failing["write lease_until"] = CloudUnavailable("away")
    lease.give_back({}, (), 0)
    assert world.queue.kept_away == [0]


def test_another_s_message_is_left_alone(world: World, time: Clock) -> None:
    lease = lease_of(world, time)
    claim(lease, world)
    world.record["attempt"] = "another"
    with pytest.raises(LeaseLost):
        lease.give_back({}, (), 0)
    assert world.queue.kept_away == []


def test_a_refused_claim_is_none(world: World, time: Clock) -> None:
    world.leave(status="completed")
    lease = lease_of(world, time)
    with pytest.raises(ClaimRefused):
        claim(lease, world)
    assert not lease.claimed
