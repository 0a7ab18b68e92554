"""One clip, delivered once or more often, with surroundings in memory."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from structlog.testing import capture_logs

from tests.worker.fakes import PRESS, PRESSED_AT, FakeRecorder, World
from worker.disk.spool import Spool
from worker.domain.clip import Clip, SpooledClip, Video
from worker.domain.errors import CameraFaulty, CameraRefused, CameraUnreachable, CloudRefused, CloudUnavailable
from worker.domain.record import Status
from worker.domain.record_video import RecordVideo
from worker.domain.timestamp import iso
from worker.domain.video import ClipWish

AWAY = CloudUnavailable("away")
DENIED = CloudRefused("rekognition:DetectFaces: AccessDenied")
CLIP = RecordVideo(5)
HAPPY_SOUND, SORRY_SOUND = b"You look happy.", b"Sorry, I could not look."
LOOKED = [{"second": second, "face_count": 1, "mood": {"HAPPY": 1}} for second in (0, 2, 4)]
LONG = 20.0


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def recorder(world: World) -> FakeRecorder:
    assert world.recorder is not None
    return world.recorder


def left_in_spool(world: World, grown: bytes = b"ppp", **progress: object) -> None:
    """What an attempt leaves that was killed while it recorded."""
    world.services.spool.begin_clip(PRESS, PRESSED_AT).write_bytes(grown)
    world.services.spool.note(PRESS, **progress)


def kept(world: World) -> SpooledClip | None:
    return world.services.spool.clip(PRESS)


class TestAClip:
    def test_is_recorded_stored_looked_at_and_told(self, world: World) -> None:
        world.deliver(command=CLIP)
        assert world.device.said == [HAPPY_SOUND]
        assert world.queue.deleted == ["message"]
        timings = world.record.pop("timings_ms")
        assert set(timings) == {"queue", "faces", "store", "record", "speech_start", "total"}
        assert world.record == {
            "status": "completed",
            "command": "RecordVideo",
            "pressed_at": "2026-11-22T18:44:00.123Z",
            "taken_at": "2026-11-22T18:44:00.123Z",
            "completed_at": "2026-11-22T18:44:05.523Z",
            "video_bucket": "photos",
            "video_key": PRESS.video_key,
            "video_seconds": 5.0,
            "video_bytes": 13,
            "video": "complete",
            "moments": LOOKED,
            "face_count": 1,
            "top_emotion": "HAPPY",
            "top_confidence": 98.5,
            "said": "You look happy.",
            "speech": "spoken",
            "worker": "host",
            "attempt": world.record["attempt"],
            "lease_until": "2026-11-22T18:44:30.523Z",
            "expires_at": int((PRESSED_AT + timedelta(days=30)).timestamp()),
        }
        stored, about = world.photos.clips[PRESS.video_key]
        assert (stored, about.video, about.seconds) == (b"finishedppppp", Video.COMPLETE, 5.0)
        assert not list(world.services.spool.folders())
        assert not {"snapshot", "nod"} & set(world.diary.entries)

    def test_is_recorded_once_it_is_claimed_and_told_before_its_message_goes(self, world: World) -> None:
        world.deliver(command=CLIP)
        order = world.diary.entries.index
        assert order("claim") < order("record") < order("finish") < order("store") < order("write completed")
        assert order("finish") < order("write speech") < order("play") < order("write completed") < order("delete")

    def test_is_as_long_as_it_says_or_as_the_settings_do(self, world: World) -> None:
        world.deliver(command=RecordVideo(3))
        world.records.items.clear()
        world.deliver(command=RecordVideo())
        assert [(wish.seconds, wish.look_every) for wish in recorder(world).wishes] == [(3, 2.0), (5, 2.0)]

    def test_reaches_back_from_the_press(self, world: World) -> None:
        """However long its way, the claim and the recording before it have taken."""
        world.before_seconds = 4
        world.now = PRESSED_AT + timedelta(seconds=2)
        world.diary.meanwhile["claim"] = lambda: setattr(world, "now", world.now + timedelta(seconds=3))
        world.deliver(command=CLIP)
        assert recorder(world).wishes == [ClipWish(5, 9, 2.0)]

    def test_begins_at_the_press(self, world: World) -> None:
        world.diary.meanwhile["claim"] = lambda: setattr(world, "now", world.now + timedelta(seconds=3))
        world.deliver(command=CLIP)
        assert [wish.before for wish in recorder(world).wishes] == [pytest.approx(3.4)]

    def test_is_of_when_its_first_picture_was_also_for_who_finds_it_after_a_crash(self, world: World) -> None:
        found = list[SpooledClip | None]()
        world.diary.meanwhile["claim"] = lambda: setattr(world, "now", world.now + timedelta(seconds=3))
        world.diary.meanwhile["second 2"] = lambda: found.append(kept(world))
        world.deliver(command=CLIP)
        assert world.record["taken_at"] == iso(PRESSED_AT)
        assert [one and iso(one.clip.taken_at) for one in found] == [iso(PRESSED_AT)]

    def test_of_which_nothing_is_to_be_looked_at_is_silent(self, world: World) -> None:
        world.look_seconds = 0
        world.deliver(command=CLIP)
        assert (world.record["status"], world.record["speech"], world.device.said) == (Status.COMPLETED, "off", [])
        assert not {"said", "moments", "face_count"} & set(world.record)
        assert (world.record["video"], world.analyst.images) == ("complete", [])

    def test_waits_for_no_place_of_work(self, world: World) -> None:
        with world.places.permit(0), world.places.permit(0), world.places.permit(0), world.places.permit(0):
            attempt = world.attempt(command=CLIP)
            assert not attempt.in_work
            attempt.run()
        assert world.record["status"] == Status.COMPLETED

    def test_lets_a_photo_be_taken_meanwhile(self, world: World) -> None:
        clip, other = world.attempt(command=CLIP), replace(PRESS, press_id="other")
        photo = replace(world.attempt(press=other), camera=clip.camera)
        world.diary.meanwhile["second 2"] = photo.run
        clip.run()
        assert world.records.items[other.camera, other.capture_id]["status"] == Status.COMPLETED
        happened = world.diary.of("second 2", "snapshot", "second 3")
        assert happened == ["second 2", "snapshot", "second 3"]
        assert world.record["video"] == "complete"

    def test_counts_its_age_for_the_voice_from_its_end(self, world: World) -> None:
        world.deliver(command=RecordVideo(40))
        assert (world.record["speech"], world.device.said) == ("spoken", [HAPPY_SOUND])

    def test_that_is_told_too_late_after_its_end_is_stale(self, world: World) -> None:
        world.diary.meanwhile["finish"] = lambda: setattr(world, "now", world.now + timedelta(seconds=31))
        world.deliver(command=CLIP)
        assert (world.record["speech"], world.device.said) == ("stale", [])

    def test_is_told_on_with_the_mark_in_front_of_the_sound(self, world: World) -> None:
        world.diary.failing["write speech"] = AWAY
        world.deliver(5, CLIP)
        assert (world.record["status"], world.device.said) == (Status.FAILED, [])
        assert world.record["video_key"] == PRESS.video_key


class TestTooLate:
    def test_it_expires_and_nobody_is_recorded(self, world: World) -> None:
        world.now = PRESSED_AT + timedelta(seconds=121)
        world.deliver(command=CLIP)
        assert (world.record["status"], world.record["command"]) == (Status.EXPIRED, "RecordVideo")
        assert (recorder(world).wishes, world.queue.deleted) == ([], ["message"])

    def test_it_waits_for_the_recording_before_it_no_longer_than_a_press(self, world: World) -> None:
        world.now = PRESSED_AT + timedelta(seconds=119.99)
        with world.recordings.permit(0):
            world.deliver(command=CLIP)
        assert (world.record["status"], recorder(world).wishes) == (Status.EXPIRED, [])

    def test_what_another_host_has_stored_does_not_expire(self, world: World) -> None:
        world.leave()
        world.photos.clips[PRESS.video_key] = (b"clip", Clip(PRESSED_AT, 4, Video.COMPLETE, 5.0))
        world.now = PRESSED_AT + timedelta(seconds=121)
        world.attempt(2, CLIP).turn_away()
        assert (world.record["status"], world.queue.kept_away) == (Status.IN_PROGRESS, [8])


class TestWithoutTheExtra:
    def test_it_fails_at_once_and_names_it(self, world: World) -> None:
        world.recorder = None
        world.deliver(command=CLIP)
        assert world.record["status"] == Status.FAILED
        assert "the extra `video`" in world.record["error"]
        assert not {"said", "speech", "video"} & set(world.record)
        assert (world.queue.deleted, world.device.said) == (["message"], [])

    def test_what_was_recorded_with_it_is_stored_as_it_grew(self, world: World) -> None:
        left_in_spool(world)
        world.recorder = None
        world.leave()
        world.deliver(2, CLIP)
        assert world.photos.clips[PRESS.video_key][0] == b"ppp"
        assert (world.record["status"], world.record["video"]) == (Status.COMPLETED, "partial")
        assert "video_seconds" not in world.record


class TestAShorterClip:
    def test_of_a_camera_that_stops_sending_is_partial_and_told(self, world: World) -> None:
        recorder(world).ends_after = 3
        with capture_logs() as logs:
            world.deliver(command=CLIP)
        assert (world.record["video"], world.record["video_seconds"]) == ("partial", 3.0)
        assert (world.record["status"], world.device.said) == (Status.COMPLETED, [HAPPY_SOUND])
        assert "error" not in world.record
        [entry] = [entry for entry in logs if entry["action"] == "clip_shortened"]
        assert entry["reason"] == "the camera stopped sending"

    def test_of_a_worker_that_stops_is_partial_and_finished(self, world: World) -> None:
        world.diary.meanwhile["second 2"] = world.camera.close
        world.deliver(command=CLIP)
        assert (world.record["video"], world.record["video_seconds"]) == ("partial", 2.0)
        assert (world.record["status"], world.device.said) == (Status.COMPLETED, [HAPPY_SOUND])

    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            (OSError(28, "No space left on device"), "DATA_DIR took no more of the clip: [Errno 28] No space left"),
            (CameraUnreachable("reset"), "reset"),
        ],
    )
    def test_of_a_recording_that_breaks_off_is_partial(self, world: World, error: Exception, reason: str) -> None:
        world.diary.failing["second 2"] = error
        with capture_logs() as logs:
            world.deliver(command=CLIP)
        assert (world.record["video"], world.record["status"]) == ("partial", Status.COMPLETED)
        [entry] = [entry for entry in logs if entry["action"] == "clip_shortened"]
        assert entry["reason"].startswith(reason)

    def test_that_the_disk_takes_no_second_copy_of_is_stored_as_it_grew(self, world: World) -> None:
        world.diary.failing["finish"] = OSError(28, "No space left on device")
        world.deliver(command=CLIP)
        assert world.photos.clips[PRESS.video_key][0] == b"ppppp"
        assert (world.record["video"], world.record["status"]) == ("complete", Status.COMPLETED)


class TestNoClip:
    @pytest.mark.parametrize("fault", ["record", "second 0"])
    def test_is_tried_again_like_a_photo(self, world: World, fault: str) -> None:
        world.diary.failing[fault] = CameraUnreachable("no answer")
        world.deliver(command=CLIP)
        assert (world.queue.kept_away, world.record["status"], kept(world)) == ([2], Status.IN_PROGRESS, None)
        world.diary.failing.clear()
        world.now += timedelta(seconds=2)
        world.deliver(2, CLIP)
        assert (world.record["status"], world.record["video"]) == (Status.COMPLETED, "complete")

    def test_of_a_camera_that_never_sends_fails_in_the_end_with_its_reason(self, world: World) -> None:
        recorder(world).ends_after = 0
        world.deliver(5, CLIP)
        assert (world.record["status"], world.photos.clips) == (Status.FAILED, {})
        assert "no picture" in world.record["error"]
        assert world.device.said == [SORRY_SOUND]
        assert not list(world.services.spool.folders())

    def test_of_a_camera_that_refuses_the_password_fails_at_once_without_a_word(self, world: World) -> None:
        world.diary.failing["record"] = CameraRefused("wrong password")
        world.deliver(command=CLIP)
        assert (world.record["status"], world.record["error"]) == (Status.FAILED, "wrong password")
        assert world.device.said == []

    def test_for_want_of_a_disk_says_so(self, world: World) -> None:
        world.diary.failing["record"] = OSError(30, "Read-only file system")
        with capture_logs() as logs:
            world.deliver(5, CLIP)
        assert (world.record["status"], "DATA_DIR" in world.record["error"]) == (Status.FAILED, True)
        assert "unforeseen" not in [entry["action"] for entry in logs]


class TestALookThatFails:
    def test_costs_its_moment_only_and_is_told_once(self, world: World) -> None:
        failing: dict[str, Exception] = {"faces": AWAY}

        def clear() -> None:
            world.diary.failing = failing if len(world.diary.of("faces")) < 3 else {}

        world.diary.meanwhile["faces"] = clear
        with capture_logs() as logs:
            world.deliver(command=CLIP)
        assert [moment["second"] for moment in world.record["moments"]] == [4]
        assert [entry["action"] for entry in logs].count("look_failed") == 1
        assert (world.record["status"], world.device.said) == (Status.COMPLETED, [HAPPY_SOUND])

    @pytest.mark.parametrize("error", [AWAY, DENIED])
    def test_like_all_others_fails_the_clip_at_once_which_is_kept(self, world: World, error: Exception) -> None:
        world.diary.failing["faces"] = error
        world.deliver(command=CLIP)
        assert (world.record["status"], str(error) in world.record["error"]) == (Status.FAILED, True)
        assert (world.record["video"], world.record["video_key"]) == ("complete", PRESS.video_key)
        assert (world.device.said, world.queue.deleted) == ([SORRY_SOUND], ["message"])
        assert not list(world.services.spool.folders())

    @pytest.mark.parametrize("fault", ["write failed", "store"])
    def test_like_all_others_fails_the_clip_also_where_the_next_attempt_tells_so(
        self, world: World, fault: str
    ) -> None:
        world.diary.failing |= {"faces": DENIED, "write failed": AWAY, fault: AWAY}
        world.deliver(command=CLIP)
        assert (world.record["status"], world.queue.deleted) == (Status.IN_PROGRESS, [])
        world.diary.failing.clear()
        world.now += timedelta(seconds=2)
        world.deliver(2, CLIP)
        assert (world.record["status"], str(DENIED) in world.record["error"]) == (Status.FAILED, True)
        assert (world.record["video"], world.record["video_key"]) == ("complete", PRESS.video_key)
        assert (len(recorder(world).wishes), world.device.said) == (1, [SORRY_SOUND])

    def test_that_rekognition_is_slow_to_answer_holds_up_no_recording(self, world: World) -> None:
        recorded = Event()
        world.diary.meanwhile |= {
            "faces": lambda: world.diary.note(f"beside: {recorded.wait(LONG)}"),
            "finish": recorded.set,
        }
        with capture_logs() as logs:
            world.deliver(command=RecordVideo(20))
        assert "beside: False" not in world.diary.entries
        assert len(world.record["moments"]) < 10
        assert [entry["action"] for entry in logs].count("look_failed") == 1


class TestARedelivery:
    def test_of_what_is_done_is_deleted_and_nothing_more(self, world: World) -> None:
        world.deliver(command=CLIP)
        world.deliver(2, CLIP)
        assert (len(recorder(world).wishes), world.device.said) == (1, [HAPPY_SOUND])
        assert world.queue.deleted == ["message", "message"]

    def test_after_a_crash_in_the_middle_stores_what_there_is_as_partial(self, world: World) -> None:
        seen = {"second": 0.0, "face_count": 1, "mood": {"SAD": 1}, "emotions": {"SAD": 90.0}}
        left_in_spool(world, moments=[seen])
        world.leave()
        world.deliver(2, CLIP)
        assert (recorder(world).wishes, world.photos.clips[PRESS.video_key][0]) == ([], b"finishedppp")
        assert (world.record["video"], world.record["video_seconds"]) == ("partial", 3.0)
        assert (world.record["moments"], world.record["top_emotion"]) == (
            [{"second": 0.0, "face_count": 1, "mood": {"SAD": 1}}],
            "SAD",
        )
        assert (world.record["status"], world.device.said) == (Status.COMPLETED, [b"You look sad."])

    def test_after_a_crash_before_anything_was_seen_says_nothing(self, world: World) -> None:
        left_in_spool(world)
        world.leave()
        world.deliver(2, CLIP)
        assert (world.record["status"], world.record["speech"], world.device.said) == (Status.COMPLETED, "off", [])
        assert world.record["video"] == "partial"

    def test_after_a_crash_before_the_first_picture_records(self, world: World) -> None:
        left_in_spool(world, b"")
        world.leave()
        world.deliver(2, CLIP)
        assert (len(recorder(world).wishes), world.record["video"]) == (1, "complete")

    def test_after_a_crash_that_left_no_picture_records(self, world: World) -> None:
        left_in_spool(world, b"head only")
        world.leave()
        world.deliver(2, CLIP)
        assert (len(recorder(world).wishes), world.record["video"]) == (1, "complete")

    def test_is_too_old_for_the_voice_by_the_end_of_what_was_recorded(self, world: World) -> None:
        seen = {"second": 0.0, "face_count": 1, "mood": {}, "emotions": {}}
        left_in_spool(world, moments=[seen])
        world.leave()
        world.now = PRESSED_AT + timedelta(seconds=34)
        world.deliver(2, CLIP)
        assert (world.record["speech"], world.device.said) == ("stale", [])

    def test_of_what_was_recorded_never_expires(self, world: World) -> None:
        left_in_spool(world)
        world.leave()
        world.now = PRESSED_AT + timedelta(hours=1)
        world.attempt(2, CLIP).turn_away()
        assert (world.queue.kept_away, world.record["status"]) == ([8], Status.IN_PROGRESS)

    @pytest.mark.parametrize("fault", ["store", "write completed", "write speech", "synthesize"])
    def test_repeats_no_finished_step(self, world: World, fault: str) -> None:
        world.diary.failing[fault] = ZeroDivisionError("whoops") if fault == "synthesize" else AWAY
        world.deliver(command=CLIP)
        assert world.queue.deleted == []
        world.diary.failing.clear()
        world.now += timedelta(seconds=2)
        world.deliver(2, CLIP)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "spoken")
        assert world.device.said == [HAPPY_SOUND]
        assert (world.diary.of("record"), world.diary.of("finish")) == (["record"], ["finish"])
        assert len(world.diary.of("store")) == (2 if fault == "store" else 1)
        assert (world.record["video"], world.record["moments"]) == ("complete", LOOKED)
        assert not list(world.services.spool.folders())

    @pytest.mark.parametrize("fault", ["store", "write completed"])
    def test_goes_on_from_the_spool_where_the_record_tells_nothing(self, world: World, fault: str) -> None:
        world.diary.failing |= {"write moments": AWAY, fault: AWAY}
        world.deliver(command=CLIP)
        assert not {"moments", "video_key"} & set(world.record)
        world.diary.failing.clear()
        world.now += timedelta(seconds=2)
        world.deliver(2, CLIP)
        assert (world.record["moments"], world.record["said"]) == (LOOKED, "You look happy.")
        assert (world.record["video"], world.device.said) == ("complete", [HAPPY_SOUND])
        assert world.diary.of("record", "faces") == ["record", "faces", "faces", "faces"]
        assert len(world.diary.of("store")) == (2 if fault == "store" else 1)

    @pytest.mark.parametrize("late", [0, 3600])
    def test_after_a_crash_while_it_was_said_says_nothing_again(self, world: World, late: int) -> None:
        left_in_spool(world, moments=[])
        world.leave(speech="started")
        world.now += timedelta(seconds=late)
        world.deliver(2, CLIP)
        assert (world.record["status"], world.record["speech"], world.device.said) == (Status.COMPLETED, "unknown", [])

    def test_on_another_host_goes_on_from_the_stored_clip(self, world: World) -> None:
        world.photos.clips[PRESS.video_key] = (b"clip", Clip(PRESSED_AT, 4, Video.PARTIAL, 2.5))
        world.leave()
        world.deliver(2, CLIP)
        assert (recorder(world).wishes, world.diary.of("store")) == ([], [])
        assert world.record["status"] == Status.COMPLETED
        assert (world.record["video"], world.record["video_seconds"]) == ("partial", 2.5)
        assert world.record["video_key"] == PRESS.video_key

    def test_that_another_works_on_records_nothing(self, world: World) -> None:
        world.leave(lease_until=iso(world.now + timedelta(seconds=20)))
        world.deliver(2, CLIP)
        assert (world.queue.kept_away, recorder(world).wishes) == ([21.0], [])


class TestALostLease:
    def test_ends_the_recording_and_leaves_what_there_is(self, world: World) -> None:
        attempt = world.attempt(command=CLIP)
        world.diary.meanwhile["second 2"] = attempt.abandon
        attempt.run()
        assert "second 3" not in world.diary.entries
        assert (world.queue.kept_away, world.queue.deleted, world.photos.clips) == ([0], [], {})
        spooled = kept(world)
        assert spooled is not None
        assert (spooled.finished, spooled.clip.video, spooled.path.read_bytes()) == (False, Video.PARTIAL, b"pp")

    @pytest.mark.parametrize("moment", ["finish", "store"])
    def test_ends_everything(self, world: World, moment: str) -> None:
        world.diary.meanwhile[moment] = lambda: world.record.update(attempt="another")
        world.deliver(command=CLIP)
        assert (world.record["attempt"], world.record["status"]) == ("another", Status.IN_PROGRESS)
        assert (world.queue.deleted, world.device.said) == ([], [])
        assert kept(world) is not None


class TestAStop:
    @pytest.mark.parametrize("receive_count", [1, 5])
    def test_gives_back_at_once_what_has_no_picture_yet(self, world: World, receive_count: int) -> None:
        world.diary.meanwhile["second 0"] = world.camera.close
        world.deliver(receive_count, CLIP)
        assert (world.queue.kept_away, world.queue.deleted) == ([0], [])
        assert (world.record["status"], world.device.said) == (Status.IN_PROGRESS, [])
        assert not list(world.services.spool.folders())

    def test_gives_back_what_waits_for_the_recording_before_it(self, world: World) -> None:
        waiting = Event()
        world.diary.meanwhile["claim"] = waiting.set
        with world.recordings.permit(0):
            delivery = Thread(target=world.deliver, args=(1, CLIP))
            delivery.start()
            assert waiting.wait(LONG)
            world.camera.close()
            delivery.join(LONG)
        assert (world.queue.kept_away, world.queue.deleted, recorder(world).wishes) == ([0], [], [])
        assert not list(world.services.spool.folders())


def test_of_one_camera_one_clip_is_recorded_at_a_time(world: World) -> None:
    second = Event()
    world.diary.meanwhile["claim"] = lambda: second.set() if world.diary.of("record") else None
    other = Thread(target=world.attempt(command=CLIP).run)

    def press_again() -> None:
        world.records.items.clear()
        world.diary.meanwhile.pop("second 1")
        other.start()
        assert second.wait(LONG)
        world.diary.note("the second waits")

    world.diary.meanwhile["second 1"] = press_again
    world.deliver(command=CLIP)
    other.join(LONG)
    happened = world.diary.of("record", "the second waits", "second 4")
    assert happened[:3] == ["record", "the second waits", "second 4"]


def test_a_clip_s_folder_outlasts_the_process(world: World) -> None:
    left_in_spool(world)
    assert Spool(world.data_dir / "spool").clip(PRESS) == kept(world)


@pytest.mark.parametrize(("age", "status"), [(30, Status.IN_PROGRESS), (70, Status.FAILED)])
def test_a_camera_without_a_picture_is_asked_again_unless_that_would_be_too_late(
    world: World, age: int, status: Status
) -> None:
    """What expires says nothing of why there is no clip."""
    world.diary.failing["record"] = CameraUnreachable("no stream")
    world.now = PRESSED_AT + timedelta(seconds=age)
    world.deliver(4, CLIP)
    assert (world.record["status"], world.record.get("error")) == (status, "no stream" if age == 70 else None)
    assert (world.queue.kept_away, world.queue.deleted) == (([60], []) if age == 30 else ([], ["message"]))


def test_a_camera_without_a_picture_at_the_last_receive_is_no_error_that_nobody_foresaw(world: World) -> None:
    world.diary.failing["record"] = CameraFaulty("busy")
    with capture_logs() as logs:
        world.deliver(5, CLIP)
    assert "unforeseen" not in [entry["action"] for entry in logs]
    assert world.record["error"] == "busy"
