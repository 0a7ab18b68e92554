import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from structlog.testing import capture_logs

from tests.worker.fakes import PRESS, World, message
from worker.domain.command import Message
from worker.domain.errors import CloudUnavailable
from worker.domain.record import Status
from worker.domain.shares import MAX_IN_HAND, MAX_TURNED_AWAY, Shares
from worker.job.priority_semaphore import PrioritySemaphore
from worker.runtime.pool import GIVE_BACK_SECONDS, MAX_BODY_IN_LOG, MAX_REMEMBERED, JobPool, Recent

LONG = 20.0


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def pool_of(world: World) -> JobPool:
    return JobPool({"lobby": world.camera}, Shares(1, 4), world.services, world.queue, world.terms)


def press_message(number: int) -> Message:
    return replace(message(), message_id=f"message-{number}", attributes={"press_id": f"press-{number}"})


def finish(pool: JobPool) -> None:
    for held in pool._all():
        held.thread.join(LONG)
    assert pool.size == 0


@pytest.fixture
def held(world: World) -> Iterator[Event]:
    """Every job stops at the faces until this is set."""
    may_go_on = Event()

    def wait() -> None:
        assert may_go_on.wait(LONG)

    world.diary.meanwhile["faces"] = wait
    yield may_go_on
    may_go_on.set()


SAY = '{"command": "Say", "text": "Dinner is ready."}'


def test_a_text_is_said_while_every_place_of_work_is_taken(world: World, held: Event) -> None:
    pool = pool_of(world)
    pool.cameras = {"lobby": world.camera}
    for number in range(5):
        pool.take_on(press_message(number))
    pool.take_on(replace(message(body=SAY), message_id="text"))
    while pool.size > 5:
        pool.wait_for_change()
    assert (world.device.said, world.record["status"], pool.room()) == ([b"Dinner is ready."], Status.COMPLETED, 0)
    held.set()
    finish(pool)


def test_a_text_takes_no_room_to_work_but_counts_in_hand(world: World) -> None:
    pool, camera = pool_of(world), world.camera
    pool.cameras = {"lobby": camera}
    with camera.speaker.permit(0):
        for number in range(MAX_IN_HAND):
            pool.take_on(replace(press_message(number), body=SAY))
        assert (pool.size, pool.room()) == (MAX_IN_HAND, 0)
        pool.take_on(replace(press_message(MAX_IN_HAND), body=SAY))
        while pool.size > MAX_IN_HAND:
            pool.wait_for_change()
        assert world.queue.kept_away == [2]
        world.now += timedelta(seconds=31)
    finish(pool)


def test_a_text_that_cannot_be_said_is_rejected_as_any_other_noise(world: World) -> None:
    pool = pool_of(world)
    with capture_logs() as logs:
        pool.take_on(message(body='{"command": "Say", "text": "\\u001b[2J"}'))
        finish(pool)
    [rejected] = [entry for entry in logs if entry["event"] == "rejected"]
    assert "control characters" in rejected["reason"]
    assert (world.queue.kept_away, world.queue.deleted, world.records.items) == ([0], [], {})


def test_a_message_is_worked_on_and_leaves(world: World) -> None:
    pool = pool_of(world)
    pool.take_on(message())
    finish(pool)
    assert (world.record["status"], world.queue.deleted) == (Status.COMPLETED, ["message"])
    pool.wait_for_change()
    assert not pool.holds(PRESS)


def test_there_is_room_for_as_many_as_may_work(world: World, held: Event) -> None:
    pool = pool_of(world)
    rooms = [pool.room()]
    for number in range(5):
        pool.take_on(press_message(number))
        rooms.append(pool.room())
    assert rooms == [4, 3, 2, 1, 0, 0]
    held.set()
    finish(pool)
    assert pool.room() == 4


