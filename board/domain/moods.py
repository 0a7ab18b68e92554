"""Rekognition's emotions in words. It rates an expression: somebody looks happy."""

from collections.abc import Mapping
from typing import Any

from board.domain.attributes import entries, mapping, number, text
from board.domain.item import Item

MOODS = {
    "HAPPY": "happy",
    "CALM": "calm",
    "SURPRISED": "surprised",
    "SAD": "sad",
    "ANGRY": "angry",
    "CONFUSED": "confused",
    "DISGUSTED": "disgusted",
    "FEAR": "afraid",
}
EMOTIONS = tuple(MOODS)
"""By Rekognition's own names."""


def word(emotion: Any) -> str:
    """Such as `afraid`; what Rekognition has not named so far is told as it is, and nothing as nothing."""
    name = text(emotion, 40)
    return MOODS.get(name, "not clear" if name == "UNKNOWN" else name.lower())


def wears(record: Item, mood: str) -> bool:
    """Whether somebody wears it: in a photo, or at some moment of a clip."""
    counted = [record.get("mood"), *(moment.get("mood") for moment in entries(record.get("moments")))]
    if any(counts is not None for counts in counted):
        return any((number(mapping(counts).get(mood)) or 0) > 0 for counts in counted)
    return bool(record.get("top_emotion") == mood)


def summary(counts: Mapping[str, Any]) -> str:
    """Such as `2 happy, 1 calm`, the commonest first."""
    known = [(number(count) or 0, word(emotion)) for emotion, count in counts.items()]
    return ", ".join(f"{count:.0f} {name}" for count, name in sorted(known, reverse=True) if count > 0)
