"""Whether a press did what it should, and the summary of them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tabulate import tabulate

from demo.heard import Sound
from worker.logs import printable

MIN_CONFIDENCE = 50
"""The worker's default, below which it says that it is not sure."""

_HEADINGS = ("photo", "sentence", "press to\nfirst sound", "snapshot\n+ faces", "ratio")
_WIDEST_SENTENCE = 30

FOOTNOTE = """
The ratio is of the two before it. A sentence that is new to the worker is asked of Polly first."""


@dataclass(frozen=True)
class Outcome:
    """A press that has ended; `pressed_at` is in epoch seconds, `sound` what the camera heard of it."""

    photo: str
    pressed_at: float
    record: Mapping[str, Any]
    sound: Sound | None

    @property
    def first_sound_ms(self) -> float | None:
        return (self.sound.first_sound_at - self.pressed_at) * 1000 if self.sound else None

    @property
    def looking_ms(self) -> int | None:
        """Snapshot and DetectFaces together."""
        timings = self.record.get("timings_ms", {})
        return timings["snapshot"] + timings["faces"] if {"snapshot", "faces"} <= timings.keys() else None


def trouble(outcome: Outcome) -> str | None:
    """What is wrong with it, in a sentence; None if all is right."""
    reason = _job_trouble(outcome.record) or _sound_trouble(outcome.sound) or _sentence_trouble(outcome.record)
    return printable(f"{outcome.photo}: {reason}") if reason else None


def summary(outcomes: Sequence[Outcome]) -> str:
    rows = [_row(outcome) for outcome in outcomes]
    return tabulate(
        rows,
        headers=_HEADINGS,
        colalign=("left", "left", "right", "right", "right"),
        maxcolwidths=[None, _WIDEST_SENTENCE, None, None, None],
        disable_numparse=True,
    )


def _job_trouble(record: Mapping[str, Any]) -> str | None:
    if record.get("status") != "completed":
        return f"the press ended as {record.get('status')}: {record.get('error', 'no reason is given')}"
    return None if record.get("speech") == "spoken" else f"the sentence was not spoken: {record.get('speech')}"


def _sound_trouble(sound: Sound | None) -> str | None:
    if sound is None:
        return "the camera's speaker heard nothing"
    if not sound.complete:
        return "the camera's speaker heard only a part of the sentence"
    return "the camera's speaker heard silence" if sound.silent else None


def _sentence_trouble(record: Mapping[str, Any]) -> str | None:
    said = record["said"]
    for words in _expected(record):
        if not any(word in said.lower() for word in words):
            return f"the record does not fit what was said: {said!r}"
    return None


def _expected(record: Mapping[str, Any]) -> list[set[str]]:
    """Of each set the sentence must have one."""
    count = record["face_count"]
    if count == 0:
        return [{"not see a face"}]
    if count == 1:
        sure = record.get("top_confidence", 0) >= MIN_CONFIDENCE
        return [{_look(record["top_emotion"])} if sure else {"not sure"}]
    mood = record["mood"]
    commonest = {_look(name) for name, faces in mood.items() if faces == max(mood.values())}
    return [{str(count)}, commonest or {"not sure"}]


def _look(emotion: str) -> str:
    return {"FEAR": "afraid", "UNKNOWN": "not sure"}.get(emotion, emotion.lower())


def _row(outcome: Outcome) -> list[str]:
    sound, looking = outcome.first_sound_ms, outcome.looking_ms
    ratio = f"{sound / looking:.2f}" if sound and looking else "-"
    return [printable(outcome.photo), printable(outcome.record.get("said", "-")), _ms(sound), _ms(looking), ratio]


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} ms"
