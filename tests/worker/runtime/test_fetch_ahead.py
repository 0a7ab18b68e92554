from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import pytest
from structlog.testing import capture_logs

from worker.domain.errors import CloudRefused, CloudUnavailable
from worker.domain.sentences import soon_parts
from worker.domain.sound import AudioFormat
from worker.runtime.fetch_ahead import (
    BUSY_LOOK_SECONDS,
    FIRST_DELAY_SECONDS,
    LAST_DELAY_SECONDS,
    LATER_PAUSE_SECONDS,
    MAX_REFUSALS,
    RECHECK_SECONDS,
    SOON_PAUSE_SECONDS,
    TAKEN_SECONDS,
    FetchAhead,
)
from worker.settings.languages import built_in, languages

SOON = ("You look happy.", "I see 2. Most are happy.", "I see 3. Most are happy.")
LATER = ("I see 11. Most are happy.", "I see 12. Most are happy.")
SOON_PARTS = ["You look happy.", "I see 2.", "Most are happy.", "I see 3."]
LATER_PARTS = ["I see 11.", "I see 12."]


class Texts:
    def soon(self) -> Iterator[str]:
        yield from SOON

    def later(self) -> Iterator[str]:
        yield from LATER


@dataclass
class FakeVoice:
    """What it `holds` is there; what `fails` raises."""

    holds: set[tuple[str, AudioFormat]] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    keeps: bool = True
    is_alone: bool = True

    def has(self, part: str, audio_format: AudioFormat) -> bool:
        return (part, audio_format) in self.holds

    def fetch(self, part: str, audio_format: AudioFormat) -> None:
        self.asked.append(part)
        if part in self.fails:
            raise self.fails[part]
        self.holds.add((part, audio_format))

    @contextmanager
    def alone(self) -> Iterator[bool]:
        yield self.is_alone


class Stopping(Event):
    """Nobody waits for it: it notes for how long it would have been, and is set at the end of `patience` waits.

    `meanwhile` happens in the wait of that number.
    """

    def __init__(self, patience: int = 1000, until: float = RECHECK_SECONDS) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.meanwhile: dict[int, Callable[[], None]] = {}
        self._patience, self._until = patience, until

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.waits.append(timeout)
        self.meanwhile.get(len(self.waits), bool)()
        if timeout >= self._until or len(self.waits) >= self._patience:
            self.set()
        return self.is_set()


@pytest.fixture
def voice() -> FakeVoice:
    return FakeVoice()


def fetch(
    voice: FakeVoice, stopping: Stopping, *formats: AudioFormat, busy: Callable[[], bool] = lambda: False
) -> list[str]:
    """The actions that were logged."""
    with capture_logs() as logs:
        FetchAhead(Texts(), voice, formats or ("alaw",), busy).keep_fetching(stopping)
    return [entry["action"] for entry in logs if entry["log_level"] != "debug"]


def test_the_likely_is_fetched_first_and_the_rest_slowly(voice: FakeVoice) -> None:
    stopping = Stopping()
    assert fetch(voice, stopping) == ["voice_ready", "voice_complete"]
    assert voice.asked == SOON_PARTS + LATER_PARTS
    pauses = [SOON_PAUSE_SECONDS] * len(SOON_PARTS) + [LATER_PAUSE_SECONDS] * len(LATER_PARTS)
    assert stopping.waits == [*pauses, RECHECK_SECONDS]


@pytest.mark.parametrize("tag", languages())
def test_what_may_be_said_soon_is_there_within_a_minute_at_a_second_and_a_half_a_call(tag: str) -> None:
    assert len(soon_parts(built_in(tag).phrases)) * (1.5 + SOON_PAUSE_SECONDS) < 60


def test_in_each_format_that_a_camera_takes(voice: FakeVoice) -> None:
    fetch(voice, Stopping(), "alaw", "mulaw")
    assert voice.asked == [*SOON_PARTS * 2, *[part for part in LATER_PARTS for _ in range(2)]]


def test_what_is_there_is_not_asked_for(voice: FakeVoice) -> None:
    voice.holds = {(part, "alaw") for part in (*SOON_PARTS[1:], *LATER_PARTS)}
    stopping = Stopping()
    fetch(voice, stopping)
    assert (voice.asked, stopping.waits) == (SOON_PARTS[:1], [SOON_PAUSE_SECONDS, RECHECK_SECONDS])


