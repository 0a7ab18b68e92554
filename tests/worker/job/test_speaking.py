"""The way of one sentence, step by step: what may follow what, and what stands in the record when it is broken off."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.worker.fakes import PRESS, World, message
from worker.domain.errors import CloudUnavailable, LeaseLost
from worker.domain.record import Speech, pressed
from worker.job.lease import Lease
from worker.job.speaking import NEXT, Speaking, State
from worker.job.timings import Timings
from worker.runtime.observer import NOBODY

SENTENCE = b"You look happy."
SORRY = b"Sorry."


def sentence() -> bytes:
    return SENTENCE


def sorry() -> bytes:
    return SORRY


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def speaking(world: World) -> Speaking:
    lease = Lease(message(), world.queue, world.services.clock, 30, Clock())
    lease.claim(world.records, PRESS, pressed(PRESS, "host", timedelta(days=30)))
    return Speaking(
        press=PRESS,
        services=world.services,
        camera=world.camera,
        lease=lease,
        timings=Timings(0, NOBODY),
        leave_place=lambda: None,
        sleep=lambda _seconds: None,
    )


def test_every_state_has_its_ways_on() -> None:
    assert set(NEXT) == set(State)
    assert {state for state in State if not NEXT[state]} == {State.ENDED, State.WITHDRAWN}


def test_once_it_sounds_it_can_only_end() -> None:
    assert NEXT[State.SOUNDING] == {State.ENDED}


def test_a_sentence_is_marked_heard_and_known(world: World, speaking: Speaking) -> None:
    speaking.mark()
    assert (speaking.outcome, world.record["speech"]) == (None, Speech.STARTED)
    speaking.speak(sentence)
    assert (speaking.outcome, speaking.closing()) == (Speech.SPOKEN, ({"speech": Speech.SPOKEN}, ()))


def test_nothing_is_said_twice(world: World, speaking: Speaking) -> None:
    speaking.mark()
    speaking.speak(sentence)
    assert not speaking.apologize(sorry)
    speaking.speak(sentence)
    assert len(world.device.said) == 1


@pytest.mark.parametrize(
    "earlier", [Speech.SPOKEN, Speech.PROBABLY_SPOKEN, Speech.FAILED, Speech.STALE, Speech.UNKNOWN]
)
def test_what_an_earlier_attempt_said_stands(world: World, speaking: Speaking, earlier: Speech) -> None:
    speaking.remember({"speech": earlier})
    speaking.mark()
    speaking.speak(sentence)
    assert (speaking.outcome, world.device.said) == (earlier, [])


def test_what_an_earlier_attempt_began_is_unknown_however_this_one_ends(world: World, speaking: Speaking) -> None:
    speaking.remember({"speech": Speech.STARTED})
    assert speaking.closing() == ({"speech": Speech.UNKNOWN}, ())
    assert not speaking.apologize(sorry)
    assert world.device.said == []


def break_off(speaking: Speaking, moment: str, world: World) -> Callable[[], None]:
    def withdraw() -> None:
        world.diary.note(f"withdrawn {speaking.withdraw()}")

    world.diary.meanwhile[moment] = withdraw
    return withdraw


@pytest.mark.parametrize("moment", ["write speech", "synthesize"])
def test_what_is_withdrawn_before_its_first_byte_takes_its_mark_back_and_is_not_heard(
    world: World, speaking: Speaking, moment: str
) -> None:
    break_off(speaking, moment, world)
    with pytest.raises(LeaseLost):  # noqa: PT012 - it may be lost at either step
        speaking.mark()
        speaking.speak(partial(world.services.voice.sound, "You look happy.", "alaw"))
    assert world.diary.of("withdrawn ({}, ('speech',))")
    assert world.device.said == []


def test_what_is_withdrawn_while_it_sounds_leaves_its_mark(world: World, speaking: Speaking) -> None:
    break_off(speaking, "play", world)
    speaking.mark()
    speaking.speak(sentence)
    assert world.diary.of("withdrawn ({}, ())")


def test_a_mark_that_failed_can_be_tried_again_for_an_apology(world: World, speaking: Speaking) -> None:
    world.diary.failing["write speech"] = CloudUnavailable("away")
    with pytest.raises(CloudUnavailable):
        speaking.mark()
    assert speaking.closing() == ({}, ("speech",))
    world.diary.failing.clear()
    assert speaking.apologize(sorry)
    assert (world.device.said, speaking.outcome) == ([SORRY], Speech.SPOKEN)


def test_a_mark_that_arrives_after_it_was_withdrawn_is_taken_back(world: World, speaking: Speaking) -> None:
    """The write that takes the mark back may overtake the write of the mark."""

    def give_back() -> None:
        speaking.lease.give_back(*speaking.withdraw(), 0)

    world.diary.meanwhile["write speech"] = give_back
    with pytest.raises(LeaseLost):
        speaking.mark()
    assert "speech" not in world.record
