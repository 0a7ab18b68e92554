from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import cast

import pytest
from structlog.testing import capture_logs

from tests.worker.fakes import PRESS, World, message
from worker.aws.queue import Queue
from worker.domain.command import Message
from worker.domain.errors import CloudUnavailable
from worker.domain.record import Status
from worker.runtime.pool import MAX_BODY_IN_LOG, MAX_IN_HAND, MAX_REMEMBERED, JobPool, Recent

LONG = 20.0


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def crew_of(world: World) -> JobPool:
    return JobPool({"lobby": world.camera}, 4, world.services, cast(Queue, world.queue), world.terms)


def press_message(number: int) -> Message:
    return replace(message(), message_id=f"message-{number}", attributes={"press_id": f"press-{number}"})


def finish(crew: JobPool) -> None:
    for member in crew._in_hand():
        if member.thread is not None:
            member.thread.join(LONG)
    assert crew.size == 0


@pytest.fixture
def held(world: World) -> Iterator[Event]:
    """Every job stops at the faces until this is set."""
    may_go_on = Event()

    def wait() -> None:
        assert may_go_on.wait(LONG)

    world.diary.meanwhile["faces"] = wait
    yield may_go_on
    may_go_on.set()


def test_a_message_is_worked_on_and_leaves(world: World) -> None:
    crew = crew_of(world)
    crew.take_on(message())
    finish(crew)
    assert (world.record["status"], world.queue.deleted) == (Status.COMPLETED, ["message"])
    crew.wait_for_change()
    assert not crew.holds(PRESS)


def test_there_is_room_for_as_many_as_may_work(world: World, held: Event) -> None:
    crew = crew_of(world)
    rooms = [crew.room()]
    for number in range(5):
        crew.take_on(press_message(number))
        rooms.append(crew.room())
    assert rooms == [4, 3, 2, 1, 0, 0]
    held.set()
    finish(crew)
    assert crew.room() == 4


def test_who_only_waits_for_the_speaker_makes_room(world: World) -> None:
    crew, camera, playing = crew_of(world), world.camera, Event()
    crew.cameras = {"lobby": camera}
    with camera.speaker.permit(0):
        world.diary.meanwhile["synthesize"] = playing.set
        crew.take_on(message())
        assert playing.wait(LONG)
        crew.wait_for_change()
        assert (crew.room(), crew.holds(PRESS)) == (4, True)
    finish(crew)


def test_those_who_wait_for_the_speaker_leave_room_for_others_to_work_until_too_many_are_in_hand(world: World) -> None:
    crew, camera = crew_of(world), world.camera
    crew.cameras = {"lobby": camera}
    with camera.speaker.permit(0):
        for number in range(MAX_IN_HAND):
            crew.take_on(press_message(number))
        while sum(member.working for member in crew._in_hand()):
            crew.wait_for_change()
        assert (crew.size, crew.room()) == (MAX_IN_HAND, 0)
    finish(crew)
    assert crew.room() == 4


def test_a_camera_has_no_more_than_its_share_in_hand(world: World, held: Event) -> None:
    crew = crew_of(world)
    for number in range(MAX_IN_HAND + 1):
        crew.take_on(press_message(number))
    # The one too many is given back and leaves; the others work, or wait for a place.
    while crew.size > MAX_IN_HAND:
        crew.wait_for_change()
    assert (world.queue.kept_away, crew.room()) == ([2], 0)
    held.set()
    finish(crew)
    assert len(world.queue.deleted) == MAX_IN_HAND


@pytest.mark.parametrize(("max_receive_count", "delays"), [(5, [0, 0]), (None, [2, 4])])
def test_what_is_no_command_is_given_back_and_logged_once_and_shortened(
    world: World, max_receive_count: int | None, delays: list[float]
) -> None:
    world.max_receive_count = max_receive_count
    crew, noise = crew_of(world), "\x1b" * 1_048_576
    with capture_logs() as logs:
        for receive_count in (1, 2):
            crew.take_on(message(receive_count, noise))
            finish(crew)
    (rejected,) = [entry for entry in logs if entry["event"] == "rejected"]
    assert (len(rejected["body"]), rejected["body_characters"]) == (MAX_BODY_IN_LOG, len(noise))
    assert "unknown command" in rejected["reason"]
    assert (world.queue.kept_away, world.queue.deleted, world.records.items) == (delays, [], {})


def test_a_rejected_message_that_cannot_be_given_back_comes_back_by_itself(world: World) -> None:
    world.diary.failing["keep away"] = CloudUnavailable("away")
    crew = crew_of(world)
    crew.take_on(message(body="dance"))
    finish(crew)
    crew.hand_back(message())
    assert world.queue.kept_away == []


def test_the_same_press_as_a_new_message_is_no_second_press(world: World) -> None:
    crew = crew_of(world)
    crew.take_on(message())
    finish(crew)
    crew.take_on(replace(message(), message_id="again"))
    finish(crew)
    assert world.diary.of("snapshot", "play") == ["snapshot", "play"]
    assert world.queue.deleted == ["message", "again"]


def test_a_drain_waits_for_what_is_in_work(world: World) -> None:
    crew, in_work = crew_of(world), Event()
    world.diary.meanwhile["faces"] = in_work.set
    crew.take_on(message())
    assert in_work.wait(LONG)
    crew.drain(LONG)
    assert (crew.size, world.record["status"]) == (0, Status.COMPLETED)


def test_a_drain_gives_back_what_takes_too_long(world: World, held: Event) -> None:
    crew, in_work = crew_of(world), Event()
    wait = world.diary.meanwhile["faces"]

    def tell_and_wait() -> None:
        in_work.set()
        wait()

    world.diary.meanwhile["faces"] = tell_and_wait
    crew.take_on(message())
    assert in_work.wait(LONG)
    crew.drain(0)
    assert world.queue.kept_away == [0]
    held.set()
    finish(crew)
    assert (world.queue.deleted, world.device.said) == ([], [])
    assert world.record["status"] == Status.IN_PROGRESS


def test_a_drain_gives_back_what_has_no_place(world: World) -> None:
    crew = crew_of(world)
    crew.drain(0)
    crew.take_on(message())
    finish(crew)
    assert (world.queue.kept_away, world.diary.entries) == ([0], ["keep away"])


def test_identifiers_are_remembered_but_not_for_ever() -> None:
    recent = Recent()
    assert [recent.seen_before(name) for name in ("a", "b", "a")] == [False, False, True]
    for number in range(MAX_REMEMBERED):
        recent.seen_before(str(number))
    assert not recent.seen_before("b")
