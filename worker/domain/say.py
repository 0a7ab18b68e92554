"""`Say`: what the camera is asked to say, and which texts can be said at all."""

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar
from xml.parsers import expat

from worker.domain.speech_text import SpeechText

MAX_CHARACTERS = 500
"""Of a text, its tags included."""

_VOICE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
# Control characters, halves of surrogate pairs, and what ends a line. Joiners stay: emoji and Persian need them.
_NOT_SAYABLE = {"Cc", "Cs", "Zl", "Zp"}
_BETWEEN_WORDS = {"break", "p", "s"}


class NotSayable(ValueError):
    """No camera can be asked to say this; the text says why, in words that can be printed."""


@dataclass(frozen=True)
class Say:
    """A text to be said, after a chime if that is wished. To make one of what cannot be said raises NotSayable."""

    name: ClassVar[str] = "Say"
    what: SpeechText
    chime: bool = False

    def __post_init__(self) -> None:
        _check_text(self.what.text)
        if self.what.voice is not None and not _VOICE.fullmatch(self.what.voice):
            raise NotSayable("the voice is none of Polly's ids, such as Joanna")
        _check_line(self.said)

    @property
    def said(self) -> str:
        """The words alone: of SSML without its tags."""
        return _without_tags(self.what.text) if self.what.ssml else self.what.text


def _check_text(text: str) -> None:
    if not 1 <= len(text) <= MAX_CHARACTERS:
        raise NotSayable(f"the text has {len(text)} characters; 1 to {MAX_CHARACTERS} can be said")
    _check_line(text)


def _check_line(text: str) -> None:
    if not text.strip():
        raise NotSayable("the text has no words")
    if any(unicodedata.category(character) in _NOT_SAYABLE for character in text):
        raise NotSayable("the text is not one line without control characters")


def _without_tags(ssml: str) -> str:
    """Raises NotSayable. Namespaces are not looked at: nobody declares the one of `amazon:effect`."""
    words: list[str] = []
    elements: list[str] = []

    def enter(name: str, _attributes: object) -> None:
        elements.append(name)
        leave(name)

    def leave(name: str) -> None:
        if name in _BETWEEN_WORDS:
            words.append(" ")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    parser.CharacterDataHandler = words.append
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(ssml.encode(), True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as error:
        raise NotSayable(f"the SSML does not parse: {error}") from error
    if elements[0] != "speak":
        raise NotSayable("the SSML is not one <speak> element")
    return re.sub(" +", " ", "".join(words)).strip()


def _refuse_doctype(*_declaration: object) -> None:
    """A document type can define entities that grow without bounds."""
    raise NotSayable("the SSML has a document type, which is not read")