def test_who_only_waits_for_the_speaker_makes_room(world: World) -> None:
    pool, camera, playing = pool_of(world), world.camera, Event()
    pool.cameras = {"lobby": camera}
    with camera.speaker.permit(0):
        world.diary.meanwhile["synthesize"] = playing.set
        pool.take_on(message())
        assert playing.wait(LONG)
        pool.wait_for_change()
        assert (pool.room(), pool.holds(PRESS)) == (4, True)
    finish(pool)


def test_those_who_wait_for_the_speaker_leave_room_for_others_to_work_until_too_many_are_in_hand(world: World) -> None:
    pool, camera = pool_of(world), world.camera
    pool.cameras = {"lobby": camera}
    with camera.speaker.permit(0):
        for number in range(MAX_IN_HAND):
            pool.take_on(press_message(number))
        while pool._loads()["lobby"].in_work:
            pool.wait_for_change()
        assert (pool.size, pool.room()) == (MAX_IN_HAND, 0)
    finish(pool)
    assert pool.room() == 4


def test_a_camera_has_no_more_than_its_share_in_hand(world: World, held: Event) -> None:
    pool = pool_of(world)
    for number in range(MAX_IN_HAND + 1):
        pool.take_on(press_message(number))
    # The one too many is given back and leaves; the others work, or wait for a place.
    while pool.size > MAX_IN_HAND:
        pool.wait_for_change()
    assert (world.queue.kept_away, pool.room()) == ([2], 0)
    held.set()
    finish(pool)
    assert len(world.queue.deleted) == MAX_IN_HAND


@pytest.mark.parametrize(("max_receive_count", "delays"), [(5, [0, 0]), (None, [2, 4])])
def test_what_is_no_command_is_given_back_and_logged_once_and_shortened(
    world: World, max_receive_count: int | None, delays: list[float]
) -> None:
    world.max_receive_count = max_receive_count
    pool, noise = pool_of(world), "\x1b" * 1_048_576
    with capture_logs() as logs:
        for receive_count in (1, 2):
            pool.take_on(message(receive_count, noise))
            finish(pool)
    (rejected,) = [entry for entry in logs if entry["event"] == "rejected"]
    assert (len(rejected["body"]), rejected["body_characters"]) == (MAX_BODY_IN_LOG, len(noise))
    assert "unknown command" in rejected["reason"]
    assert (world.queue.kept_away, world.queue.deleted, world.records.items) == (delays, [], {})


def test_a_rejected_message_that_cannot_be_given_back_comes_back_by_itself(world: World) -> None:
    world.diary.failing["keep away"] = CloudUnavailable("away")
    pool = pool_of(world)
    pool.take_on(message(body="dance"))
    finish(pool)
    pool.hand_back(message())
    assert world.queue.kept_away == []


def test_the_same_press_as_a_new_message_is_no_second_press(world: World) -> None:
    pool = pool_of(world)
    pool.take_on(message())
    finish(pool)
    pool.take_on(replace(message(), message_id="again"))
    finish(pool)
    assert world.diary.of("snapshot", "play") == ["snapshot", "play"]
    assert world.queue.deleted == ["message", "again"]


def test_a_drain_waits_for_what_is_in_work(world: World) -> None:
    pool, in_work = pool_of(world), Event()
    world.diary.meanwhile["faces"] = in_work.set
    pool.take_on(message())
    assert in_work.wait(LONG)
    pool.drain(LONG)
    assert (pool.size, world.record["status"]) == (0, Status.COMPLETED)


