# ruff: noqa: RUF001, RUF002 - the marks that end sentences in other languages resemble ours
"""Texts in the parts that recur, and which of them can be expected.

"I see 4 people." and "The most common look is sad." are parts: cut at the ends of sentences, in whatever language, so
that their sounds, joined, say the text.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Protocol

MAX_CHARACTERS_AHEAD = 10_000
"""Of all parts that are fetched before they are needed: $0.16 once, whatever one's own phrases multiply to."""

_CLOSING = "\"'”’»›)]」』）"
_END = re.compile(
    rf"""
    (?: [.!?…؟।]+ [{re.escape(_CLOSING)}]* (?=\s) \s+
      | [。！？]+ (?: [{re.escape(_CLOSING)}]+ \s+ | (?![{re.escape(_CLOSING)}。！？]) \s* )
    )
    """,
    re.VERBOSE,
)
_INITIAL = re.compile(r"(?:^|[^\w])[^\W\d_]\.\s+$")
_WORD = re.compile(r"[^\W_]")


class ExpectedTexts(Protocol):
    """Texts that can come to be said, the likely first."""

    def soon(self) -> Iterator[str]:
        """Those that a first visitor may hear."""

    def later(self) -> Iterator[str]:
        """The rest, which only a crowd hears."""


def parts(text: str) -> tuple[str, ...]:
    """`text` cut at its sentence ends, each part with a word in it and without white space around.

    An end is one of . ! ? … before white space, with closing quotes and brackets between, or one of 。！？ anywhere.
    No end is a point after a single letter ("z. B.", "J. Smith"), nor what a small letter follows ("4. miejsce").
    Nothing to say gives no part.
    """
    if not text.strip():
        return ()
    begin, found = 0, []
    for end in _END.finditer(text):
        if _goes_on(text[begin : end.end()], text[end.end() :]):
            continue
        found.append(text[begin : end.end()].strip())
        begin = end.end()
    return (*found, *filter(None, (text[begin:].strip(),)))


def soon_parts(texts: ExpectedTexts) -> tuple[str, ...]:
    """The parts of what may be said soon, each once."""
    return tuple(_affordable(_distinct(texts.soon())))


def later_parts(texts: ExpectedTexts) -> tuple[str, ...]:
    """The parts of the rest, without those of what may be said soon."""
    everything = tuple(_affordable(_distinct(chain(texts.soon(), texts.later()))))
    return everything[len(soon_parts(texts)) :]


def _goes_on(before: str, after: str) -> bool:
    """Whether the sentence does, or one side of its end has nothing that could be said."""
    return (
        after[:1].islower()
        or _INITIAL.search(before) is not None
        or _WORD.search(before) is None
        or _WORD.search(after) is None
    )


def _distinct(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(part for text in texts for part in parts(text))


def _affordable(expected: Iterable[str]) -> Iterator[str]:
    characters = 0
    for part in expected:
        characters += len(part)
        if characters > MAX_CHARACTERS_AHEAD:
            return
        yield part
