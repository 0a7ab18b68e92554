import signal
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from tests.worker.fakes import message
from worker.domain.command import Message
from worker.domain.errors import CloudUnavailable
from worker.runtime.poll import patiently, poll
from worker.runtime.stop import Stop, StopRequested


def lowest() -> float:
    return 0.0


class Answers:
    """Gives or raises one after the other, and asks to stop when there are no more."""

    def __init__(self, *answers: list[Message] | Exception) -> None:
        self.answers = list(answers)
        self.rooms: list[int] = []
        self.before_answering: Callable[[], None] = lambda: None

    def receive(self, room: int = 0) -> list[Message]:
        self.rooms.append(room)
        if not self.answers:
            signal.raise_signal(signal.SIGTERM)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.before_answering()
        return answer


class FakePool:
    """`rooms` are told one after the other, and then the last for ever."""

    def __init__(self, *rooms: int) -> None:
        self.rooms = list(rooms)
        self.taken_on: list[Message] = []
        self.handed_back: list[Message] = []
        self.waits = 0

    def room(self) -> int:
        return self.rooms.pop(0) if len(self.rooms) > 1 else self.rooms[0]

    def wait_for_change(self) -> None:
        self.waits += 1

    def take_on(self, message: Message) -> None:
        self.taken_on.append(message)

    def hand_back(self, message: Message) -> None:
        self.handed_back.append(message)


class Told:
    def __init__(self) -> None:
        self.polls: list[int] = []
        self.times_full = 0

    def answered(self, messages: int) -> None:
        self.polls.append(messages)

    def full(self) -> None:
        self.times_full += 1


def run(answers: Answers, pool: FakePool, stop: Stop) -> list[int]:
    listener = Told()
    with stop.on_signals():
        poll(answers, pool, stop, lowest, listener)
    assert listener.times_full == pool.waits
    return listener.polls


def test_messages_are_taken_on_and_every_answer_is_told() -> None:
    pool = FakePool(4)
    assert run(Answers([message(1), message(2)], [], [message(3)]), pool, Stop()) == [2, 0, 1]
    assert [taken.receive_count for taken in pool.taken_on] == [1, 2, 3]


def test_only_as_many_are_asked_for_as_there_is_room() -> None:
    answers, pool = Answers([], []), FakePool(3, 0, 0, 1)
    run(answers, pool, Stop())
    assert (answers.rooms, pool.waits) == ([3, 1, 1], 2)


def test_what_arrives_with_the_stop_is_handed_back() -> None:
    stop, pool, answers = Stop(), FakePool(4), Answers([message()])

    def stop_now() -> None:
        stop.disarm()
        signal.raise_signal(signal.SIGTERM)

    answers.before_answering = stop_now
    assert run(answers, pool, stop) == [1]
    assert (pool.taken_on, len(pool.handed_back)) == ([], 1)


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


@pytest.mark.parametrize(
    "error", [FileNotFoundError(2, "no such helper", "/aws/helper"), KeyError("Version"), ValueError()]
)
def test_whatever_goes_wrong_in_a_poll_is_a_failed_poll_with_one_line(error: Exception) -> None:
    slept: list[float] = []
    with capture_logs() as logs:
        assert patiently(Answers(error, [message()]).receive, Stop(), lowest, slept.append)
    assert (slept, [entry["action"] for entry in logs]) == ([1], ["poll_failed", "poll_recovered"])
    assert type(error).__name__ in logs[0]["error"]
