"""What was seen in a clip: its moments, and what they come to altogether."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from worker.domain.faces import Face, count_moods
from worker.domain.phrases import Phrases
from worker.domain.record import Attributes


@dataclass(frozen=True)
class Moment:
    """One picture of a clip, `second` after its begin; `emotions` are those of its largest face, 0..100 each.

    `mood` has the commonest first, and `emotions` the surest.
    """

    second: float
    face_count: int
    mood: Mapping[str, int]
    emotions: Mapping[str, float]


def moment(second: float, faces: Sequence[Face], min_confidence: float) -> Moment:
    """`faces` are those of its picture, largest first."""
    return Moment(
        round(second, 3), len(faces), count_moods(faces, min_confidence), dict(faces[0].emotions) if faces else {}
    )


def top_emotion(moments: Iterable[Moment]) -> tuple[str, float] | None:
    """The emotion that the largest faces wear most surely, and how surely, 0..100.

    Each moment with a face that wears anything counts once, by its largest face. An emotion's confidence is the mean
    over these moments, 0 where one does not name it. Where two are as sure, it is the one that was surer at first.
    """
    worn = [moment.emotions for moment in moments if moment.emotions]
    sums: defaultdict[str, float] = defaultdict(float)
    for emotions in worn:
        for name, confidence in emotions.items():
            sums[name] += confidence
    if not sums:
        return None
    top = max(sums, key=lambda name: sums[name])
    return top, sums[top] / len(worn)


def watched(moments: Sequence[Moment]) -> Attributes:
    """What the record says of them; nothing where nothing was looked at."""
    if not moments:
        return {}
    top = top_emotion(moments)
    return {
        "moments": [
            {"second": moment.second, "face_count": moment.face_count, "mood": dict(moment.mood)} for moment in moments
        ],
        "face_count": _fullest(moments).face_count,
        **({"top_emotion": top[0], "top_confidence": top[1]} if top else {}),
    }


def sentence(moments: Sequence[Moment], phrases: Phrases, min_confidence: float) -> str:
    """What is said of them, empty where nothing was looked at.

    Nobody, or never more than one face: its top emotion over the whole clip. Else the first of the moments that had
    the most faces: how many, and their commonest mood.
    """
    if not moments:
        return ""
    fullest, top = _fullest(moments), top_emotion(moments)
    worn = top[0] if top and top[1] >= min_confidence else None
    return phrases.saying(fullest.face_count, worn, fullest.mood)


def written(moments: Iterable[Moment]) -> list[dict[str, Any]]:
    """As JSON keeps them."""
    return [asdict(moment) for moment in moments]


def read(kept: Iterable[Mapping[str, Any]]) -> list[Moment]:
    """What `written` gave."""
    return [Moment(**moment) for moment in kept]


def _fullest(moments: Sequence[Moment]) -> Moment:
    """The first of those with the most faces."""
    return max(moments, key=lambda moment: moment.face_count)
