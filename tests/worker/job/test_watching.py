"""Watches that are started and stopped, delivered once or more often, with surroundings in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.worker.fakes import PRESS, PRESSED_AT, World
from worker.domain.errors import CloudUnavailable
from worker.domain.press import Press
from worker.domain.record import Status
from worker.domain.sections import read_grid
from worker.domain.watch import Standing, Watch
from worker.domain.watch_commands import StartWatching, StopWatching
from worker.job.services import WatchTerms

START = StartWatching()
STOP = StopWatching()
AWAY = CloudUnavailable("away")
WATCHING = "I am watching how many faces look to the stage, for 60 minutes."
EARLIER = Press("lobby", "early", PRESSED_AT - timedelta(minutes=5))
RUNNING = Watch.begun(EARLIER, PRESSED_AT - timedelta(minutes=5), 60)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


class TestAStart:
    def test_is_a_watch_with_its_item_which_is_told_and_recorded(self, world: World) -> None:
        world.deliver(command=START)
        watch = Watch.begun(PRESS, world.now, 60)
        assert world.watches.now == Standing(watch)
        assert world.watches.items == {
            PRESS.capture_id: {
                "status": "running",
                "started_at": "2026-11-22T18:44:00.523Z",
                "ends_at": "2026-11-22T19:44:00.523Z",
                "grid": "3x2",
                "sections": list(read_grid("3x2").names),
                "calls": 0,
                "dollars": 0,
                "worker": "host",
                "expires_at": int((PRESSED_AT + timedelta(days=30)).timestamp()),
            }
        }
        told = {name: world.record[name] for name in ("status", "command", "watch", "said", "speech")}
        assert told == {
            "status": "completed",
            "command": "StartWatching",
            "watch": PRESS.capture_id,
            "said": WATCHING,
            "speech": "spoken",
        }
        assert world.device.said == [WATCHING.encode()[:40]]
        assert world.queue.deleted == ["message"]

    def test_lets_it_be_filmed_before_it_is_told(self, world: World) -> None:
        world.deliver(command=START)
        assert world.diary.of("look after", "play", "write completed", "delete") == [
            "look after",
            "play",
            "write completed",
            "delete",
        ]

    def test_takes_no_photo_and_no_place_of_work(self, world: World) -> None:
        with world.places.permit(0), world.places.permit(0), world.places.permit(0), world.places.permit(0):
            attempt = world.attempt(command=START)
            assert not attempt.in_work
            attempt.run()
        assert not {"snapshot", "nod", "store", "faces"} & set(world.diary.entries)
        assert world.record["status"] == Status.COMPLETED

    @pytest.mark.parametrize(
        ("minutes", "said"),
        [
            (1, "I am watching how many faces look to the stage, for 1 minute."),
            (480, "I am watching how many faces look to the stage, for 480 minutes."),
        ],
    )
    def test_lasts_as_long_as_it_says(self, world: World, minutes: int, said: str) -> None:
        world.deliver(command=StartWatching(minutes))
        assert world.watches.now.watch is not None
        assert world.watches.now.watch.ends_at - world.now == timedelta(minutes=minutes)
        assert world.record["said"] == said

    def test_that_is_not_to_be_announced_is_silent(self, world: World) -> None:
        world.watch_terms = WatchTerms(60, read_grid("3x2"), announced=False)
        world.deliver(command=START)
        assert (world.record["status"], world.record["speech"], world.device.said) == (Status.COMPLETED, "off", [])
        assert "said" not in world.record
        assert world.watches.now.watch is not None

    def test_begins_where_the_camera_cannot_speak(self, world: World) -> None:
        world.speaks = False
        world.deliver(command=START)
        assert (world.record["speech"], world.record["watch"]) == ("off", PRESS.capture_id)

    def test_fails_with_the_setting_named_where_it_is_off(self, world: World) -> None:
        world.watch_terms = None
        world.deliver(command=START)
        assert world.record["status"] == Status.FAILED
        assert "WATCH=off" in world.record["error"]
        assert "WATCH=on" in world.record["error"]
        assert (world.watches.now, world.watches.items, world.device.said) == (Standing(), {}, [])
        assert not {"snapshot", "look after"} & set(world.diary.entries)
        assert world.queue.deleted == ["message"]

    def test_that_is_too_late_expires(self, world: World) -> None:
        world.now = PRESSED_AT + timedelta(seconds=121)
        world.deliver(command=START)
        assert (world.record["status"], world.watches.now) == (Status.EXPIRED, Standing())

    def test_while_another_watch_goes_on_changes_nothing_and_names_it(self, world: World) -> None:
        world.watches.now = Standing(RUNNING, "other", world.now + timedelta(seconds=30))
        before = world.watches.now
        world.deliver(command=START)
        assert world.watches.now == before
        assert world.watches.items == {}
        assert (world.record["status"], world.record["watch"]) == (Status.COMPLETED, RUNNING.capture_id)
        assert "said" not in world.record
        assert world.device.said == []

    @pytest.mark.parametrize("later", [0, 5])
    def test_pressed_no_later_than_a_stop_fails_and_says_so(self, world: World, later: int) -> None:
        world.watches.now = Standing(stopped_at=PRESSED_AT + timedelta(seconds=later))
        world.deliver(command=START)
        assert (world.record["status"], world.watches.now.watch) == (Status.FAILED, None)
        assert "StopWatching" in world.record["error"]
        assert (world.queue.deleted, world.device.said) == (["message"], [])

    @pytest.mark.parametrize(
        "ending",
        [
            Standing(RUNNING, "other", stopped_at=PRESSED_AT - timedelta(seconds=1)),
            Standing(replace(RUNNING, ends_at=PRESSED_AT)),
        ],
    )
    def test_right_after_a_stop_waits_for_the_end_of_the_watch_before(self, world: World, ending: Standing) -> None:
        world.watches.now = ending
        world.deliver(command=START)
        assert world.record["status"] == Status.IN_PROGRESS
        assert world.queue.kept_away == [2.0]
        world.watches.now = Standing(stopped_at=ending.stopped_at)
        world.now += timedelta(seconds=2)
        world.deliver(2, START)
        assert (world.record["status"], world.record["watch"]) == (Status.COMPLETED, PRESS.capture_id)

    def test_right_after_a_stop_whose_watch_does_not_end_fails_at_last(self, world: World) -> None:
        world.watches.now = Standing(RUNNING, "other", stopped_at=PRESSED_AT - timedelta(seconds=1))
        world.deliver(5, START)
        assert world.record["status"] == Status.FAILED
        assert "ending" in world.record["error"]

    @pytest.mark.parametrize("crashed_at", ["look after", "write speech", "synthesize"])
    def test_that_crashed_is_neither_begun_anew_nor_prolonged(self, world: World, crashed_at: str) -> None:
        world.diary.failing[crashed_at] = CloudUnavailable("away")
        world.attempt(command=START).run()
        begun = world.watches.now.watch
        del world.diary.failing[crashed_at]
        world.now += timedelta(minutes=10)
        world.deliver(2, START)
        assert begun is not None
        assert world.watches.now.watch == begun
        assert world.watches.items[PRESS.capture_id]["ends_at"] == "2026-11-22T19:44:00.523Z"

    def test_that_crashed_before_its_item_was_written_writes_it(self, world: World) -> None:
        begun = Watch.begun(PRESS, PRESSED_AT + timedelta(seconds=1), 60)
        world.watches.now = Standing(begun)
        world.leave()
        world.deliver(2, START)
        assert world.watches.now.watch == begun
        assert world.watches.items[PRESS.capture_id]["started_at"] == "2026-11-22T18:44:01.123Z"
        assert (world.record["watch"], world.record["speech"]) == (PRESS.capture_id, "spoken")

    def test_whose_watch_has_ended_is_completed_without_another_one(self, world: World) -> None:
        world.watches.items[PRESS.capture_id] = {"status": "ended"}
        world.leave()
        world.deliver(2, START)
        assert (world.watches.now, world.record["status"]) == (Standing(), Status.COMPLETED)
        assert (world.record["watch"], world.device.said) == (PRESS.capture_id, [])

    def test_that_came_back_late_does_not_expire_once_it_began(self, world: World) -> None:
        world.watches.now = Standing(Watch.begun(PRESS, PRESSED_AT, 60))
        world.leave()
        world.now = PRESSED_AT + timedelta(minutes=30)
        world.deliver(2, START)
        assert (world.record["status"], world.record["speech"]) == (Status.COMPLETED, "stale")

    def test_is_told_at_most_once(self, world: World) -> None:
        world.watches.now = Standing(Watch.begun(PRESS, PRESSED_AT, 60))
        world.leave(speech="started")
        world.deliver(2, START)
        assert (world.record["speech"], world.device.said) == ("unknown", [])

    def test_is_tried_again_where_the_table_does_not_answer(self, world: World) -> None:
        world.watches.failing = AWAY
        world.deliver(command=START)
        assert (world.record["status"], world.queue.deleted) == (Status.IN_PROGRESS, [])
        world.watches.failing = None
        world.now += timedelta(seconds=2)
        world.deliver(2, START)
        assert world.record["status"] == Status.COMPLETED


class TestAStop:
    def test_is_written_looked_after_and_recorded_without_a_word(self, world: World) -> None:
        world.watches.now = Standing(RUNNING, "other", world.now)
        world.deliver(command=STOP)
        assert world.watches.now.is_stopped
        assert (world.record["status"], world.record["watch"]) == (Status.COMPLETED, RUNNING.capture_id)
        assert not {"said", "speech"} & set(world.record)
        assert world.diary.of("look after", "write completed", "delete", "play") == [
            "look after",
            "write completed",
            "delete",
        ]

    def test_of_nothing_is_completed_and_keeps_earlier_starts_from_beginning(self, world: World) -> None:
        world.deliver(command=STOP)
        assert (world.record["status"], "watch" in world.record) == (Status.COMPLETED, False)
        assert world.watches.now == Standing(stopped_at=PRESSED_AT)

    def test_ends_nothing_that_was_started_after_it(self, world: World) -> None:
        later = replace(PRESS, press_id="later", pressed_at=PRESSED_AT + timedelta(seconds=1))
        world.watches.now = Standing(Watch.begun(later, world.now, 60))
        world.deliver(command=STOP)
        assert (world.record["status"], "watch" in world.record) == (Status.COMPLETED, False)
        assert not world.watches.now.is_stopped

    @pytest.mark.parametrize("deliver", [World.deliver, lambda world, **more: world.attempt(**more).turn_away()])
    @pytest.mark.parametrize("late", [timedelta(seconds=121), timedelta(days=13)])
    def test_never_expires(self, world: World, late: timedelta, deliver: Callable[..., None]) -> None:
        world.watches.now = Standing(RUNNING)
        world.now = PRESSED_AT + late
        deliver(world, command=STOP)
        assert (world.record["status"], world.watches.now.is_stopped) == (Status.COMPLETED, True)

    @pytest.mark.parametrize("receive_count", [1, 5])
    def test_is_not_turned_away_however_many_presses_wait(self, world: World, receive_count: int) -> None:
        world.watches.now = Standing(RUNNING)
        world.attempt(receive_count, STOP).turn_away()
        assert (world.record["status"], world.watches.now.is_stopped) == (Status.COMPLETED, True)

    def test_is_done_where_watching_is_switched_off(self, world: World) -> None:
        world.watch_terms = None
        world.watches.now = Standing(RUNNING)
        world.deliver(command=STOP)
        assert (world.record["status"], world.watches.now.is_stopped) == (Status.COMPLETED, True)

    def test_takes_no_place_of_work(self, world: World) -> None:
        assert not world.attempt(command=STOP).in_work

    def test_is_tried_again_where_the_table_does_not_answer(self, world: World) -> None:
        world.watches.now = Standing(RUNNING)
        world.watches.failing = AWAY
        world.deliver(command=STOP)
        assert (world.record["status"], world.queue.deleted) == (Status.IN_PROGRESS, [])
        world.watches.failing = None
        world.now += timedelta(seconds=2)
        world.deliver(2, STOP)
        assert (world.record["status"], world.watches.now.is_stopped) == (Status.COMPLETED, True)
