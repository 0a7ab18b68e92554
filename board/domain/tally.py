"""What was pressed and seen, counted by quarters of an hour: what is kept of the records for the history."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from board.domain.attributes import entries, mapping, number, text, within
from board.domain.captures import RECORD_VIDEO, TAKE_PICTURE, is_shown
from board.domain.item import Item
from board.domain.moods import MOODS

SLOT_MINUTES = 15
"""Of no time zone today does midnight lie elsewhere."""
VOICE_STEP_MS = 10
"""Response times are told apart by so much."""
PHOTO_BYTES = 1_000_000
"""As docs/costs.md reckons; a record does not tell."""
OTHER = "OTHER"
"""Not clear, or a look that Rekognition has not named so far."""

ATTRIBUTES = (
    "capture_id",
    "command",
    "status",
    "face_count",
    "mood",
    "top_emotion",
    "moments",
    "labels",
    "text",
    "speech",
    "said",
    "timings_ms",
    "image_key",
    "video_key",
    "video_bytes",
)
"""Of a record, all that is counted."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_MAX_FACES, _MAX_VOICE_MS, _MAX_CLIP_BYTES = 100, 3_600_000, 1_000_000_000
_HEARD = ("spoken", "probably_spoken")


class Count(StrEnum):
    """`LOOKS` are images that Rekognition was asked about, `STORED` photos and clips in the bucket."""

    PHOTOS = "photos"
    CLIPS = "clips"
    OTHERS = "others"
    FAILED = "failed"
    EXPIRED = "expired"
    FACES = "faces"
    LOOKS = "looks"
    STORED = "stored"
    BYTES = "bytes"
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True)
class Tally:
    """`moods` are faces by emotion; `voice` counts response times in steps of VOICE_STEP_MS."""

    counts: Counter[Count] = field(default_factory=Counter)
    moods: Counter[str] = field(default_factory=Counter)
    voice: Counter[int] = field(default_factory=Counter)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.counts + other.counts, self.moods + other.moods, self.voice + other.voice)

    @property
    def presses(self) -> int:
        return self.counts[Count.PHOTOS] + self.counts[Count.CLIPS] + self.counts[Count.OTHERS]

    def voice_ms(self, percent: int) -> int | None:
        """The percentile of the times from press to voice, by nearest rank; None where nobody was answered."""
        rank = -(-self.voice.total() * percent // 100)
        for step, number_of in sorted(self.voice.items()):
            rank -= number_of
            if rank <= 0:
                return step * VOICE_STEP_MS
        return None


def total(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.counts.update(tally.counts)
        whole.moods.update(tally.moods)
        whole.voice.update(tally.voice)
    return whole


def slot(at: datetime) -> str:
    """The quarter of an hour in which it lies, as records' names begin: `2026-11-22T18:45`."""
    utc = at.astimezone(UTC)
    return utc.replace(minute=utc.minute // SLOT_MINUTES * SLOT_MINUTES).isoformat()[:16]


def pressed_at(capture_id: Any) -> datetime | None:
    """Of a record's name; None where it is none that a worker gives."""
    moment = text(capture_id, 200).partition("#")[0]
    try:
        return datetime.fromisoformat(moment) if _MOMENT.fullmatch(moment) else None
    except ValueError:
        return None


def tallies_of(records: Iterable[Item]) -> dict[str, Tally]:
    """By slot. What was forgotten, and what has no name of a press, does not count."""
    slots: dict[str, Tally] = {}
    for record in filter(is_shown, records):
        if (at := pressed_at(record.get("capture_id"))) is not None:
            _count(record, slots.setdefault(slot(at), Tally()))
    return slots


def _count(record: Item, tally: Tally) -> None:
    kind = _kind(record)
    tally.counts[kind] += 1
    if record.get("status") in ("failed", "expired"):
        tally.counts[Count(record["status"])] += 1
    tally.counts.update({name: amount for name, amount in _amounts(record, kind) if amount})
    tally.moods.update(_moods(record))
    if kind is Count.PHOTOS and (ms := voice_ms(record)) is not None:
        tally.voice[round(ms / VOICE_STEP_MS)] += 1


def voice_ms(record: Item) -> float | None:
    """From the press to the first sound: on the queue, and from the receive on. None where nothing was heard."""
    timings = mapping(record.get("timings_ms"))
    queue, start = number(timings.get("queue")), number(timings.get("speech_start"))
    if record.get("speech") not in _HEARD or queue is None or start is None:
        return None
    return within(queue + start, 0, _MAX_VOICE_MS)


def _kind(record: Item) -> Count:
    match record.get("command", TAKE_PICTURE):
        case command if command == TAKE_PICTURE:
            return Count.PHOTOS
        case command if command == RECORD_VIDEO:
            return Count.CLIPS
        case _:
            return Count.OTHERS


def _amounts(record: Item, kind: Count) -> Iterator[tuple[Count, int]]:
    yield Count.FACES, round(within(record.get("face_count"), 0, _MAX_FACES))
    if kind is Count.PHOTOS:
        # Each analysis is one call: of faces, of labels, of text.
        yield Count.LOOKS, sum(record.get(found) is not None for found in ("face_count", "labels", "text"))
    if kind is Count.CLIPS:
        yield Count.LOOKS, len(entries(record.get("moments")))
    if record.get("command") == "Say" and record.get("speech") in (*_HEARD, "unknown"):
        yield Count.CHARACTERS, len(text(record.get("said")))
    if text(record.get("video_key")):
        yield Count.STORED, 1
        yield Count.BYTES, round(within(record.get("video_bytes"), 0, _MAX_CLIP_BYTES))
    elif text(record.get("image_key")):
        yield Count.STORED, 1
        yield Count.BYTES, PHOTO_BYTES


def _moods(record: Item) -> Mapping[str, int]:
    """Of a clip, for each look the most that wore it at once."""
    seen: Counter[str] = Counter()
    for moods in (record.get("mood"), *(moment.get("mood") for moment in entries(record.get("moments")))):
        faces: Counter[str] = Counter()
        for emotion, count in list(mapping(moods).items())[:20]:
            faces[emotion if emotion in MOODS else OTHER] += round(within(count, 0, _MAX_FACES))
        seen |= faces
    return seen
