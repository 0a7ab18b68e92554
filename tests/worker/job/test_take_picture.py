"""One press, delivered once or more often, with surroundings in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.worker.fakes import PHOTO, PRESS, PRESSED_AT, World
from worker.disk.spool import Spool
from worker.domain.errors import CameraFaulty, CameraRefused, CameraUnreachable, CloudRefused, CloudUnavailable
from worker.domain.photo import MAX_IMAGE_BYTES, StoredPhoto
from worker.domain.press import Press
from worker.domain.record import Status
from worker.domain.timestamp import iso
from worker.job.priority_semaphore import Permit, PrioritySemaphore
from worker.job.take_picture import TakePictureJob

AWAY = CloudUnavailable("away")
HAPPY_SOUND = b"You look happy."
SORRY_SOUND = b"Sorry, I could not look."


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


class Taken(PrioritySemaphore):
    """Never has a permit to give: whoever waits for one finds that it is later."""

    def __init__(self, world: World) -> None:
        super().__init__(0)
        self._world = world

    @contextmanager
    def permit(self, timeout: float, rank: int = 0) -> Iterator[Permit]:
        self._world.now += timedelta(seconds=timeout, milliseconds=1)
        with super().permit(0, rank) as permit:
            yield permit


def spooled(world: World) -> list[bytes]:
    spool = Spool(world.data_dir / "spool")
    noted = [folder.note.press for folder in spool.folders() if folder.note]
    return [kept.photo for press in noted if (kept := spool.load(press))]


class TestAPress:
    def test_becomes_a_photo_a_record_and_a_sentence(self, world: World) -> None:
        world.deliver()
        assert world.photos.stored == {PRESS.image_key: (PHOTO, world.now)}
        assert world.device.said == [HAPPY_SOUND]
        assert world.queue.deleted == ["message"]
        assert spooled(world) == []
        expected = {
            "status": "completed",
            "pressed_at": "2026-11-22T18:44:00.123Z",
            "taken_at": "2026-11-22T18:44:00.523Z",
            "completed_at": "2026-11-22T18:44:00.523Z",
            "image_bucket": "photos",
            "image_key": PRESS.image_key,
            "face_count": 1,
            "top_emotion": "HAPPY",
            "said": "You look happy.",
            "speech": "spoken",
            "worker": "host",
        }
        assert {name: world.record[name] for name in expected} == expected
        steps = {"queue", "snapshot", "faces", "store", "record", "speech_start", "total"}
        assert set(world.record["timings_ms"]) == steps

    def test_was_taken_when_the_camera_saw_it(self, world: World) -> None:
        world.device.age = 0.25
        world.deliver()
        assert world.record["taken_at"] == "2026-11-22T18:44:00.273Z"
        assert world.photos.stored == {PRESS.image_key: (PHOTO, world.now - timedelta(seconds=0.25))}

    def test_is_answered_in_the_order_of_the_design(self, world: World) -> None:
        world.deliver()
        order = world.diary.entries.index
        assert order("snapshot") < order("faces") < order("play")
        assert order("claim") < order("write speech") < order("play")
        assert order("play") < order("write completed") < order("delete")
        assert order("snapshot") < order("store") < order("write completed")

    def test_lets_go_of_its_photo_at_once(self, world: World) -> None:
        attempt = world.attempt()
        attempt.run()
        assert world.record["status"] == Status.COMPLETED
        assert isinstance(attempt._job, TakePictureJob)
        assert attempt._job._shot is None

    def test_is_nodded_at_only_where_the_camera_can(self, world: World) -> None:
        world.nods = False
        world.deliver()
        assert "nod" not in world.diary.entries

    def test_does_not_depend_on_the_nod(self, world: World) -> None:
        world.diary.failing["nod"] = CameraFaulty("stuck")
        world.deliver()
        assert world.record["status"] == Status.COMPLETED

    def test_is_only_recorded_where_the_camera_cannot_speak(self, world: World) -> None:
        world.speaks = False
        world.deliver()
        assert (world.record["speech"], world.device.said) == ("off", [])

    @pytest.mark.parametrize("fault", ["play", "synthesize"])
    def test_is_completed_also_when_it_could_not_be_said(self, world: World, fault: str) -> None:
        world.diary.failing[fault] = {"play": CameraUnreachable("gone"), "synthesize": AWAY}[fault]
        world.deliver()
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "failed")

    def test_has_labels_and_text_where_they_are_asked_for(self, world: World) -> None:
        world.analyses = frozenset({"faces", "labels", "text"})
        world.deliver()
        assert world.record["labels"] == ({"name": "Person", "confidence": 99.0},)
        assert world.record["text"] == ({"text": "EXIT", "confidence": 97.0},)

    def test_does_not_depend_on_labels_and_text(self, world: World) -> None:
        world.analyses = frozenset({"faces", "labels", "text"})
        world.diary.failing |= {"labels": CloudRefused("not here"), "text": AWAY}
        world.deliver()
        assert world.record["status"] == Status.COMPLETED
        assert not {"labels", "text"} & set(world.record)

    @pytest.mark.parametrize("more", [0, 1])
    def test_with_a_large_photo_is_analysed_where_it_is_stored(self, world: World, more: int) -> None:
        world.device.photo = PHOTO[:-2] + bytes(MAX_IMAGE_BYTES + more - len(PHOTO)) + PHOTO[-2:]
        world.deliver()
        image = StoredPhoto("photos", PRESS.image_key) if more else world.device.photo
        assert world.analyst.images == [image]
        if more:
            assert world.diary.of("store", "faces") == ["store", "faces"]

    def test_does_not_depend_on_a_disk(self, world: World, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        world.data_dir = tmp_path / "file"
        world.deliver()
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "spoken")

    def test_is_synchronised_to_the_disk_beside_the_faces(self, world: World) -> None:
        synchronised: list[str] = []
        spool = world.services.spool

        class Synchronised(Spool):
            def sync(self, press: Press) -> None:
                synchronised.append(press.capture_id)
                super().sync(press)

        attempt = world.attempt()
        attempt._job.services = replace(attempt.services, spool=Synchronised(world.data_dir / "spool"))
        attempt.run()
        assert (world.record["status"], synchronised) == (Status.COMPLETED, [PRESS.capture_id])
        assert spool.load(PRESS) is None


class TestTheAge:
    def test_of_a_press_without_a_photo_ends_it(self, world: World) -> None:
        world.now = PRESSED_AT + timedelta(seconds=121)
        world.deliver()
        assert (world.record["status"], world.queue.deleted) == (Status.EXPIRED, ["message"])
        assert not {"snapshot", "play", "faces"} & set(world.diary.entries)

    @pytest.mark.parametrize("age", [0, 121])
    def test_of_a_press_without_a_photo_ends_it_also_while_the_lens_is_taken(self, world: World, age: int) -> None:
        world.now = PRESSED_AT + timedelta(seconds=age)
        attempt = world.attempt()
        attempt.camera = replace(attempt.camera, lens=Taken(world))
        attempt._job.camera = attempt.camera
        attempt.run()
        assert (world.record["status"], world.queue.deleted) == (Status.EXPIRED, ["message"])
        assert not {"snapshot", "keep away"} & set(world.diary.entries)

    @pytest.mark.parametrize("age", [0, 121])
    def test_of_a_press_without_a_photo_ends_it_also_while_no_place_is_free(self, world: World, age: int) -> None:
        world.now = PRESSED_AT + timedelta(seconds=age)
        world.places = Taken(world)
        world.deliver()
        assert (world.record["status"], world.queue.deleted) == (Status.EXPIRED, ["message"])
        assert not {"snapshot", "keep away"} & set(world.diary.entries)

    def test_of_a_press_with_a_photo_does_not_end_it_while_no_place_is_free(self, world: World) -> None:
        world.services.spool.save(PRESS, PHOTO, PRESSED_AT)
        world.now = PRESSED_AT + timedelta(seconds=121)
        world.places = Taken(world)
        world.deliver()
        assert (world.record, world.queue.kept_away) == ({}, [0])

    def test_of_a_press_with_a_photo_only_keeps_it_silent(self, world: World) -> None:
        world.services.spool.save(PRESS, PHOTO, PRESSED_AT)
        world.now = PRESSED_AT + timedelta(hours=1)
        world.deliver(2)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "stale")
        assert world.device.said == []
        assert PRESS.image_key in world.photos.stored

    def test_of_an_answer_that_came_late_keeps_it_silent(self, world: World) -> None:
        def late() -> None:
            world.now = PRESSED_AT + timedelta(seconds=31)

        world.diary.meanwhile["synthesize"] = late
        world.deliver()
        assert (world.record["speech"], world.device.said) == ("stale", [])


class TestARedelivery:
    def test_as_another_message_keeps_the_photo_and_repeats_no_step(self, world: World) -> None:
        world.photos.stored[PRESS.image_key] = (PHOTO, PRESSED_AT)
        world.leave(image_key=PRESS.image_key, said="You look happy.", speech="spoken", face_count=1)
        world.device.photo = b"\xff\xd8second\xff\xd9"
        world.deliver(1)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "spoken")
        assert world.photos.stored[PRESS.image_key] == (PHOTO, PRESSED_AT)
        assert not {"faces", "store", "play", "nod"} & set(world.diary.entries)

    @pytest.mark.parametrize("noted", [{"image_key": PRESS.image_key}, {}])
    def test_that_finds_no_place_does_not_expire_what_another_host_has_photographed(
        self, world: World, noted: dict[str, str]
    ) -> None:
        world.photos.stored[PRESS.image_key] = (PHOTO, PRESSED_AT)
        world.leave(**noted)
        world.now = PRESSED_AT + timedelta(seconds=121)
        world.attempt(2).turn_away()
        assert (world.record["status"], world.queue.kept_away) == (Status.IN_PROGRESS, [8])

    def test_of_a_completed_press_is_deleted_and_nothing_more(self, world: World) -> None:
        world.deliver()
        world.deliver(2)
        assert world.diary.of("snapshot", "faces", "store", "play", "delete") == [
            *("snapshot", *sorted(world.diary.of("faces", "store"), key=world.diary.entries.index), "play"),
            *("delete", "delete"),
        ]
        assert world.device.said == [HAPPY_SOUND]

    @pytest.mark.parametrize("status", [Status.COMPLETED, Status.EXPIRED, Status.FAILED])
    def test_of_a_press_that_is_done_takes_no_photo(self, world: World, status: Status) -> None:
        world.leave(status=status)
        world.deliver(2)
        assert world.diary.entries == ["claim", "delete"]

    def test_of_a_press_that_is_done_clears_what_a_crash_left_of_it(self, world: World) -> None:
        world.services.spool.save(PRESS, PHOTO, PRESSED_AT)
        world.leave(status=Status.COMPLETED, image_key=PRESS.image_key)
        world.deliver(2)
        assert spooled(world) == []

    def test_of_a_press_that_is_done_keeps_a_photo_that_is_not_stored(self, world: World) -> None:
        world.services.spool.save(PRESS, PHOTO, PRESSED_AT)
        world.leave(status=Status.FAILED)
        world.deliver(2)
        assert spooled(world) == [PHOTO]

    def test_that_another_works_on_comes_back_after_the_rest_of_the_lease(self, world: World) -> None:
        world.leave(lease_until="2026-11-22T18:44:20.523Z")
        world.deliver(2)
        assert world.queue.kept_away == [21.0]
        assert world.diary.entries == ["claim", "keep away"]

    @pytest.mark.parametrize("last_receive", [5, 1])
    def test_for_the_last_time_outlasts_another_that_died(self, world: World, last_receive: int) -> None:
        world.max_receive_count = last_receive
        world.leave(lease_until="2026-11-22T18:44:20.523Z", speech="started")
        world.deliver(last_receive)
        assert world.paused == [21.0]
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "unknown")
        assert (world.queue.deleted, world.queue.kept_away) == (["message"], [])

    def test_for_the_last_time_outlasts_another_that_ends_it(self, world: World) -> None:
        def end() -> None:
            world.record["status"] = Status.COMPLETED

        world.leave(lease_until="2026-11-22T18:44:20.523Z")
        world.diary.meanwhile["pause"] = end
        world.deliver(5)
        assert (world.queue.deleted, world.diary.entries) == (["message"], ["claim", "pause", "claim", "delete"])

    def test_at_once_drops_the_photo_that_was_not_wanted(self, world: World) -> None:
        world.leave(lease_until="2026-11-22T18:44:20.523Z")
        world.deliver(1)
        assert spooled(world) == []
        assert not {"faces", "store", "play", "delete"} & set(world.diary.entries)

    def test_goes_on_from_the_spool_and_repeats_nothing(self, world: World) -> None:
        world.diary.failing["write completed"] = AWAY
        world.deliver(1)
        assert spooled(world) == [PHOTO]
        world.diary.failing.clear()
        world.device.photo = b"\xff\xd8second\xff\xd9"
        world.now += timedelta(seconds=2)
        world.deliver(2)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "spoken")
        assert sorted(world.diary.of("snapshot", "faces", "store", "play")) == ["faces", "play", "snapshot", "store"]
        assert world.photos.stored[PRESS.image_key][0] == PHOTO
        assert spooled(world) == []

    def test_on_another_host_goes_on_from_the_stored_photo(self, world: World) -> None:
        world.photos.stored[PRESS.image_key] = (PHOTO, PRESSED_AT)
        world.leave()
        world.deliver(2)
        assert not {"snapshot", "store", "nod"} & set(world.diary.entries)
        assert (world.record["taken_at"], world.record["status"]) == ("2026-11-22T18:44:00.123Z", Status.COMPLETED)

    @pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1)])
    def test_after_a_crash_while_it_was_said_says_nothing_again(self, world: World, late: timedelta) -> None:
        world.services.spool.save(PRESS, PHOTO, PRESSED_AT)
        world.leave(speech="started")
        world.now += late
        world.deliver(2)
        assert (world.record["speech"], world.device.said) == ("unknown", [])
        assert world.record["status"] == Status.COMPLETED


class TestAFailure:
    def test_is_tried_again_after_a_while_with_the_lease_given_back(self, world: World) -> None:
        world.diary.failing["faces"] = AWAY
        world.deliver(2)
        assert world.queue.kept_away == [8]
        assert (world.record["status"], world.record["lease_until"]) == (Status.IN_PROGRESS, "2026-11-22T18:44:00.523Z")
        assert "speech" not in world.record
        assert world.queue.deleted == []

    def test_on_the_last_receive_is_recorded_with_the_photo_kept_and_its_person_told(self, world: World) -> None:
        world.diary.failing["faces"] = CloudUnavailable("rekognition:DetectFaces: throttled")
        world.deliver(5)
        assert (world.record["status"], world.record["error"]) == (Status.FAILED, "rekognition:DetectFaces: throttled")
        assert (world.record["image_key"], world.record["said"]) == (PRESS.image_key, "Sorry, I could not look.")
        assert world.device.said == [SORRY_SOUND]
        assert (world.queue.deleted, spooled(world)) == (["message"], [])

    def test_that_cannot_get_better_is_final_at_once(self, world: World) -> None:
        world.diary.failing["faces"] = CloudRefused("denied")
        world.deliver(1)
        assert (world.record["status"], world.record["error"]) == (Status.FAILED, "denied")

    @pytest.mark.parametrize(
        ("error", "receive_count"), [(CameraRefused("wrong password"), 1), (CameraUnreachable("no answer"), 5)]
    )
    def test_of_the_camera_is_not_told_through_it(
        self, world: World, error: CameraRefused | CameraUnreachable, receive_count: int
    ) -> None:
        world.diary.failing["snapshot"] = error
        world.deliver(receive_count)
        assert (world.record["status"], world.record["error"], world.device.said) == (Status.FAILED, str(error), [])

    def test_of_the_bucket_keeps_the_photo_on_disk(self, world: World) -> None:
        world.diary.failing["store"] = AWAY
        world.deliver(5)
        assert (world.record["status"], spooled(world)) == (Status.FAILED, [PHOTO])
        assert "image_key" not in world.record
        assert world.device.said == [HAPPY_SOUND]

    def test_that_cannot_even_be_recorded_leaves_the_message_to_the_dead_letter_queue(self, world: World) -> None:
        world.diary.failing |= {"claim": AWAY, "snapshot": CameraFaulty("busy")}
        with capture_logs() as logs:
            world.deliver(5)
        assert (world.queue.kept_away, world.queue.deleted) == ([0], [])
        assert any(entry["action"] == "dead_letter" and entry["reason"] for entry in logs)

    def test_that_nobody_foresaw_is_a_failure_like_others(self, world: World) -> None:
        world.diary.failing["faces"] = ZeroDivisionError("whoops")
        with capture_logs() as logs:
            world.deliver(5)
        assert (world.record["status"], world.record["error"]) == (Status.FAILED, "whoops")
        assert any(entry.get("exc_info") for entry in logs)

    def test_of_the_mark_says_nothing_at_all(self, world: World) -> None:
        world.diary.failing["write speech"] = AWAY
        world.deliver(5)
        assert (world.record["status"], world.device.said) == (Status.FAILED, [])

    def test_of_a_crowd_is_not_told_through_a_camera_that_others_wait_for(self, world: World) -> None:
        world.attempt(5).turn_away()
        assert (world.record["status"], world.device.said) == (Status.FAILED, [])

    def test_to_get_a_place_on_the_last_receive_is_recorded_with_the_photo_kept(self, world: World) -> None:
        world.services.spool.save(PRESS, PHOTO, PRESSED_AT)
        world.places = Taken(world)
        world.deliver(5)
        assert (world.record["status"], world.queue.deleted) == (Status.FAILED, ["message"])

    def test_of_a_crowd_is_tried_again(self, world: World) -> None:
        world.attempt(1).turn_away()
        assert (world.queue.kept_away, world.diary.entries) == ([2], ["keep away"])

    def test_of_a_crowd_is_recorded_on_the_last_receive(self, world: World) -> None:
        world.attempt(5).turn_away()
        assert (world.record["status"], world.queue.deleted) == (Status.FAILED, ["message"])

    def test_that_is_tried_again_notes_in_the_spool_when_its_message_comes_back(self, world: World) -> None:
        world.diary.failing["faces"] = AWAY
        world.deliver(2)
        kept = world.services.spool.load(PRESS)
        assert kept
        assert kept.progress["back_at"] == iso(world.now + timedelta(seconds=8))


class TestALostLease:
    def test_on_the_last_receive_says_once_why_the_message_is_a_dead_letter(self, world: World) -> None:
        world.diary.meanwhile["faces"] = lambda: world.record.update(attempt="another")
        with capture_logs() as logs:
            world.deliver(5)
        assert [entry["action"] for entry in logs].count("dead_letter") == 1

    @pytest.mark.parametrize("moment", ["faces", "synthesize"])
    def test_ends_everything(self, world: World, moment: str) -> None:
        def take_over() -> None:
            world.record["attempt"] = "another"

        world.diary.meanwhile[moment] = take_over
        world.deliver()
        assert world.record["attempt"] == "another"
        assert world.record["status"] == Status.IN_PROGRESS
        assert world.queue.deleted == []


class TestAStop:
    def test_gives_back_what_has_no_place_yet(self, world: World) -> None:
        world.places.close()
        world.deliver()
        assert (world.queue.kept_away, world.diary.entries) == ([0], ["keep away"])

    @pytest.mark.parametrize("moment", ["claim", "faces", "synthesize"])
    def test_gives_back_what_is_in_work_and_says_nothing_any_more(self, world: World, moment: str) -> None:
        attempt = world.attempt()
        world.diary.meanwhile[moment] = attempt.abandon
        attempt.run()
        assert world.queue.kept_away == [0]
        assert (world.queue.deleted, world.device.said) == ([], [])
        assert world.record["lease_until"] == "2026-11-22T18:44:00.523Z"
        assert "speech" not in world.record
        assert spooled(world) == [PHOTO]

    def test_on_the_last_receive_says_why_the_message_is_a_dead_letter(self, world: World) -> None:
        attempt = world.attempt(5)
        world.diary.meanwhile["faces"] = attempt.abandon
        with capture_logs() as logs:
            attempt.run()
        [entry] = [entry for entry in logs if entry["action"] == "dead_letter"]
        assert (entry["log_level"], entry["message_id"]) == ("error", "message")
        assert entry["reason"]

    @pytest.mark.parametrize("host", ["same", "other"])
    def test_in_the_middle_of_a_sentence_leaves_the_mark(self, world: World, host: str) -> None:
        attempt = world.attempt()
        world.diary.meanwhile["play"] = attempt.abandon
        attempt.run()
        assert (world.record["speech"], world.queue.deleted) == ("started", [])
        world.now += timedelta(seconds=1)
        world.data_dir = {"same": world.data_dir, "other": world.data_dir / "other"}[host]
        world.deliver(2)
        assert (world.record["speech"], world.device.said) == ("unknown", [HAPPY_SOUND])
