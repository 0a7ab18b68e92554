"""Whether a press did what it should, and the summary of them all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tabulate import tabulate

from demo.heard import Sound
from worker.domain.faces import Box, Face
from worker.domain.phrases import Phrases
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


def trouble(outcome: Outcome, phrases: Phrases) -> str | None:
    """What is wrong with it, in a sentence; None if all is right, and said in `phrases`."""
    reason = _job_trouble(outcome.record) or _sound_trouble(outcome.sound) or _sentence_trouble(outcome.record, phrases)
    return printable(f"{outcome.photo}: {reason}") if reason else None


def clip_troubles(outcome: Outcome) -> Iterator[str]:
    """What is wrong with a clip."""
    record = outcome.record
    if (record.get("status"), record.get("video")) != ("completed", "complete"):
        why = record.get("error", "no reason is given")
        yield printable(f"the clip ended as {record.get('status')}, {record.get('video', 'not stored')}: {why}")
    if not record.get("moments"):
        yield "nobody looked at the clip"


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


def _sentence_trouble(record: Mapping[str, Any], phrases: Phrases) -> str | None:
    said, count = record["said"], record["face_count"]
    if said in {phrases.sentence([_face(mood)] * count, MIN_CONFIDENCE) for mood in _moods(record, phrases)}:
        return None
    return f"the record does not fit what was said: {said!r}"


def _moods(record: Mapping[str, Any], phrases: Phrases) -> set[str | None]:
    """Those of which the sentence may tell; None for one that is not sure."""
    if record["face_count"] in {0, 1}:
        return {record["top_emotion"] if record.get("top_confidence", 0) >= MIN_CONFIDENCE else None}
    mood = {name: faces for name, faces in record["mood"].items() if name in phrases.moods}
    return {name for name, faces in mood.items() if faces == max(mood.values())} or {None}


def _face(mood: str | None) -> Face:
    return Face(Box(0, 0, 1, 1), {mood: 100.0} if mood else {})


def _row(outcome: Outcome) -> list[str]:
    sound, looking = outcome.first_sound_ms, outcome.looking_ms
    ratio = f"{sound / looking:.2f}" if sound and looking else "-"
    return [printable(outcome.photo), printable(outcome.record.get("said", "-")), _ms(sound), _ms(looking), ratio]


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} ms"
