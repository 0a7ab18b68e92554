"""Polly's SSML: what of it is said, and where there are pauses.

The tags are those of "Supported SSML tags" in Polly's guide. The voices here know only text and pauses, so the others
change nothing; what Polly refuses is refused all the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from xml.parsers import expat

from localcloud.wire import ServiceError

STANDARD_ONLY = frozenset({"amazon:auto-breaths", "amazon:breath", "emphasis"})
TAGS = STANDARD_ONLY | {
    *("speak", "p", "s", "w", "break", "lang", "mark", "phoneme", "prosody", "say-as", "sub"),
    *("amazon:domain", "amazon:effect"),
}
# Polly says what each is like: nothing, a comma, the end of a sentence, the end of a paragraph.
STRENGTHS = {"none": 0.0, "x-weak": 0.0, "weak": 0.2, "medium": 0.2, "strong": 0.4, "x-strong": 0.8}
ENDS = {"s": "strong", "p": "x-strong"}
MAX_PAUSE_SECONDS = 10.0


@dataclass(frozen=True)
class Pause:
    seconds: float


Piece = str | Pause


def read(ssml: str, engine: str) -> tuple[Piece, ...]:
    """Texts and pauses in their order. Raises ServiceError (InvalidSsmlException)."""
    pieces: list[Piece] = []
    tags: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        tags.append(tag)
        _check(tag, engine)
        if tag == "break":
            pieces.append(_pause(attributes))

    def end(tag: str) -> None:
        if tag in ENDS:
            pieces.append(Pause(STRENGTHS[ENDS[tag]]))

    # It does not look for namespaces, as nobody declares that of <amazon:effect>, and bounds what entities grow to.
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    try:
        parser.Parse(ssml, True)  # noqa: FBT003 - its parameters have no names
    except expat.ExpatError as error:
        raise _invalid(str(error)) from error
    if tags[0] != "speak":
        raise _invalid("the root element must be <speak>")
    return tuple(_joined(pieces))


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    for kind, group in groupby(pieces, type):
        if kind is str:
            yield "".join(map(str, group))
        else:
            yield from group


def _check(tag: str, engine: str) -> None:
    if tag not in TAGS:
        raise _invalid(f"<{tag}> is no tag that Polly knows")
    if tag in STANDARD_ONLY and engine != "standard":
        raise ServiceError("InvalidSsmlException", f"Unsupported {engine.capitalize()} feature: <{tag}>")


def _pause(attributes: Mapping[str, str]) -> Pause:
    if "time" not in attributes:
        strength = attributes.get("strength", "medium")
        if strength not in STRENGTHS:
            raise _invalid(f"strength of <break> must be one of {', '.join(STRENGTHS)}")
        return Pause(STRENGTHS[strength])
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)(ms|s)", attributes["time"])
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1) if found else MAX_PAUSE_SECONDS + 1
    if seconds > MAX_PAUSE_SECONDS:
        raise _invalid(f"time of <break> must be as in 500ms or 2s, and at most {MAX_PAUSE_SECONDS:.0f} seconds")
    return Pause(seconds)


def _invalid(reason: str) -> ServiceError:
    return ServiceError("InvalidSsmlException", f"Invalid SSML request: {reason}")
