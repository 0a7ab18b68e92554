"""One text to be said, delivered once or more often, with surroundings in memory."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

from tests.worker.fakes import PRESSED_AT, World
from worker.domain.chime import chime
from worker.domain.errors import CameraRefused, CameraUnreachable, CloudRefused, CloudUnavailable
from worker.domain.record import Status
from worker.domain.say import Say
from worker.domain.sound import Played
from worker.domain.speech_text import SpeechText
from worker.domain.timestamp import iso

AWAY = CloudUnavailable("away")
DINNER = Say(SpeechText("Dinner is ready."))
SOUND = b"Dinner is ready."
WITH_SSML = Say(SpeechText("<speak>Dinner <emphasis>is</emphasis></speak>", "Amy", ssml=True))
LONG = 20.0


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


class TestAText:
    def test_is_said_and_recorded_without_a_photo(self, world: World) -> None:
        world.deliver(command=DINNER)
        assert world.device.said == [SOUND]
        assert world.queue.deleted == ["message"]
        timings = world.record.pop("timings_ms")
        assert set(timings) == {"queue", "speech_start", "total"}
        assert world.record == {
            "status": "completed",
            "command": "Say",
            "pressed_at": "2026-11-22T18:44:00.123Z",
            "completed_at": "2026-11-22T18:44:00.523Z",
            "said": "Dinner is ready.",
            "speech": "spoken",
            "worker": "host",
            "attempt": world.record["attempt"],
            "lease_until": "2026-11-22T18:44:30.523Z",
            "expires_at": int((PRESSED_AT + timedelta(days=30)).timestamp()),
        }
        assert not {"snapshot", "nod", "store", "faces"} & set(world.diary.entries)
        assert not list(world.services.spool.folders())

    def test_is_marked_before_it_is_heard_and_recorded_before_its_message_goes(self, world: World) -> None:
        world.deliver(command=DINNER)
        order = world.diary.entries.index
        assert order("claim") < order("write speech") < order("play") < order("write completed") < order("delete")
        assert order("claim") < order("synthesize") < order("play")

    def test_is_made_sound_while_its_mark_is_written(self, world: World) -> None:
        synthesized = Event()
        world.diary.meanwhile |= {
            "synthesize": synthesized.set,
            "write speech": lambda: world.diary.note(f"beside: {synthesized.wait(LONG)}"),
        }
        world.deliver(command=DINNER)
        assert (world.diary.of("beside: True"), world.device.said) == (["beside: True"], [SOUND])

    def test_comes_after_the_chime_where_one_is_wished(self, world: World) -> None:
        world.deliver(command=Say(DINNER.what, chime=True))
        assert world.device.said == [chime("alaw") + SOUND]

    def test_of_ssml_is_recorded_by_its_words_and_spoken_as_it_stands(self, world: World) -> None:
        world.deliver(command=WITH_SSML)
        assert world.polly.asked == [WITH_SSML.what]
        assert world.record["said"] == "Dinner is"

    @pytest.mark.parametrize("late", [31, 120])
    def test_that_is_late_is_recorded_as_stale_and_costs_nothing(self, world: World, late: int) -> None:
        world.now = PRESSED_AT + timedelta(seconds=late)
        world.deliver(command=DINNER)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "stale")
        assert not {"synthesize", "play"} & set(world.diary.entries)

    def test_that_is_too_late_expires(self, world: World) -> None:
        world.now = PRESSED_AT + timedelta(seconds=121)
        world.deliver(command=DINNER)
        assert (world.record["status"], world.record["command"]) == (Status.EXPIRED, "Say")
        assert not {"said", "speech"} & set(world.record)
        assert (world.queue.deleted, world.polly.asked) == (["message"], [])

    def test_is_recorded_where_the_camera_cannot_speak(self, world: World) -> None:
        world.speaks = False
        world.deliver(command=Say(DINNER.what, chime=True))
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "off")
        assert (world.device.said, world.polly.asked) == ([], [])

    def test_that_is_not_allowed_fails_at_once_with_the_setting_named(self, world: World) -> None:
        world.allows_say = False
        world.deliver(command=DINNER)
        assert world.record["status"] == Status.FAILED
        assert "ALLOW_SAY" in world.record["error"]
        assert not {"said", "speech"} & set(world.record)
        assert (world.queue.deleted, world.device.said, world.polly.asked) == (["message"], [], [])

    def test_waits_for_no_place_of_work(self, world: World) -> None:
        with world.places.permit(0), world.places.permit(0), world.places.permit(0), world.places.permit(0):
            attempt = world.attempt(command=DINNER)
            assert not attempt.in_work
            attempt.run()
        assert world.device.said == [SOUND]

    def test_waits_for_the_speaker(self, world: World) -> None:
        """A camera made anew has a speaker of its own, so this one is shared."""
        attempt = world.attempt(command=DINNER)
        with attempt.camera.speaker.permit(0):
            world.diary.meanwhile["synthesize"] = lambda: setattr(world, "now", PRESSED_AT + timedelta(seconds=29.99))
            attempt.run()
        assert (world.record["speech"], world.device.said) == ("stale", [])


class TestAFailureOfTheVoice:
    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ("synthesize", AWAY),
            ("synthesize", CloudRefused("polly:SynthesizeSpeech: no such voice")),
            ("play", CameraUnreachable("gone")),
            ("play", CameraRefused("wrong password")),
        ],
    )
    def test_is_an_outcome_and_no_retry(self, world: World, fault: str, error: Exception) -> None:
        world.diary.failing[fault] = error
        with capture_logs() as logs:
            world.deliver(command=DINNER)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "failed")
        assert "error" not in world.record
        assert str(error) in [entry.get("error") for entry in logs]
        assert (world.queue.deleted, world.queue.kept_away) == (["message"], [])

    def test_that_may_have_been_heard_is_told(self, world: World) -> None:
        world.device.played = Played.PROBABLY
        world.deliver(command=DINNER)
        assert world.record["speech"] == "probably_spoken"


class TestAFailure:
    @pytest.mark.parametrize("fault", ["claim", "write speech"])
    def test_before_the_first_byte_is_tried_again(self, world: World, fault: str) -> None:
        world.diary.failing[fault] = AWAY
        world.deliver(command=DINNER)
        assert (world.queue.kept_away, world.device.said) == ([2], [])
        assert "speech" not in world.record
        world.diary.failing.clear()
        world.now += timedelta(seconds=2)
        world.deliver(2, DINNER)
        assert (world.record["speech"], world.device.said) == ("spoken", [SOUND])

    def test_of_the_last_write_says_nothing_again(self, world: World) -> None:
        world.diary.failing["write completed"] = AWAY
        world.deliver(command=DINNER)
        world.diary.failing.clear()
        world.now += timedelta(seconds=2)
        world.deliver(2, DINNER)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "spoken")
        assert world.device.said == [SOUND]

    def test_on_the_last_receive_is_recorded_without_an_apology_for_looking(self, world: World) -> None:
        world.diary.failing["write speech"] = AWAY
        world.deliver(5, DINNER)
        assert (world.record["status"], world.record["error"], world.device.said) == (Status.FAILED, "away", [])

    def test_that_nobody_foresaw_is_a_failure_like_others(self, world: World) -> None:
        world.diary.failing["synthesize"] = ZeroDivisionError("whoops")
        world.deliver(5, DINNER)
        assert (world.record["status"], world.record["error"], world.device.said) == (Status.FAILED, "whoops", [])

    def test_of_a_crowd_is_tried_again_and_recorded_in_the_end(self, world: World) -> None:
        world.attempt(1, DINNER).turn_away()
        assert (world.queue.kept_away, world.diary.entries) == ([2], ["keep away"])
        world.attempt(5, DINNER).turn_away()
        assert (world.record["status"], world.record["command"]) == (Status.FAILED, "Say")


class TestARedelivery:
    def test_of_what_was_said_is_deleted_and_nothing_more(self, world: World) -> None:
        world.deliver(command=DINNER)
        world.deliver(2, DINNER)
        assert (world.device.said, world.queue.deleted) == ([SOUND], ["message", "message"])

    @pytest.mark.parametrize("late", [0, 60, 3600])
    def test_after_a_crash_while_it_was_said_says_nothing_again(self, world: World, late: int) -> None:
        world.leave(speech="started")
        world.now += timedelta(seconds=late)
        world.deliver(2, DINNER)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "unknown")
        assert (world.record["said"], world.device.said) == ("Dinner is ready.", [])

    def test_after_a_crash_before_the_mark_says_it(self, world: World) -> None:
        world.leave()
        world.deliver(2, DINNER)
        assert (world.record["speech"], world.device.said) == ("spoken", [SOUND])

    def test_that_another_works_on_comes_back_after_the_rest_of_the_lease(self, world: World) -> None:
        world.leave(lease_until=iso(world.now + timedelta(seconds=20)))
        world.deliver(2, DINNER)
        assert (world.queue.kept_away, world.polly.asked) == ([21.0], [])


class TestALostLease:
    @pytest.mark.parametrize("moment", ["synthesize", "play"])
    def test_ends_everything(self, world: World, moment: str) -> None:
        def take_over() -> None:
            world.record["attempt"] = "another"

        world.diary.meanwhile[moment] = take_over
        world.deliver(command=DINNER)
        assert (world.record["attempt"], world.record["status"]) == ("another", Status.IN_PROGRESS)
        assert world.queue.deleted == []


class TestAStop:
    @pytest.mark.parametrize("moment", ["claim", "write speech", "synthesize"])
    def test_before_the_first_byte_gives_it_back_unsaid(self, world: World, moment: str) -> None:
        attempt = world.attempt(command=DINNER)
        world.diary.meanwhile[moment] = attempt.abandon
        attempt.run()
        assert (world.queue.kept_away, world.queue.deleted, world.device.said) == ([0], [], [])
        assert "said" not in world.record

    def test_in_the_middle_of_it_leaves_the_mark(self, world: World) -> None:
        attempt = world.attempt(command=DINNER)
        world.diary.meanwhile["play"] = attempt.abandon
        attempt.run()
        assert (world.record["speech"], world.queue.deleted) == ("started", [])
        world.now += timedelta(seconds=1)
        world.deliver(2, DINNER)
        assert (world.record["speech"], world.device.said) == ("unknown", [SOUND])


@pytest.mark.parametrize("settle", [lambda world: world.deliver(command=DINNER), lambda world: world.deliver()])
def test_what_is_done_is_logged_with_what_was_said(world: World, settle: Callable[[World], None]) -> None:
    with capture_logs() as logs:
        settle(world)
    [done] = [entry for entry in logs if entry["action"] == "done"]
    assert (done["said"], done["speech"]) == (world.record["said"], "spoken")
