"""What a billboard may show: moods, each with the items that fit it, and by which rule one follows another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice

EMOTIONS = ("HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR")
"""Rekognition's."""


class Kind(StrEnum):
    """What an item is, by its key in BILLBOARD_FILE."""

    IMAGE = "image"
    VIDEO = "video"
    URL = "url"


@dataclass(frozen=True)
class Item:
    """`source` is the name of a file beside BILLBOARD_FILE, or a whole http or https address."""

    kind: Kind
    source: str
    seconds: float
    weight: int = 1


@dataclass(frozen=True)
class Mood:
    """`when` are the emotions it is for; `min_dwell` seconds it stays at least."""

    name: str
    when: frozenset[str]
    items: tuple[Item, ...]
    min_dwell: float = 0.0

    @property
    def turns(self) -> tuple[Item, ...]:
        """Each item as often as its weight, and the heavier ones spread evenly."""
        # Smooth weighted round robin: whoever waits longest for what is due to it comes next.
        due = dict.fromkeys(range(len(self.items)), 0)
        total = sum(item.weight for item in self.items)
        turns = []
        for _ in range(total):
            due = {number: score + self.items[number].weight for number, score in due.items()}
            chosen = max(due, key=lambda number: (due[number], -number))
            due[chosen] -= total
            turns.append(self.items[chosen])
        return tuple(turns)

    @property
    def round_seconds(self) -> float:
        """Until the first turn comes again."""
        return sum(item.seconds * item.weight for item in self.items)


@dataclass(frozen=True)
class Turn:
    """An item's time on the screen: from `begins` to before `ends`, in epoch seconds."""

    item: Item
    begins: float
    ends: float


def turn_at(mood: Mood, since: float, now: float) -> Turn:
    """Which item of a mood that is shown `since` then is on, at `now`; both in epoch seconds."""
    begins = since + max(0.0, now - since) // mood.round_seconds * mood.round_seconds
    for turn in _turns_from(mood, begins):
        if now < turn.ends:
            return turn
    raise AssertionError("a round of turns goes on for ever")


def _turns_from(mood: Mood, begins: float) -> Iterator[Turn]:
    for item in islice(cycle(mood.turns), 2 * len(mood.turns) + 1):
        yield Turn(item, begins, begins + item.seconds)
        begins += item.seconds


@dataclass(frozen=True)
class Playlist:
    """`default` is one of the `moods`; `switch_margin` is in points of 100."""

    default: str
    moods: Mapping[str, Mood]
    window_seconds: float = 30.0
    min_faces: float = 1.0
    switch_margin: float = 15.0

    @property
    def items(self) -> Iterator[Item]:
        return (item for mood in self.moods.values() for item in mood.items)
