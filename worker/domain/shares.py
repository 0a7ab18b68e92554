"""How the cameras share what one worker may have in hand: each always has room of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

MAX_IN_WORK = 50
MAX_IN_HAND = 100
"""With those that only wait for the speaker: sentences last longer than photos, which should not wait for them."""
MAX_TURNED_AWAY = 10
"""At a time, besides: SQS cannot select by camera, so presses come for cameras that have no room."""


@dataclass(frozen=True)
class Load:
    """Of one camera: presses that have or wait for a place of work, and these with those that wait for the speaker."""

    in_work: int = 0
    in_hand: int = 0


@dataclass(frozen=True)
class Shares:
    """`concurrency` is how many presses of a camera may be in work, as far as all `cameras` together allow it."""

    cameras: int
    concurrency: int

    @property
    def in_work(self) -> int:
        """Places of work for each camera."""
        return min(self.concurrency, max(1, MAX_IN_WORK // self.cameras))

    @property
    def in_hand(self) -> int:
        """Presses in hand for each camera; the rest is turned away, to come back later."""
        return max(1, MAX_IN_HAND // self.cameras)

    def room(self, loads: Mapping[str, Load], turned_away: int) -> int:
        """How many messages may be asked for; `loads` is of each camera that has any."""
        missing = self.cameras - len(loads)
        free = sum(map(self._free, loads.values())) + missing * self._free(Load())
        return min(free, MAX_TURNED_AWAY - turned_away)

    def has_room(self, load: Load) -> bool:
        """Whether one more press of a camera may be taken in hand."""
        return load.in_hand < self.in_hand

    def _free(self, load: Load) -> int:
        return max(0, min(self.in_work - load.in_work, self.in_hand - load.in_hand))