def test_no_call_begins_while_a_press_is_in_work(voice: FakeVoice) -> None:
    stopping = Stopping()
    pressed = False

    def press() -> None:
        nonlocal pressed
        pressed = True

    def done() -> None:
        nonlocal pressed
        assert voice.asked == SOON_PARTS[:2]
        pressed = False

    stopping.meanwhile = {2: press, 5: done}
    fetch(voice, stopping, busy=lambda: pressed)
    assert stopping.waits[1:6] == [SOON_PAUSE_SECONDS, *[BUSY_LOOK_SECONDS] * 3, SOON_PAUSE_SECONDS]
    assert voice.asked == SOON_PARTS + LATER_PARTS


def test_a_stop_ends_it_at_once(voice: FakeVoice) -> None:
    fetch(voice, Stopping(patience=2))
    assert voice.asked == SOON_PARTS[:2]


def test_while_polly_is_away_it_is_told_once_and_asked_less_and_less(voice: FakeVoice) -> None:
    voice.fails = {SOON_PARTS[1]: CloudUnavailable("ThrottlingException")}
    stopping = Stopping(until=LAST_DELAY_SECONDS)
    assert fetch(voice, stopping) == ["voice_not_ready"]
    assert voice.asked[:2] == SOON_PARTS[:2]
    assert set(voice.asked[2:]) == {SOON_PARTS[1]}
    assert stopping.waits[:4] == [
        SOON_PAUSE_SECONDS,
        FIRST_DELAY_SECONDS,
        2 * FIRST_DELAY_SECONDS,
        4 * FIRST_DELAY_SECONDS,
    ]
    assert sum(stopping.waits[:-1]) < 2 * LAST_DELAY_SECONDS


def test_when_polly_is_back_the_rest_is_fetched(voice: FakeVoice) -> None:
    voice.fails = {SOON_PARTS[2]: TimeoutError()}
    stopping = Stopping()
    stopping.meanwhile = {4: voice.fails.clear}
    assert fetch(voice, stopping) == ["voice_not_ready", "voice_ready", "voice_complete"]
    assert voice.asked == [*SOON_PARTS[:3], *SOON_PARTS[2:3], *SOON_PARTS[2:], *LATER_PARTS]


def test_a_sentence_that_polly_refuses_is_passed_over_and_named(voice: FakeVoice) -> None:
    voice.fails = {SOON_PARTS[1]: CloudRefused("a sound of 0 bytes")}
    assert fetch(voice, Stopping()) == ["voice_ready", "voice_complete", "sentence_refused"]
    assert voice.asked == SOON_PARTS + LATER_PARTS


def test_refused_again_and_again_nothing_more_is_asked(voice: FakeVoice) -> None:
    voice.fails = dict.fromkeys(SOON_PARTS, CloudRefused("AccessDenied"))
    assert fetch(voice, Stopping(until=FIRST_DELAY_SECONDS)) == ["voice_not_ready"]
    assert voice.asked == SOON_PARTS[:MAX_REFUSALS]


def test_of_workers_that_share_a_folder_one_asks_at_a_time_and_none_for_what_another_got(voice: FakeVoice) -> None:
    voice.is_alone = False
    stopping = Stopping()

    def the_other_ends() -> None:
        voice.holds.add((SOON_PARTS[0], "alaw"))
        voice.is_alone = True

    stopping.meanwhile = {3: the_other_ends}
    fetch(voice, stopping)
    assert stopping.waits[:4] == [TAKEN_SECONDS] * 3 + [SOON_PAUSE_SECONDS]
    assert voice.asked == SOON_PARTS[1:] + LATER_PARTS


def test_what_cannot_be_kept_is_fetched_once_and_no_crowd_is_expected(voice: FakeVoice) -> None:
    voice.keeps = False
    assert fetch(voice, Stopping()) == ["voice_ready"]
    assert voice.asked == SOON_PARTS


def test_what_is_damaged_meanwhile_is_fetched_again(voice: FakeVoice) -> None:
    stopping = Stopping(until=2 * RECHECK_SECONDS, patience=len(SOON_PARTS + LATER_PARTS) + 2)
    stopping.meanwhile = {len(SOON_PARTS + LATER_PARTS) + 1: lambda: voice.holds.discard(("I see 11.", "alaw"))}
    fetch(voice, stopping)
    assert voice.asked == [*SOON_PARTS, *LATER_PARTS, "I see 11."]
