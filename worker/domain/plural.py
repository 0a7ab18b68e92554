"""Which form of a sentence a number takes, as data: CLDR's categories and a plural expression of gettext's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from gettext import c2py

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""Those of CLDR."""
MOST_FACES = 100
"""DetectFaces finds no more in a photo."""

MOST = 480
"""A watch has no more minutes, and nothing else that is counted aloud so many."""

Forms = Mapping[str, str]
"""A text for each category of one language."""


@dataclass(frozen=True)
class Plural:
    """`rule` is an expression in C over `n`, as after `plural=` in a .po file; it counts through `categories`.

    Raises:
        ValueError: categories that CLDR does not have, or a rule that does not lead to one of them for 0..MOST.
    """

    categories: tuple[str, ...]
    rule: str

    def __post_init__(self) -> None:
        if not self.categories or not set(self.categories) <= set(CATEGORIES):
            raise ValueError(f"plural.categories must be some of {', '.join(CATEGORIES)}")
        try:
            reached = {self._index(count) for count in range(MOST + 1)}
        except (SyntaxError, ValueError, ZeroDivisionError) as error:
            raise ValueError(f"plural.rule: {error}; it is written as in a .po file, such as n != 1") from error
        if not reached <= set(range(len(self.categories))):
            found, last = sorted(reached), len(self.categories) - 1
            raise ValueError(f"plural.rule must give 0 to {last}, a place in plural.categories, and not also {found}")

    def category(self, count: int) -> str:
        return self.categories[self._index(count)]

    @property
    def of_several(self) -> frozenset[str]:
        """The categories that two and more people are in."""
        return frozenset(self.category(count) for count in range(2, MOST_FACES + 1))

    @property
    def of_any(self) -> frozenset[str]:
        """The categories that numbers from 1 on are in."""
        return frozenset(self.category(count) for count in range(1, MOST + 1))

    def forms(self, given: str | Forms) -> Forms:
        """`given` for every category: one text is for all of them, and what no number needs may be left out."""
        if isinstance(given, str):
            return dict.fromkeys(self.categories, given)
        *_, rest = given.values()
        return {category: given.get(category, rest) for category in self.categories}

    @cached_property
    def _index(self) -> Callable[[int], int]:
        return c2py(self.rule)
