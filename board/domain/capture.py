"""One record as a page shows it: everything read, and nothing left to doubt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from board.domain.attributes import entries, mapping, number, text, within
from board.domain.captures import RECORD_VIDEO, TAKE_PICTURE, address
from board.domain.faces import Face, read_faces
from board.domain.item import Item
from board.domain.labels import Frame, Named, name_faces
from board.domain.moment import Moment, moment
from board.domain.moods import summary, word
from board.domain.outcome import Outcome, outcome

SPEECH = {
    "started": "being said",
    "spoken": "said",
    "probably_spoken": "probably said: the camera did not confirm it",
    "unknown": "the worker was stopped while it was being said",
    "off": "not said: nothing was to be said aloud",
    "stale": "not said: it came too late",
    "failed": "could not be said; the worker's log has the reason",
}
KINDS = {
    "TakePicture": "photo",
    "RecordVideo": "clip",
    "Say": "words to be said",
    "StartWatching": "begin of a watch",
    "StopWatching": "end of a watch",
    "Forget": "forgetting",
}
SEEN = ("status", "speech", "taken_at", "completed_at", "image_key", "video_key")
"""A tile shows something else when one of these has changed; static/live.js asks the same."""

TILE = Frame(250, 140)
PAGE = Frame(330, 185)
"""On a phone."""

_STEPS = {
    "queue": "on the queue",
    "snapshot": "photo taken",
    "faces": "faces looked at",
    "store": "photo stored",
    "record": "result recorded",
    "speech_start": "voice began after",
    "total": "all done after",
}


@dataclass(frozen=True)
class Rated:
    """What was found besides, and how surely, 0 to 100."""

    name: str
    percent: float


@dataclass(frozen=True)
class Timing:
    """`share` is percent of the longest."""

    name: str
    words: str
    ms: float
    share: float


@dataclass(frozen=True)
class ClipMoment:
    second: float
    face_count: float
    mood: str


@dataclass(frozen=True)
class Capture:
    """`photo` and `clip` are addresses below the root, empty where there is none (yet)."""

    camera: str
    capture_id: str
    address: str
    kind: str
    is_clip: bool
    seen: str
    status: str
    pressed: Moment
    taken: Moment
    source: str
    photo: str
    clip: str
    faces: tuple[Face, ...]
    named: list[Named]
    named_large: list[Named]
    face_count: float | None
    mood: str
    top: str
    said: str
    speech: str
    outcome: Outcome | None
    labels: list[Rated]
    texts: list[Rated]
    moments: list[ClipMoment]
    timings: list[Timing]

    @property
    def alt(self) -> str:
        """What the photo shows, for who does not see it."""
        return f"Photo of {self.camera}: {self.faces_told}"

    @property
    def faces_told(self) -> str:
        """Such as `2 faces: happy 99 %, calm 80 %`."""
        if self.face_count is None:
            return "not looked at yet"
        count = (
            "no face" if not self.face_count else "1 face" if self.face_count == 1 else f"{self.face_count:.0f} faces"
        )
        names = ", ".join(filter(None, (face.name for face in self.faces)))
        return f"{count}: {names}" if names else count


def read_capture(record: Item, now: datetime) -> Capture:
    """Whatever is in the record: what cannot be read is left out."""
    faces = read_faces(record)
    identity = str(record["capture_id"])
    return Capture(
        camera=str(record["camera"]),
        capture_id=identity,
        address=address("captures", record),
        kind=_kind(text(record.get("command"), 40)),
        is_clip=record.get("command") == RECORD_VIDEO,
        seen=seen(record),
        status=text(record.get("status"), 40),
        pressed=moment(record.get("pressed_at") or identity.partition("#")[0]),
        taken=moment(record.get("taken_at")),
        source=", ".join(filter(None, (text(record.get(name), 100) for name in ("source", "device", "click")))),
        photo=address("photos", record) if text(record.get("image_key")) else "",
        clip=address("clips", record) if text(record.get("video_key")) else "",
        faces=faces,
        named=name_faces(faces, TILE),
        named_large=name_faces(faces, PAGE),
        face_count=number(record.get("face_count")),
        mood=summary(mapping(record.get("mood"))),
        top=word(record.get("top_emotion")),
        said=text(record.get("said")),
        speech=SPEECH.get(text(record.get("speech")), ""),
        outcome=outcome(record, now),
        labels=_rated(record.get("labels"), "name"),
        texts=_rated(record.get("text"), "text"),
        moments=_moments(record),
        timings=_timings(record),
    )


def _kind(command: str) -> str:
    return KINDS.get(command or TAKE_PICTURE, command)


def seen(record: Item) -> str:
    return " ".join(str(record.get(name) or "") for name in SEEN)


def _rated(found: Any, name: str) -> list[Rated]:
    rated = [Rated(text(entry.get(name), 200), within(entry.get("confidence"), 0, 100)) for entry in entries(found)]
    return [entry for entry in rated if entry.name]


def _moments(record: Item) -> list[ClipMoment]:
    return [
        ClipMoment(second, number(entry.get("face_count")) or 0, summary(mapping(entry.get("mood"))))
        for entry in entries(record.get("moments"))
        if (second := number(entry.get("second"))) is not None
    ]


def _timings(record: Item) -> list[Timing]:
    known = mapping(record.get("timings_ms"))
    found = {name: ms for name in _STEPS if (ms := number(known.get(name))) is not None}
    longest = max([*found.values(), 1])
    return [Timing(name, _STEPS[name], ms, within(ms / longest * 100, 0, 100)) for name, ms in found.items()]
