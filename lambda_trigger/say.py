"""A text for the camera to say. The worker rejects what it cannot say; whoever sends it is told here already."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from xml.parsers import expat

from lambda_trigger.errors import UnknownEventError

MAX_CHARACTERS = 500

_VOICE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
# Control characters, halves of surrogate pairs, and what ends a line.
_NOT_SAYABLE = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class Say:
    """`voice` is a Polly voice's id; with `ssml` the text is a `<speak>` document."""

    name: ClassVar[str] = "Say"
    text: str
    voice: str | None = None
    chime: bool = False
    ssml: bool = False

    def document(self) -> dict[str, object]:
        """The command as JSON, without what it leaves open."""
        wished = {"voice": self.voice, "chime": self.chime, "ssml": self.ssml}
        return {"command": self.name, "text": self.text, **{name: value for name, value in wished.items() if value}}


def read_say(told: Mapping[str, object]) -> Say:
    """From `text`, `voice`, `chime` and `ssml`, of which the first must be there.

    Raises:
        UnknownEventError: It cannot be said, and why.
    """
    text, voice = told.get("text"), None if told.get("voice") == "" else told.get("voice")
    if not isinstance(text, str) or not 1 <= len(text) <= MAX_CHARACTERS:
        raise UnknownEventError(f"text is not a text of 1 to {MAX_CHARACTERS} characters")
    if voice is not None and not (isinstance(voice, str) and _VOICE.fullmatch(voice)):
        raise UnknownEventError("voice is none of Polly's ids, such as Joanna")
    _check_line(text)
    say = Say(text, voice, chime=_switch(told, "chime"), ssml=_switch(told, "ssml"))
    if say.ssml:
        _check_line(_without_tags(text))
    return say


def _check_line(text: str) -> None:
    if not text.strip():
        raise UnknownEventError("text has no words")
    if any(unicodedata.category(character) in _NOT_SAYABLE for character in text):
        raise UnknownEventError("text is not one line without control characters")


def _switch(told: Mapping[str, object], name: str) -> bool:
    value = told.get(name)
    if value is not None and not isinstance(value, bool):
        raise UnknownEventError(f"{name} is neither true nor false")
    return bool(value)


def _without_tags(ssml: str) -> str:
    words: list[str] = []
    elements: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda name, _attributes: elements.append(name)
    parser.CharacterDataHandler = words.append
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(ssml.encode(), True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as error:
        raise UnknownEventError(f"text is no SSML: {error}") from error
    if elements[0] != "speak":
        raise UnknownEventError("text is no SSML: it is not one <speak> element")
    return "".join(words)


def _refuse_doctype(*_declaration: object) -> None:
    """A document type can define entities that grow without bounds."""
    raise UnknownEventError("text is no SSML: it has a document type")
