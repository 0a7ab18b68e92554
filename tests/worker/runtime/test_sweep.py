from datetime import timedelta
from pathlib import Path

import pytest

from tests.worker.fakes import PHOTO, PRESS, World
from worker.disk.spool import Spool
from worker.domain.errors import CloudUnavailable
from worker.domain.press import Press
from worker.domain.record import Status
from worker.runtime.sweep import ORPHANED_AFTER, Sweeper

LEASE = timedelta(seconds=30)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A worker that crashed with a photo in its spool."""
    world = World(tmp_path)
    world.services.spool.save(PRESS, PHOTO, world.now)
    return world


def sweeper(world: World, *, in_hand: bool = False, queue_was_empty: bool = True) -> Sweeper:
    def holds(_press: Press) -> bool:
        return in_hand

    sweeper = Sweeper(world.services, holds, LEASE)
    if queue_was_empty:
        sweeper.note_empty_queue()
    return sweeper


def is_kept(world: World) -> bool:
    return Spool(world.data_dir / "spool").load(PRESS) is not None


def test_a_photo_that_is_stored_and_done_is_cleared(world: World) -> None:
    world.leave(status=Status.COMPLETED, image_key=PRESS.image_key)
    sweeper(world, queue_was_empty=False).sweep()
    assert (is_kept(world), world.photos.stored) == (False, {})


def test_a_photo_that_is_done_and_not_stored_is_stored_first(world: World) -> None:
    world.leave(status=Status.FAILED)
    sweeper(world).sweep()
    assert not is_kept(world)
    assert world.photos.stored[PRESS.image_key][0] == PHOTO
    assert (world.record["status"], world.record["image_key"]) == (Status.FAILED, PRESS.image_key)


@pytest.mark.parametrize("recorded", [True, False])
def test_an_orphan_becomes_a_failed_record_with_its_photo(world: World, *, recorded: bool) -> None:
    if recorded:
        world.leave(speech="started")
    world.now += LEASE + ORPHANED_AFTER + timedelta(seconds=1)
    sweeper(world).sweep()
    assert not is_kept(world)
    assert (world.record["status"], world.record["image_key"]) == (Status.FAILED, PRESS.image_key)
    assert "stopped in the middle" in world.record["error"]
    assert world.record.get("speech") == ("unknown" if recorded else None)


def test_an_orphan_s_message_may_still_come(world: World) -> None:
    world.leave()
    sweeper(world).sweep()
    world.now += timedelta(hours=1)
    sweeper(world, queue_was_empty=False).sweep()
    assert (is_kept(world), world.record["status"]) == (True, Status.IN_PROGRESS)


def test_a_press_in_hand_is_left_alone(world: World) -> None:
    world.leave(status=Status.COMPLETED, image_key=PRESS.image_key)
    sweeper(world, in_hand=True).sweep()
    assert is_kept(world)


@pytest.mark.parametrize("step", ["store", "claim", "write image_bucket", "write failed"])
def test_what_cannot_be_brought_home_stays(world: World, step: str) -> None:
    world.leave(**({"status": Status.FAILED} if step == "write image_bucket" else {}))
    world.now += timedelta(hours=1)
    world.diary.failing[step] = CloudUnavailable("away")
    sweeper(world).sweep()
    assert is_kept(world) == (step in world.diary.entries)


def test_another_s_press_is_left_to_it(world: World) -> None:
    def take_over() -> None:
        world.record["attempt"] = "another"

    world.leave()
    world.now += timedelta(hours=1)
    world.diary.meanwhile["store"] = take_over
    sweeper(world).sweep()
    assert (is_kept(world), world.record["status"]) == (True, Status.IN_PROGRESS)
