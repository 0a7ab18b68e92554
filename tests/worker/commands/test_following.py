"""`press --wait`: what a person is told while a press is done, and with which code it ends."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from worker.commands.following import Outcome, follow, news
from worker.domain.errors import CloudRefused, CloudUnavailable

PICKED_UP: dict[str, Any] = {"status": "in_progress", "worker": "lan-host", "attempt": "a"}
SEEN = {
    **PICKED_UP,
    "taken_at": "2026-11-22T18:44:00.500Z",
    "face_count": 2,
    "top_emotion": "HAPPY",
    "top_confidence": 98.7,
    "said": "I see 2 people.",
    "speech": "started",
}
DONE = {**SEEN, "status": "completed", "speech": "spoken", "timings_ms": {"total": 3210}}

Said = Callable[[], list[str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def lines() -> list[str]:
        return capsys.readouterr().out.splitlines()

    return lines


class Watch:
    """A clock that only moves while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def followed(*looks: dict[str, Any] | Exception | None, seconds: float = 60) -> Outcome:
    """Each look sees the next, the last for ever."""

    def sights() -> Iterator[dict[str, Any] | Exception | None]:
        yield from looks
        while True:
            yield looks[-1]

    seen, watch = sights(), Watch()

    def look() -> dict[str, Any] | None:
        sight = next(seen)
        if isinstance(sight, Exception):
            raise sight
        return sight

    return follow(look, seconds, watch, watch.sleep)


def test_a_press_is_told_as_it_is_done_and_each_thing_once(said: Said) -> None:
    assert followed(None, PICKED_UP, PICKED_UP, SEEN, SEEN, DONE) is Outcome.COMPLETED
    assert said() == [
        "picked up by lan-host",
        "photo taken",
        "2 faces: HAPPY, 98.7 %",
        'sentence: "I see 2 people."',
        "completed in 3.2 s; the voice: spoken",
    ]


def test_what_is_over_before_the_first_look_is_told_all_at_once(said: Said) -> None:
    assert followed(DONE) is Outcome.COMPLETED
    assert [line.split()[0] for line in said()] == ["picked", "photo", "2", "sentence:", "completed"]


@pytest.mark.parametrize(
    ("end", "outcome", "last"),
    [
        ({"status": "failed", "error": "no answer from the camera"}, 3, "failed: no answer from the camera"),
        ({"status": "expired"}, 4, "expired: it was too old"),
        ({"status": "forgotten"}, 3, "forgotten"),
    ],
)
def test_every_other_end_has_a_code_of_its_own(said: Said, end: dict[str, Any], outcome: int, last: str) -> None:
    assert followed(None, {**PICKED_UP, **end}) == outcome
    assert said()[-1].startswith(last)


def test_a_text_that_expires_was_not_said(said: Said) -> None:
    assert followed({**PICKED_UP, "command": "Say", "status": "expired"}) is Outcome.EXPIRED
    assert said()[-1].endswith("nothing was said")


def test_what_nobody_picks_up_is_told_with_what_to_look_at(said: Said) -> None:
    assert followed(None, seconds=30) is Outcome.NOTHING_IN_TIME
    [line] = said()
    assert line.startswith("not picked up after 30 s: does a worker run")
    assert "dead-letter queue" in line


def test_what_takes_too_long_is_told(said: Said) -> None:
    assert followed(PICKED_UP, seconds=30) is Outcome.NOTHING_IN_TIME
    assert said()[-1].startswith("still in progress after 30 s; `results`")


def test_a_table_that_does_not_answer_for_a_while_is_waited_for(said: Said) -> None:
    assert followed(PICKED_UP, CloudUnavailable("gone"), CloudUnavailable("gone"), DONE) is Outcome.COMPLETED
    assert said().count("picked up by lan-host") == 1


def test_a_table_that_never_answers_is_named(said: Said) -> None:
    assert followed(CloudUnavailable("no way"), seconds=30) is Outcome.NOTHING_IN_TIME
    assert "(no way)" in said()[-1]


def test_a_table_that_refuses_ends_it() -> None:
    with pytest.raises(CloudRefused):
        followed(CloudRefused("denied"))


def test_a_terminal_is_not_made_to_obey_what_a_record_says(said: Said) -> None:
    followed({**DONE, "said": "\x1b[2J"})
    assert any(r"\x1b[2J" in line for line in said())


@pytest.mark.parametrize(("count", "told"), [(0, "no face"), (1, "1 face"), (3, "3 faces")])
def test_faces_without_an_emotion_are_counted(count: int, told: str) -> None:
    assert list(news(PICKED_UP, {**PICKED_UP, "face_count": count})) == [told]


@pytest.mark.parametrize(
    ("command", "watch", "told"),
    [
        ("StartWatching", "mine", "the watch has begun; `watched` shows it"),
        ("StartWatching", "another", "changes nothing: the watch another goes on"),
        ("StopWatching", "another", "ends the watch another"),
    ],
)
def test_a_watch_is_told_by_what_the_command_does_to_it(command: str, watch: str, told: str) -> None:
    begun = {**PICKED_UP, "capture_id": "mine", "command": command}
    assert list(news(begun, {**begun, "watch": watch})) == [told]


def test_a_start_that_came_too_late_watches_nothing() -> None:
    [end] = news(PICKED_UP, {**PICKED_UP, "command": "StartWatching", "status": "expired"})
    assert end.endswith("so nothing is watched")