class TellingSemaphore(PrioritySemaphore):
    """It tells when it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Event()

    def close(self) -> None:
        super().close()
        self.told.set()


def test_a_drain_cuts_a_recording_and_finishes_what_there_is(world: World) -> None:
    world.recordings = recordings = TellingSemaphore()
    pool, recording = pool_of(world), Event()

    def wait_for_the_drain() -> None:
        recording.set()
        assert recordings.told.wait(LONG)

    world.diary.meanwhile["second 3"] = wait_for_the_drain
    pool.take_on(message(body='{"command": "RecordVideo", "seconds": 60}'))
    assert recording.wait(LONG)
    pool.drain(LONG)
    assert (pool.size, world.record["status"], world.record["video"]) == (0, Status.COMPLETED, "partial")
    assert (world.record["video_seconds"], world.device.said) == (3.0, [b"You look happy."])


def test_a_clip_takes_no_room_to_work(world: World, held: Event) -> None:
    pool = pool_of(world)
    pool.take_on(message(body="RecordVideo"))
    assert pool.room() == 4
    held.set()
    finish(pool)


def test_a_drain_gives_back_what_takes_too_long(world: World, held: Event) -> None:
    pool, in_work = pool_of(world), Event()
    wait = world.diary.meanwhile["faces"]

    def tell_and_wait() -> None:
        in_work.set()
        wait()

    world.diary.meanwhile["faces"] = tell_and_wait
    pool.take_on(message())
    assert in_work.wait(LONG)
    pool.drain(0)
    assert world.queue.kept_away == [0]
    held.set()
    finish(pool)
    assert (world.queue.deleted, world.device.said) == ([], [])
    assert world.record["status"] == Status.IN_PROGRESS


def test_a_drain_gives_back_what_has_no_place(world: World) -> None:
    pool = pool_of(world)
    pool.drain(0)
    pool.take_on(message())
    finish(pool)
    assert (world.queue.kept_away, world.diary.entries) == ([0], ["keep away"])


def test_identifiers_are_remembered_but_not_for_ever() -> None:
    recent = Recent()
    assert [recent.seen_before(name) for name in ("a", "b", "a")] == [False, False, True]
    for number in range(MAX_REMEMBERED):
        recent.seen_before(str(number))
    assert not recent.seen_before("b")


class Office:
    """Cameras by name, of which all but the last hang in their snapshot, and a queue in order of arrival."""

    def __init__(self, world: World, cameras: int, data_dir: Path) -> None:
        self.world = world
        self.may_go_on = Event()
        shares = Shares(cameras, 4)
        worlds = [World(data_dir / str(number)) for number in range(cameras)]
        for other in worlds[:-1]:
            other.diary.meanwhile["snapshot"] = self._hang
        names = [f"camera-{number}" for number in range(cameras)]
        devices = {name: replace(other.camera, name=name) for name, other in zip(names, worlds, strict=True)}
        for name, camera in devices.items():
            devices[name] = replace(camera, places=PrioritySemaphore(shares.in_work))
        self.living = worlds[-1].device
        self.pool = JobPool(devices, shares, world.services, world.queue, world.terms)
        self.names = names

    def _hang(self) -> None:
        assert self.may_go_on.wait(LONG)

    def deliver(self, backlog: list[Message]) -> int:
        """As the poll loop does: as many as there is room for, until the backlog is empty; how many were taken."""
        taken = 0
        while taken < len(backlog):
            for each in backlog[taken : taken + self.wait_for_room()]:
                self.pool.take_on(each)
                taken += 1
        return taken

    def wait_for_room(self) -> int:
        """Those that are turned away make room as they leave, in any order."""
        for _ in range(1000):
            if room := self.pool.room():
                return room
            self.pool.wait_for_change()
        raise AssertionError("there is no room")


def message_for(camera: str, number: int) -> Message:
    return replace(press_message(number), attributes={"press_id": f"press-{number}", "camera": camera})


@pytest.mark.parametrize("cameras", [2, 3, 13, 50])
def test_cameras_that_hang_with_a_backlog_leave_room_for_the_one_that_lives(
    world: World, tmp_path: Path, cameras: int
) -> None:
    office, seen = Office(world, cameras, tmp_path), Event()
    world.diary.meanwhile["faces"] = seen.set
    hanging = [message_for(office.names[number % (cameras - 1)], number) for number in range(200)]
    try:
        assert office.deliver([*hanging, message_for(office.names[-1], 200)]) == 201
        assert seen.wait(LONG)
        assert office.wait_for_room() > 0
    finally:
        office.may_go_on.set()
    finish(office.pool)


@pytest.mark.parametrize("cameras", [1, 2, 3, 13, 50])
def test_every_camera_can_work_at_the_same_time(world: World, tmp_path: Path, cameras: int) -> None:
    office, waiting = Office(world, cameras, tmp_path), Barrier(cameras + 1)

    def wait() -> None:
        waiting.wait(LONG)

    office.may_go_on.set()
    world.diary.meanwhile["faces"] = wait
    assert office.deliver([message_for(name, number) for number, name in enumerate(office.names)]) == cameras
    wait()
    finish(office.pool)


def test_a_press_that_is_turned_away_when_it_is_too_old_expires(world: World, held: Event) -> None:
    pool = pool_of(world)
    for number in range(MAX_IN_HAND):
        pool.take_on(press_message(number))
    world.now += timedelta(seconds=121)
    pool.take_on(press_message(MAX_IN_HAND))
    held.set()
    finish(pool)
    late = world.records.items["lobby", f"2026-11-22T18:44:00.123Z#press-{MAX_IN_HAND}"]
    assert (late["status"], world.queue.kept_away) == (Status.EXPIRED, [])


def test_a_host_without_threads_gives_the_press_back_and_keeps_its_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    pool = pool_of(world)
    with monkeypatch.context() as host, capture_logs() as logs:
        host.setattr(Thread, "start", refuse)
        pool.take_on(message())
    assert (pool.size, pool.room(), world.queue.kept_away) == (0, 4, [2])
    assert [entry["action"] for entry in logs] == ["no_thread"]
    pool.take_on(message())
    finish(pool)
    assert world.record["status"] == Status.COMPLETED


def test_what_is_handed_back_on_its_last_receive_is_told_as_a_dead_letter(world: World) -> None:
    pool = pool_of(world)
    with capture_logs() as logs:
        pool.hand_back(message(4))
        pool.hand_back(message(5))
    assert [(entry["action"], entry["message_id"]) for entry in logs] == [("dead_letter", "message")]
    assert logs[0]["reason"]


def test_what_a_drain_cannot_give_back_does_not_add_up(world: World) -> None:
    """The time that is waited for all of them is asked of a clock that every wait moves on."""
    pool, may_end, in_work = pool_of(world), Event(), Barrier(5)

    def hang() -> None:
        may_end.wait(LONG)

    def enter() -> None:
        in_work.wait(LONG)
        hang()

    world.diary.meanwhile["faces"] = enter
    world.diary.meanwhile["keep away"] = hang
    for number in range(4):
        pool.take_on(press_message(number))
    in_work.wait(LONG)
    waits: list[float] = []
    ticks = itertools.count(0.0, GIVE_BACK_SECONDS)

    def clock() -> float:
        waits.append(next(ticks))
        return waits[-1]

    pool.drain(0, clock)
    # One look for each deadline, and one for each of the four threads that are waited for: none may wait anew.
    assert len(waits) == 2 + 4 + 4
    may_end.set()
    finish(pool)


def test_presses_turned_away_for_the_last_time_do_not_wait_for_the_speaker_of_a_camera_that_hangs(
    world: World, tmp_path: Path
) -> None:
    office = Office(world, 2, tmp_path)
    hanging = office.pool.cameras[office.names[0]]
    full = office.pool.shares.in_hand
    try:
        with hanging.speaker.permit(0):
            for number in range(full):
                office.pool.take_on(message_for(office.names[0], number))
            for number in range(full, full + MAX_TURNED_AWAY):
                office.pool.take_on(replace(message_for(office.names[0], number), receive_count=5))
            assert office.wait_for_room() > 0
    finally:
        office.may_go_on.set()
    finish(office.pool)
