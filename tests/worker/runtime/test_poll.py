import signal
from collections.abc import Callable
from typing import cast

import pytest

from tests.worker.fakes import message
from worker.aws.queue import Queue
from worker.domain.command import Message
from worker.domain.errors import CloudError, CloudUnavailable
from worker.runtime.poll import Listener, patiently, poll
from worker.runtime.pool import JobPool
from worker.runtime.stop import Stop, StopRequested


def lowest() -> float:
    return 0.0


class Answers:
    """Gives or raises one after the other, and asks to stop when there are no more."""

    def __init__(self, *answers: list[Message] | CloudError) -> None:
        self.answers = list(answers)
        self.rooms: list[int] = []
        self.before_answering: Callable[[], None] = lambda: None

    def receive(self, room: int = 0) -> list[Message]:
        self.rooms.append(room)
        if not self.answers:
            signal.raise_signal(signal.SIGTERM)
        answer = self.answers.pop(0)
        if isinstance(answer, CloudError):
            raise answer
        self.before_answering()
        return answer


class FakeCrew:
    """`rooms` are told one after the other, and then the last for ever."""

    def __init__(self, *rooms: int) -> None:
        self.rooms = list(rooms)
        self.taken_on: list[Message] = []
        self.handed_back: list[Message] = []
        self.waits = 0
        self.full = 0

    def room(self) -> int:
        return self.rooms.pop(0) if len(self.rooms) > 1 else self.rooms[0]

    def note_full(self) -> None:
        self.full += 1

    def wait_for_change(self) -> None:
        self.waits += 1

    def take_on(self, message: Message) -> None:
        self.taken_on.append(message)

    def hand_back(self, message: Message) -> None:
        self.handed_back.append(message)


def run(answers: Answers, crew: FakeCrew, stop: Stop) -> list[int]:
    told: list[int] = []
    with stop.on_signals():
        poll(cast(Queue, answers), cast(JobPool, crew), stop, lowest, Listener(told.append, crew.note_full))
    return told


def test_messages_are_taken_on_and_every_answer_is_told() -> None:
    crew = FakeCrew(4)
    assert run(Answers([message(1), message(2)], [], [message(3)]), crew, Stop()) == [2, 0, 1]
    assert [taken.receive_count for taken in crew.taken_on] == [1, 2, 3]


def test_only_as_many_are_asked_for_as_there_is_room() -> None:
    answers, crew = Answers([], []), FakeCrew(3, 0, 0, 1)
    run(answers, crew, Stop())
    assert crew.full == 2
    assert (answers.rooms, crew.waits) == ([3, 1, 1], 2)


def test_what_arrives_with_the_stop_is_handed_back() -> None:
    stop, crew, answers = Stop(), FakeCrew(4), Answers([message()])

    def stop_now() -> None:
        stop.disarm()
        signal.raise_signal(signal.SIGTERM)

    answers.before_answering = stop_now
    assert run(answers, crew, stop) == [1]
    assert (crew.taken_on, len(crew.handed_back)) == ([], 1)


def test_a_failing_queue_is_asked_ever_more_slowly_and_nothing_is_lost() -> None:
    answers = Answers(*[CloudUnavailable("away")] * 8, [message()])
    slept: list[float] = []
    assert len(patiently(answers.receive, Stop(), lowest, slept.append)) == 1
    assert slept == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_stop_ends_the_waiting_for_a_failing_queue() -> None:
    stop = Stop()

    def sleep(_seconds: float) -> None:
        signal.raise_signal(signal.SIGTERM)
        pytest.fail("slept on")

    with stop.on_signals(), pytest.raises(StopRequested):
        patiently(Answers(CloudUnavailable("away")).receive, stop, lowest, sleep)
