import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.worker.fakes import PHOTO, PRESS, World
from worker.disk.spool import Spool
from worker.domain.clip import SpooledClip
from worker.domain.errors import CloudError, CloudRefused, CloudUnavailable
from worker.domain.photo import SpoolFolder
from worker.domain.press import Press
from worker.domain.record import MESSAGE_LIFE, Status
from worker.domain.timestamp import iso
from worker.runtime.sweep import INTERVAL_SECONDS, MAX_SPOOL_BYTES, MAX_SPOOL_PHOTOS, Sweeper

LEASE = timedelta(seconds=30)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
INTERVAL = timedelta(seconds=INTERVAL_SECONDS)
DENIED = CloudRefused("s3:PutObject: AccessDenied")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A worker that crashed with a photo in its spool."""
    world = World(tmp_path)
    world.services.spool.save(PRESS, PHOTO, world.now)
    return world


class Hands:
    """Whether the press is being worked on."""

    full = False

    def hold(self, _press: Press) -> bool:
        return self.full


def sweeper(world: World, hands: Hands | None = None) -> Sweeper:
    """One whose worker has just polled an empty queue."""
    sweeper = Sweeper(world.services, (hands or Hands()).hold, LEASE)
    sweeper.note_empty_queue()
    return sweeper


def sweep_after(passed: timedelta, world: World, sweeper: Sweeper) -> None:
    """Look into the spool now, and once more when time has passed and the queue was still empty."""
    sweeper.sweep()
    world.now += passed
    sweeper.note_empty_queue()
    sweeper.sweep()


def is_kept(world: World, press: Press = PRESS) -> bool:
    return Spool(world.data_dir / "spool").load(press) is not None


def kept_clip(world: World) -> SpooledClip:
    clip = world.services.spool.clip(PRESS)
    assert clip is not None
    return clip


def others(count: int) -> list[Press]:
    """As many presses, one a second later than the other."""
    moments = (PRESS.pressed_at + timedelta(seconds=number) for number in range(1, count + 1))
    return [replace(PRESS, press_id=f"other-{number}", pressed_at=moment) for number, moment in enumerate(moments)]


class TestAPhotoWhoseRecordIsDone:
    def test_is_cleared_when_it_is_stored(self, world: World) -> None:
        world.leave(status=Status.COMPLETED, image_key=PRESS.image_key, lease_until="whenever")
        Sweeper(world.services, Hands().hold, LEASE).sweep()
        assert (is_kept(world), world.photos.stored) == (False, {})

    def test_is_stored_first_otherwise(self, world: World) -> None:
        world.leave(status=Status.FAILED)
        sweeper(world).sweep()
        assert not is_kept(world)
        assert world.photos.stored[PRESS.image_key][0] == PHOTO
        assert (world.record["status"], world.record["image_key"]) == (Status.FAILED, PRESS.image_key)

    def test_is_left_alone_while_the_press_is_in_hand(self, world: World) -> None:
        world.leave(status=Status.COMPLETED, image_key=PRESS.image_key)
        hands = Hands()
        hands.full = True
        sweeper(world, hands).sweep()
        assert is_kept(world)


class TestAnOrphan:
    @pytest.mark.parametrize("recorded", [True, False])
    def test_becomes_a_failed_record_with_its_photo(self, world: World, *, recorded: bool) -> None:
        if recorded:
            world.leave(speech="started")
        sweep_after(4 * MINUTE, world, sweeper(world))
        assert not is_kept(world)
        assert (world.record["status"], world.record["image_key"]) == (Status.FAILED, PRESS.image_key)
        assert "stopped in the middle" in world.record["error"]
        assert world.record.get("speech") == ("unknown" if recorded else None)

    def test_whose_photo_is_torn_becomes_a_failed_record_without_one(self, world: World) -> None:
        world.leave()
        (photo,) = world.data_dir.rglob("photo.jpg")
        photo.write_bytes(PHOTO[:-2])
        sweep_after(4 * MINUTE, world, sweeper(world))
        assert (list(world.services.spool.folders()), world.photos.stored) == ([], {})
        assert (world.record["status"], "is broken" in world.record["error"]) == (Status.FAILED, True)

    def test_waits_while_the_queue_was_never_empty(self, world: World) -> None:
        world.leave()
        busy = Sweeper(world.services, Hands().hold, LEASE)
        busy.sweep()
        world.now += HOUR
        busy.sweep()
        assert (is_kept(world), world.record["status"]) == (True, Status.IN_PROGRESS)

    def test_waits_when_the_queue_was_empty_before_its_message_had_to_be_visible(self, world: World) -> None:
        once_empty = sweeper(world)
        world.leave(lease_until=iso(world.now + LEASE))
        once_empty.sweep()
        world.now += LEASE + MINUTE
        once_empty.note_empty_queue()
        world.now += HOUR
        once_empty.sweep()
        assert (is_kept(world), world.record["status"]) == (True, Status.IN_PROGRESS)

    def test_waits_when_the_poll_was_asked_too_early_though_it_was_answered_in_time(self, world: World) -> None:
        world.leave()
        sweep_after(LEASE + 2 * MINUTE + timedelta(seconds=20), world, sweeper(world))
        assert is_kept(world)

    def test_waits_for_a_message_that_was_given_back_without_a_claim(self, world: World) -> None:
        swept = sweeper(world)
        swept.sweep()
        world.now += 4 * MINUTE
        world.services.spool.note(PRESS, back_at=iso(world.now + MINUTE))
        swept.note_empty_queue()
        swept.sweep()
        assert is_kept(world)
        sweep_after(4 * MINUTE, world, swept)
        assert not is_kept(world)

    def test_waits_for_a_message_that_was_in_hand_a_moment_ago(self, world: World) -> None:
        hands = Hands()
        swept = sweeper(world, hands)
        swept.sweep()
        hands.full = True
        world.now += 4 * MINUTE
        swept.note_empty_queue()
        swept.sweep()
        hands.full = False
        swept.sweep()
        assert is_kept(world)

    def test_of_a_worker_that_was_off_for_long_waits_as_long_as_one_that_was_not(self, world: World) -> None:
        world.leave()
        world.now += DAY
        sweeper(world).sweep()
        assert is_kept(world)

    def test_another_has_taken_up_is_left_to_it(self, world: World) -> None:
        def take_over() -> None:
            world.record["attempt"] = "another"

        world.leave()
        world.diary.meanwhile["store"] = take_over
        sweep_after(HOUR, world, sweeper(world))
        assert (is_kept(world), world.record["status"]) == (True, Status.IN_PROGRESS)


@pytest.mark.parametrize("step", ["store", "claim", "write image_bucket", "write failed"])
def test_what_cannot_be_brought_home_stays_and_is_brought_home_later(world: World, step: str) -> None:
    world.leave(**({"status": Status.FAILED} if step == "write image_bucket" else {}))
    world.diary.failing[step] = CloudUnavailable("away")
    swept = sweeper(world)
    sweep_after(HOUR, world, swept)
    assert (is_kept(world), step in world.diary.entries) == (True, True)
    world.diary.failing.clear()
    sweep_after(HOUR, world, swept)
    assert (is_kept(world), world.record["status"]) == (False, Status.FAILED)
    assert world.record["image_key"] == PRESS.image_key
    assert len(world.diary.of("store")) == (2 if step == "store" else 1)


class TestTrouble:
    @pytest.mark.parametrize(
        "foreign",
        [
            {"status": "archived"},
            {"status": None},
            {"status": Status.FAILED, "attempt": None},
            {"status": Status.IN_PROGRESS, "lease_until": "tomorrow"},
            {"status": Status.IN_PROGRESS, "lease_until": 7},
        ],
    )
    def test_with_a_record_that_is_not_understood_costs_that_photo_its_turn(
        self, world: World, foreign: dict[str, Any]
    ) -> None:
        [other] = others(1)
        world.services.spool.save(other, PHOTO, world.now)
        world.leave()
        world.record.update(foreign)
        for name in [name for name, value in foreign.items() if value is None]:
            del world.record[name]
        world.records.items[other.camera, other.capture_id] = {"status": Status.COMPLETED, "image_key": "k"}
        with capture_logs() as logs:
            sweeper(world).sweep()
        assert (is_kept(world), is_kept(world, other)) == (True, False)
        assert [(entry["action"], entry["stuck"], entry["cleared"]) for entry in logs] == [("spool_swept", 1, 1)]

    def test_whatever_it_is_does_not_end_the_sweeping(self, world: World) -> None:
        class Worn(Spool):
            def folders(self) -> Iterator[SpoolFolder]:
                raise OSError("the card is worn out")

        class Rounds(Event):
            left = 3

            def wait(self, timeout: float | None = None) -> bool:
                assert timeout == INTERVAL_SECONDS
                self.left -= 1
                return not self.left

        stopping = Rounds()
        services = replace(world.services, spool=Worn(world.data_dir))
        with capture_logs() as logs:
            Sweeper(services, Hands().hold, LEASE).keep_sweeping(stopping)
        assert [entry["action"] for entry in logs] == ["sweep_failed"] * 3
        assert not stopping.left

    @pytest.mark.parametrize("error", [DENIED, CloudUnavailable("s3:PutObject: away")])
    def test_with_the_bucket_costs_few_uploads_and_one_line_a_round(self, world: World, error: CloudError) -> None:
        for press in others(49):
            world.services.spool.save(press, PHOTO, world.now)
            world.records.items[press.camera, press.capture_id] = {"status": Status.FAILED, "attempt": "a"}
        world.leave(status=Status.FAILED)
        world.diary.failing["store"] = error
        swept = sweeper(world)
        uploads = []
        for _ in range(2):
            before = len(world.diary.of("store"))
            for _ in range(30):
                with capture_logs() as logs:
                    swept.sweep()
                assert len(logs) <= 1
                assert all(str(error) in entry["reason"] for entry in logs)
                world.now += INTERVAL
            uploads.append(len(world.diary.of("store")) - before)
        assert max(uploads) <= 30
        world.diary.failing.clear()
        for _ in range(61):
            swept.sweep()
            world.now += INTERVAL
        assert list(world.services.spool.folders()) == []

    def test_with_a_full_disk_does_not_keep_what_fills_it(self, world: World) -> None:
        class FullDisk(Spool):
            def note(self, press: Press, **finished: Any) -> None:  # noqa: ARG002 - the signature it stands for
                raise OSError(28, "No space left on device")

        world.leave(status=Status.FAILED)
        services = replace(world.services, spool=FullDisk(world.data_dir / "spool"))
        Sweeper(services, Hands().hold, LEASE).sweep()
        assert (list(world.photos.stored), is_kept(world)) == ([PRESS.image_key], False)

    def test_with_one_photo_keeps_no_finished_one_waiting(self, world: World) -> None:
        finished = others(1)[0]
        world.leave(status=Status.FAILED)
        world.services.spool.save(finished, PHOTO, world.now)
        world.records.items[finished.camera, finished.capture_id] = {"status": Status.COMPLETED, "image_key": "k"}
        world.diary.failing["store"] = DENIED
        sweeper(world).sweep()
        assert (is_kept(world), is_kept(world, finished)) == (True, False)

    def test_with_the_table_is_found_out_once_a_round(self, world: World) -> None:
        class Away:
            asked = 0

            def get(self, _camera: str, _capture_id: str) -> None:
                self.asked += 1
                raise CloudUnavailable("dynamodb:GetItem: away")

        for press in others(9):
            world.services.spool.save(press, PHOTO, world.now)
        away: Any = Away()
        Sweeper(replace(world.services, records=away), Hands().hold, LEASE).sweep()
        assert away.asked == 1


class TestWhatWasForgotten:
    def test_on_another_host_is_deleted_and_not_stored(self, world: World) -> None:
        world.records.items[PRESS.camera, PRESS.capture_id] = {"status": "forgotten"}
        sweep_after(HOUR, world, sweeper(world))
        assert (list(world.services.spool.folders()), world.photos.stored) == ([], {})
        assert world.record == {"status": "forgotten"}

    def test_while_it_was_being_stored_is_deleted_there_too(self, world: World) -> None:
        def forget() -> None:
            world.records.items[PRESS.camera, PRESS.capture_id] = {"status": "forgotten"}

        world.leave(status=Status.FAILED)
        world.diary.meanwhile["store"] = forget
        swept = sweeper(world)
        swept.sweep()
        swept.sweep()
        assert (list(world.services.spool.folders()), world.photos.stored) == ([], {})

    def test_and_may_not_be_deleted_in_the_bucket_is_told(self, world: World) -> None:
        world.records.items[PRESS.camera, PRESS.capture_id] = {"status": "forgotten"}
        world.diary.failing["delete photo"] = CloudRefused("s3:DeleteObject: AccessDenied")
        with capture_logs() as logs:
            sweeper(world).sweep()
        assert not is_kept(world)
        [told] = [entry for entry in logs if entry["action"] == "forgotten_photo_perhaps_stored"]
        assert (told["log_level"], told["capture_id"]) == ("error", PRESS.capture_id)

    def test_so_long_ago_that_no_stub_is_left_is_not_stored_anew(self, world: World) -> None:
        world.now += MESSAGE_LIFE
        with capture_logs() as logs:
            sweep_after(HOUR, world, sweeper(world))
        assert (list(world.services.spool.folders()), world.photos.stored, world.record) == ([], {}, {})
        assert [entry["capture_id"] for entry in logs if entry["action"] == "spooled_photo_given_up"] == [
            PRESS.capture_id
        ]

    @pytest.mark.parametrize("status", [Status.FAILED, Status.IN_PROGRESS])
    def test_on_this_host_while_it_was_being_stored_does_not_stay_in_the_bucket(
        self, world: World, status: Status
    ) -> None:
        world.leave(status=status)
        key = (PRESS.camera, PRESS.capture_id)

        def forget() -> None:
            world.records.items[key] = {"status": Status.FORGOTTEN}
            world.services.spool.clear(PRESS)

        world.diary.meanwhile["store"] = forget
        sweep_after(HOUR, world, sweeper(world))
        assert (world.photos.stored, is_kept(world)) == ({}, False)


class TestAPhotoIsGivenUpLoudly:
    def test_when_it_could_not_be_stored_for_as_long_as_a_record_is_kept(self, world: World) -> None:
        world.leave(status=Status.IN_PROGRESS)
        world.now += 31 * DAY
        world.diary.failing["store"] = DENIED
        with capture_logs() as logs:
            sweeper(world).sweep()
        assert not is_kept(world)
        assert (world.record["status"], "RETENTION_DAYS" in world.record["error"]) == (Status.FAILED, True)
        assert "spooled_photo_given_up" in {entry["action"] for entry in logs if entry["log_level"] == "error"}

    def test_when_the_spool_holds_too_many_and_it_is_the_oldest(self, world: World) -> None:
        newer = others(MAX_SPOOL_PHOTOS)
        for press in newer:
            world.services.spool.save(press, PHOTO, world.now)
        with capture_logs() as logs:
            sweeper(world).sweep()
        assert (is_kept(world), len(list(world.services.spool.folders()))) == (False, len(newer))
        assert (world.record["status"], "the spool holds more" in world.record["error"]) == (Status.FAILED, True)
        given_up = [entry for entry in logs if entry["action"] == "spooled_photo_given_up"]
        assert [(entry["log_level"], entry["capture_id"]) for entry in given_up] == [("error", PRESS.capture_id)]

    def test_when_the_spool_is_too_large_and_aws_is_away(self, world: World) -> None:
        oldest, *newer = [PRESS, *others(2)]
        for press in newer:
            world.services.spool.save(press, PHOTO, world.now)
        for photo in world.data_dir.rglob("photo.jpg"):
            os.truncate(photo, MAX_SPOOL_BYTES // 3)
        world.diary.failing["claim"] = CloudUnavailable("dynamodb:UpdateItem: away")
        with capture_logs() as logs:
            sweeper(world).sweep()
        assert [folder.note.press for folder in world.services.spool.folders() if folder.note] == newer
        [given_up] = [entry for entry in logs if entry["action"] == "spooled_photo_given_up"]
        assert (given_up["capture_id"], "away" in given_up["unrecorded"]) == (oldest.capture_id, True)

    def test_when_nobody_has_known_for_a_day_whose_it_is(self, world: World) -> None:
        (note,) = world.data_dir.rglob("press.json")
        note.write_bytes(b"\0" * 100)
        swept = sweeper(world)
        now = time.time()
        world.now = world.now.fromtimestamp(now, world.now.tzinfo)
        sweep_after(23 * HOUR, world, swept)
        assert note.exists()
        with capture_logs() as logs:
            sweep_after(2 * HOUR, world, swept)
        assert not note.parent.exists()
        assert "spooled_photo_given_up" in [entry["action"] for entry in logs]
        assert (world.photos.stored, world.record) == ({}, {})


def test_a_press_in_hand_is_not_given_up_for_room(world: World) -> None:
    (photo,) = world.data_dir.rglob("photo.jpg")
    os.truncate(photo, 2 * MAX_SPOOL_BYTES)
    hands = Hands()
    hands.full = True
    sweeper(world, hands).sweep()
    assert photo.exists()


class TestAClip:
    @pytest.fixture
    def world(self, tmp_path: Path) -> World:
        """A worker that crashed while it recorded."""
        world = World(tmp_path)
        world.services.spool.begin_clip(PRESS, world.now).write_bytes(b"ppp")
        return world

    def sweeper(self, world: World) -> Sweeper:
        assert world.recorder is not None
        sweeper = Sweeper(world.services, Hands().hold, LEASE, world.recorder.finish)
        sweeper.note_empty_queue()
        return sweeper

    def is_kept(self, world: World) -> bool:
        return world.services.spool.clip(PRESS) is not None

    @pytest.mark.parametrize("recorded", [True, False])
    def test_that_is_an_orphan_is_finished_and_becomes_a_failed_record_with_it(
        self, world: World, *, recorded: bool
    ) -> None:
        if recorded:
            world.leave(command="RecordVideo", speech="started")
        sweep_after(4 * MINUTE, world, self.sweeper(world))
        assert not self.is_kept(world)
        assert world.photos.clips[PRESS.video_key][0] == b"finishedppp"
        assert (world.record["status"], world.record["command"]) == (Status.FAILED, "RecordVideo")
        told = {name: world.record[name] for name in ("video", "video_seconds", "video_bytes", "video_key")}
        assert told == {"video": "partial", "video_seconds": 3.0, "video_bytes": 11, "video_key": PRESS.video_key}
        assert world.record.get("speech") == ("unknown" if recorded else None)

    def test_whose_record_is_done_is_stored_and_then_cleared(self, world: World) -> None:
        world.leave(status=Status.FAILED)
        self.sweeper(world).sweep()
        assert (self.is_kept(world), list(world.photos.clips)) == (False, [PRESS.video_key])
        assert (world.record["status"], world.record["video_key"]) == (Status.FAILED, PRESS.video_key)

    def test_that_another_host_has_stored_is_cleared(self, world: World) -> None:
        world.leave(status=Status.COMPLETED, video_key=PRESS.video_key)
        self.sweeper(world).sweep()
        assert (self.is_kept(world), world.photos.clips) == (False, {})

    def test_that_was_forgotten_is_deleted_here_and_where_it_may_have_been_stored(self, world: World) -> None:
        world.services.photos.store_clip(PRESS.video_key, kept_clip(world))
        world.leave(status=Status.FORGOTTEN)
        self.sweeper(world).sweep()
        assert (self.is_kept(world), world.photos.clips) == (False, {})

    @pytest.mark.parametrize("grown", [b"", b"head only"])
    def test_in_which_there_is_nothing_to_be_seen_ends_its_press_without_one(self, world: World, grown: bytes) -> None:
        world.services.spool.begin_clip(PRESS, world.now).write_bytes(grown)
        world.leave(command="RecordVideo")
        sweep_after(4 * MINUTE, world, self.sweeper(world))
        assert (list(world.services.spool.folders()), world.photos.clips) == ([], {})
        assert (world.record["status"], "clip on this host is broken" in world.record["error"]) == (Status.FAILED, True)

    def test_of_a_worker_that_can_record_no_more_is_stored_as_it_grew(self, world: World) -> None:
        world.leave(command="RecordVideo")
        sweep_after(4 * MINUTE, world, sweeper(world))
        assert world.photos.clips[PRESS.video_key][0] == b"ppp"
        assert (world.record["status"], world.record["video"]) == (Status.FAILED, "partial")

    def test_that_could_not_be_stored_is_finished_once(self, world: World) -> None:
        world.leave(command="RecordVideo")
        world.diary.failing["store"] = DENIED
        patient = self.sweeper(world)
        sweep_after(4 * MINUTE, world, patient)
        assert self.is_kept(world)
        world.diary.failing.clear()
        world.now += 5 * MINUTE
        patient.note_empty_queue()
        patient.sweep()
        assert (world.diary.of("finish"), self.is_kept(world)) == (["finish"], False)
        assert world.photos.clips[PRESS.video_key][0] == b"finishedppp"

    def test_that_is_being_recorded_is_left_alone(self, world: World) -> None:
        hands = Hands()
        hands.full = True
        sweep_after(4 * MINUTE, world, sweeper(world, hands))
        assert (self.is_kept(world), world.record) == (True, {})

    def test_counts_with_its_bytes(self, world: World) -> None:
        [folder] = world.services.spool.folders()
        assert folder.size > 3
