"""What the camera says about the faces in a photo.

It says "you look happy", never "you are happy": the API rates an expression, not a person's inner state.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.domain.faces import Face, count_moods
from worker.domain.plural import MOST_FACES, Forms, Plural

EMOTIONS = ("HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR")
SOON = range(2, 11)
"""How many people one sees in a photo on most days; the other numbers are for later."""


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The sentences of `language` (BCP 47).

    `several` may use {count} and {mood}, `several_unsure` and `watching` {count}; the others are said as they stand.
    """

    language: str
    plural: Plural
    emotions: Mapping[str, str]
    moods: Mapping[str, Forms]
    no_face: str
    unsure: str
    sorry: str
    several: Forms
    several_unsure: Forms
    watching: Forms
    watched: str

    def sentence(self, faces: Sequence[Face], min_confidence: float) -> str:
        """One face: its top emotion. Several: how many, and the commonest mood. Below `min_confidence`: not sure."""
        worn = faces[0].wears(min_confidence) if faces else None
        return self.saying(len(faces), worn, count_moods(faces, min_confidence))

    def saying(self, count: int, worn: str | None, moods: Iterable[str]) -> str:
        """Of so many faces: what a single one wears, and what several do, the commonest first."""
        if not count:
            return self.no_face
        if count == 1:
            return self.emotions.get(worn or "", self.unsure)
        return self._of_several(count, next((mood for mood in moods if mood in self.moods), None))

    def watching_for(self, minutes: int) -> str:
        """To an audience, at the beginning of a watch; `watched` is said at its end."""
        return self.watching[self.plural.category(minutes)].format(count=minutes)

    def fixed(self) -> Iterator[str]:
        """The sentences without a number that a press may hear."""
        yield from dict.fromkeys((*self.emotions.values(), self.no_face, self.unsure, self.sorry))

    def soon(self) -> Iterator[str]:
        """What is likely to be said, the likeliest first."""
        yield from self.fixed()
        yield from self._of_all_moods(SOON)

    def later(self) -> Iterator[str]:
        """The rest of what can be said, but the beginning of a watch, which few minutes are ever asked for."""
        yield self.watched
        yield from self._of_all_moods(range(SOON.stop, MOST_FACES + 1))

    def _of_all_moods(self, counts: Iterable[int]) -> Iterator[str]:
        for count in counts:
            yield from (self._of_several(count, mood) for mood in (*self.moods, None))

    def _of_several(self, count: int, mood: str | None) -> str:
        category = self.plural.category(count)
        if mood is None:
            return self.several_unsure[category].format(count=count)
        return self.several[category].format(count=count, mood=self.moods[mood][category])
