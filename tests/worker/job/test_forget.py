"""A press that is to be forgotten, delivered once or more often, with surroundings in memory."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.worker.fakes import PHOTO, PRESS, PRESSED_AT, World
from worker.disk.spool import Spool
from worker.domain.clip import Clip, Video
from worker.domain.errors import CloudRefused, CloudUnavailable
from worker.domain.forget import Forget
from worker.domain.press import Press
from worker.domain.record import MESSAGE_LIFE, Status
from worker.domain.timestamp import iso
from worker.job.attempt import MAX_LEASES_WAITED_FOR

SEEN = Press("lobby", "seen", PRESSED_AT - timedelta(minutes=5))
LONG_AGO = Press("lobby", "seen", PRESSED_AT - MESSAGE_LIFE - timedelta(minutes=5))
FORGET = Forget(SEEN.capture_id)
AWAY = CloudUnavailable("away")
DENIED = CloudRefused("s3:DeleteObject: AccessDenied - give the worker's role the permission s3:DeleteObject")
STUB = {"status": Status.FORGOTTEN, "expires_at": int((SEEN.pressed_at + MESSAGE_LIFE).timestamp())}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def keep(world: World, press: Press = SEEN, **values: Any) -> None:
    """A record and its photo, as a worker leaves them."""
    record = {"status": Status.COMPLETED, "attempt": "a", "said": "You look happy.", "image_key": press.image_key}
    world.records.items[press.camera, press.capture_id] = record | values
    world.photos.stored[press.image_key] = (PHOTO, press.pressed_at)


def left_of(world: World, press: Press = SEEN) -> dict[str, Any] | None:
    return world.records.items.get((press.camera, press.capture_id))


class TestAPress:
    def test_is_forgotten_and_the_record_of_that_says_nothing_else_of_it(self, world: World) -> None:
        keep(world)
        world.deliver(command=FORGET)
        assert (left_of(world), world.photos.stored) == (STUB, {})
        assert world.queue.deleted == ["message"]
        assert set(world.record.pop("timings_ms")) == {"queue", "total"}
        assert world.record == {
            "status": "completed",
            "command": "Forget",
            "forgets": SEEN.capture_id,
            "pressed_at": "2026-11-22T18:44:00.123Z",
            "completed_at": "2026-11-22T18:44:00.523Z",
            "worker": "host",
            "attempt": world.record["attempt"],
            "lease_until": "2026-11-22T18:44:30.523Z",
            "expires_at": int((PRESSED_AT + timedelta(days=30)).timestamp()),
        }

    def test_is_forgotten_without_a_photo_a_word_and_a_place_of_work(self, world: World) -> None:
        keep(world)
        with world.places.permit(0), world.places.permit(0), world.places.permit(0), world.places.permit(0):
            world.deliver(command=FORGET)
        assert left_of(world) == STUB
        assert not {"snapshot", "nod", "faces", "synthesize", "play", "write speech"} & set(world.diary.entries)

    def test_is_made_a_stub_before_anything_is_deleted(self, world: World) -> None:
        keep(world)
        world.deliver(command=FORGET)
        steps = ["claim", "leave stub", "delete photo", "delete photo", "empty stub", "write completed", "delete"]
        assert world.diary.of(*steps) == steps

    def test_whose_message_cannot_come_any_more_leaves_no_stub(self, world: World) -> None:
        keep(world, LONG_AGO)
        world.deliver(command=Forget(LONG_AGO.capture_id))
        assert (left_of(world, LONG_AGO), world.photos.stored) == (None, {})
        assert world.record["status"] == Status.COMPLETED

    def test_is_forgotten_with_its_clip(self, world: World) -> None:
        clip = Clip(SEEN.pressed_at, 4, Video.COMPLETE, 5.0)
        keep(world, command="RecordVideo", video_bucket="photos", video_key="elsewhere.mp4")
        world.photos.clips["elsewhere.mp4"] = (b"clip", clip)
        world.deliver(command=FORGET)
        assert (left_of(world), world.photos.clips) == (STUB, {})

    def test_whose_photo_is_in_a_former_bucket_is_forgotten_there(self, world: World) -> None:
        keep(world, image_bucket="former", image_key="elsewhere.jpg")
        former = world.photos.of("former")
        former.stored["elsewhere.jpg"] = (PHOTO, SEEN.pressed_at)
        world.deliver(command=FORGET)
        assert (left_of(world), former.stored) == (STUB, {})

    def test_that_is_only_in_the_spool_of_this_host_is_forgotten_there(self, world: World) -> None:
        spool = Spool(world.data_dir / "spool")
        spool.save(SEEN, PHOTO, SEEN.pressed_at)
        world.deliver(command=FORGET)
        assert (left_of(world), list(spool.folders())) == (STUB, [])

    def test_of_another_camera_stays(self, world: World) -> None:
        yard = replace(SEEN, camera="yard")
        keep(world, yard)
        before = left_of(world, yard)
        world.deliver(command=FORGET)
        assert (left_of(world, yard), list(world.photos.stored)) == (before, [yard.image_key])

    def test_that_was_a_wish_to_forget_is_forgotten_too(self, world: World) -> None:
        world.records.items[SEEN.camera, SEEN.capture_id] = {"status": Status.COMPLETED, "attempt": "a", "forgets": "x"}
        world.deliver(command=FORGET)
        assert left_of(world) == STUB

    def test_of_which_nothing_is_there_is_done(self, world: World) -> None:
        world.deliver(command=FORGET)
        assert (world.record["status"], left_of(world)) == (Status.COMPLETED, None)

    def test_that_is_forgotten_twice_is_forgotten(self, world: World) -> None:
        keep(world)
        world.deliver(command=FORGET)
        world.records.items.pop((PRESS.camera, PRESS.capture_id))
        world.deliver(command=FORGET)
        assert (world.record["status"], left_of(world)) == (Status.COMPLETED, STUB)

    def test_is_told_of_in_the_log_piece_by_piece(self, world: World) -> None:
        keep(world)
        with capture_logs() as logs:
            world.deliver(command=FORGET)
        told = [entry["what"].split(";")[0] for entry in logs if entry["action"] == "forgotten"]
        assert told == [f"the photo s3://photos/{SEEN.image_key}", "the record in captures"]
        assert "happy" not in str(logs)


class TestAWish:
    @pytest.mark.parametrize("late", [timedelta(hours=1), timedelta(days=14)])
    def test_does_not_grow_old(self, world: World, late: timedelta) -> None:
        keep(world)
        world.now += late
        world.deliver(command=FORGET)
        assert (world.record["status"], left_of(world)) == (Status.COMPLETED, STUB)

    def test_is_not_turned_away_where_too_many_are_in_hand(self, world: World) -> None:
        keep(world)
        world.attempt(command=FORGET).turn_away()
        assert (world.record["status"], left_of(world)) == (Status.COMPLETED, STUB)

    def test_that_is_done_is_only_deleted(self, world: World) -> None:
        world.leave(status=Status.COMPLETED, forgets=SEEN.capture_id)
        keep(world)
        world.deliver(2, FORGET)
        assert (world.queue.deleted, list(world.photos.stored)) == (["message"], [SEEN.image_key])


class TestAPressInWork:
    def test_is_left_alone_and_asked_for_again(self, world: World) -> None:
        keep(world, status=Status.IN_PROGRESS, lease_until=iso(world.now + timedelta(seconds=20)))
        before = dict(left_of(world) or {})
        world.deliver(command=FORGET)
        assert (left_of(world), list(world.photos.stored)) == (before, [SEEN.image_key])
        assert (world.record["status"], world.queue.deleted, world.queue.kept_away) == (Status.IN_PROGRESS, [], [2])

    def test_whose_lease_is_over_is_forgotten(self, world: World) -> None:
        keep(world, status=Status.IN_PROGRESS, lease_until=iso(world.now - timedelta(seconds=1)))
        world.deliver(command=FORGET)
        assert (world.record["status"], left_of(world)) == (Status.COMPLETED, STUB)

    def test_is_waited_for_where_the_message_would_not_come_back(self, world: World) -> None:
        keep(world, status=Status.IN_PROGRESS, lease_until=iso(world.now + timedelta(seconds=20)))
        world.deliver(5, FORGET)
        assert (world.paused, world.record["status"], left_of(world)) == ([21.0], Status.COMPLETED, STUB)

    @pytest.mark.parametrize("lease_until", ["9999-12-31T23:59:59.999Z", "one day"])
    def test_is_not_waited_for_for_ever(self, world: World, lease_until: str) -> None:
        keep(world, status=Status.IN_PROGRESS, lease_until=lease_until)
        world.deliver(5, FORGET)
        assert world.paused == [31.0] * MAX_LEASES_WAITED_FOR
        assert (world.record["status"], "a worker is working on this press" in world.record["error"]) == (
            "failed",
            True,
        )
        assert world.queue.deleted == ["message"]

    def test_that_is_taken_up_just_then_is_asked_for_again(self, world: World) -> None:
        keep(world, status=Status.IN_PROGRESS)
        world.diary.meanwhile["leave stub"] = lambda: world.records.items[SEEN.camera, SEEN.capture_id].update(
            attempt="another"
        )
        world.deliver(command=FORGET)
        assert (world.queue.deleted, world.queue.kept_away, list(world.photos.stored)) == ([], [2], [SEEN.image_key])


class TestWhatFails:
    @pytest.mark.parametrize("step", ["leave stub", "delete photo", "empty stub", "write completed"])
    def test_is_tried_again_and_leaves_nothing_in_the_end(self, world: World, step: str) -> None:
        keep(world)
        world.diary.failing[step] = AWAY
        world.deliver(command=FORGET)
        assert (world.record["status"], world.queue.deleted, world.queue.kept_away) == (Status.IN_PROGRESS, [], [2])
        del world.diary.failing[step]
        world.now += timedelta(seconds=2)
        world.deliver(2, FORGET)
        assert (world.record["status"], left_of(world), world.photos.stored) == (Status.COMPLETED, STUB, {})

    def test_for_want_of_a_permission_is_final_and_names_it(self, world: World) -> None:
        keep(world)
        world.diary.failing["delete photo"] = DENIED
        world.deliver(command=FORGET)
        assert (world.record["status"], world.queue.deleted) == (Status.FAILED, ["message"])
        assert world.record["forgets"] == SEEN.capture_id
        assert "the permission s3:DeleteObject" in world.record["error"]
        assert "forget it once more when this is mended" in world.record["error"]

    def test_for_want_of_a_permission_is_mended_by_forgetting_it_once_more(self, world: World) -> None:
        keep(world, image_key="elsewhere.jpg")
        world.photos.stored = {"elsewhere.jpg": (PHOTO, SEEN.pressed_at)}
        world.diary.failing["delete photo"] = DENIED
        world.deliver(command=FORGET)
        world.diary.failing.clear()
        world.records.items.pop((PRESS.camera, PRESS.capture_id))
        world.deliver(command=FORGET)
        assert (world.record["status"], left_of(world), world.photos.stored) == (Status.COMPLETED, STUB, {})

    def test_for_good_says_so_at_the_last_receive(self, world: World) -> None:
        world.diary.failing["delete photo"] = AWAY
        world.deliver(5, FORGET)
        assert (world.record["status"], world.record["error"], world.queue.deleted) == ("failed", "away", ["message"])

    def test_on_this_disk_is_tried_again(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_spool: Spool, _press: Press) -> bool:
            raise PermissionError(13, "Permission denied")

        keep(world)
        monkeypatch.setattr(Spool, "delete", refuse)
        world.deliver(command=FORGET)
        assert (world.queue.deleted, world.queue.kept_away) == ([], [2])
        world.now += timedelta(seconds=2)
        world.deliver(5, FORGET)
        assert "the copy on this host stays: [Errno 13] Permission denied" in world.record["error"]


class TestALostLease:
    @pytest.mark.parametrize("moment", ["delete photo", "empty stub"])
    def test_ends_it_and_whoever_has_it_finishes(self, world: World, moment: str) -> None:
        def take_over() -> None:
            world.record["attempt"] = "another"

        keep(world)
        world.diary.meanwhile[moment] = take_over
        world.deliver(command=FORGET)
        assert (world.record["status"], world.queue.deleted) == (Status.IN_PROGRESS, [])


@pytest.mark.parametrize("moment", ["claim", "leave stub", "delete photo", "empty stub"])
def test_a_stop_gives_the_wish_back_and_the_next_attempt_forgets_all(world: World, moment: str) -> None:
    keep(world)
    attempt = world.attempt(command=FORGET)
    world.diary.meanwhile[moment] = attempt.abandon
    attempt.run()
    assert (world.queue.deleted, world.record["status"]) == ([], Status.IN_PROGRESS)
    world.diary.meanwhile.clear()
    world.now += timedelta(seconds=1)
    world.deliver(2, FORGET)
    assert (world.record["status"], left_of(world), world.photos.stored) == (Status.COMPLETED, STUB, {})


def crash() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("moment", ["leave stub", "delete photo", "empty stub", "write completed"])
def test_a_crash_before_a_step_leaves_it_to_the_next_attempt(world: World, moment: str) -> None:
    keep(world)
    world.diary.meanwhile[moment] = crash
    with pytest.raises(KeyboardInterrupt):
        world.deliver(command=FORGET)
    world.diary.meanwhile.clear()
    world.now += timedelta(seconds=31)
    world.deliver(2, FORGET)
    assert (world.record["status"], left_of(world), world.photos.stored) == (Status.COMPLETED, STUB, {})
