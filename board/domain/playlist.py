"""What a billboard may show: moods, each with the items that fit it, and by which rule one follows another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import blake2s


class Kind(StrEnum):
    """What an item is, by its key in BILLBOARD_FILE."""

    IMAGE = "image"
    VIDEO = "video"
    URL = "url"


@dataclass(frozen=True)
class Item:
    """`source` is a file beside BILLBOARD_FILE, or a whole http or https address; `version` changes with the file."""

    kind: Kind
    source: str
    seconds: float
    weight: int = 1
    version: str = ""

    @property
    def is_file(self) -> bool:
        return self.kind is not Kind.URL


@dataclass(frozen=True)
class Mood:
    """`when` are the emotions it is for; `min_dwell` seconds it stays at least. It has an item."""

    name: str
    when: frozenset[str]
    items: tuple[Item, ...]
    min_dwell: float = 0.0

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Of a round of the items, by their numbers: each as often as its weight says, spread evenly."""
        weights = [item.weight for item in self.items]
        places = [((time + 0.5) / weight, number) for number, weight in enumerate(weights) for time in range(weight)]
        return tuple(number for _, number in sorted(places))

    @cached_property
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
    """Which item of a mood that is shown `since` then is on, at `now`; both in epoch seconds.

    `static/turns.js` reckons the same for when the board is not heard.
    """
    begins = since + max(0.0, now - since) // mood.round_seconds * mood.round_seconds
    # A second round only because sums of fractions are not exact.
    for number in mood.order * 2:
        turn = Turn(mood.items[number], begins, begins + mood.items[number].seconds)
        if now < turn.ends:
            return turn
        begins = turn.ends
    raise AssertionError("a round of turns goes on for ever")


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

    @cached_property
    def version(self) -> str:
        """The same as long as the same can be shown."""
        shown = [self.default, *((name, mood.items) for name, mood in self.moods.items())]
        return blake2s(repr(shown).encode(), digest_size=8).hexdigest()

    def file(self, source: str) -> Item | None:
        """The item whose file it is; None: none of them."""
        return next((item for item in self.items if item.is_file and item.source == source), None)
