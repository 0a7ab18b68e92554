"""Whether the voice speaks the language of the sentences."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from worker.commands.check.line import Line, warning
from worker.settings import Configuration
from worker.settings.languages import built_in, languages
from worker.settings.phrase_file import read_document
from worker.settings.voices import languages_of

MIN_LIKENESS = 0.3
"""Of the letters, in threes; a file in a language has 0.5 and more in common with it, and up to half with others."""
ENOUGH_LETTERS = 15
"""Threes of them, about a sentence; less could be anything."""
NOT_SAID = {"language", "voice", "engine", "plural"}


def language_lines(configuration: Configuration) -> Iterator[Line]:
    """A warning, or nothing. A voice that is not known here is not judged."""
    settings, phrases = configuration.worker, configuration.phrases
    spoken = languages_of(settings.polly_voice)
    if not spoken:
        return
    voice = f"{settings.polly_voice} speaks {' and '.join(spoken)}"
    seeming = _language_of(settings.phrases_file, phrases.language) if settings.phrases_file else None
    if seeming and not _speaks(spoken, seeming):
        found = f"{voice}, but PHRASES_FILE reads like another language, perhaps {seeming}"
        yield warning("language", found, f"set SPEECH_LANGUAGE to it, such as {seeming}, and leave POLLY_VOICE empty")
    elif not _speaks(spoken, phrases.language):
        found = f"{voice}, but the language of the sentences is {phrases.language}"
        yield warning("language", found, "set SPEECH_LANGUAGE to the one you want, and leave POLLY_VOICE empty")


def most_like(texts: Iterable[str], language: str) -> str | None:
    """The built-in language that the texts resemble at least twice as much as `language`; None: no other does."""
    letters = _threes(texts)
    if len(letters) < ENOUGH_LETTERS:
        return None
    likeness = {tag: len(letters & _threes(built_in(tag).phrases.soon())) / len(letters) for tag in languages()}
    likeliest = max(likeness, key=lambda tag: likeness[tag])
    enough = max(MIN_LIKENESS, 2 * likeness.get(language, 0))
    return likeliest if likeness[likeliest] >= enough else None


def _language_of(file: Path, language: str) -> str | None:
    document = read_document(file)
    return None if "language" in document else most_like(_texts(document), language)


def _texts(document: Mapping[str, Any]) -> Iterator[str]:
    for key, value in document.items():
        if isinstance(value, dict) and key not in NOT_SAID:
            yield from _texts(value)
        elif key not in NOT_SAID:
            yield re.sub(r"{\w+}", "", value)


def _threes(texts: Iterable[str]) -> set[str]:
    padded = [f" {text.lower()} " for text in texts]
    return {text[start : start + 3] for text in padded for start in range(len(text) - 2)}


def _speaks(spoken: Iterable[str], language: str) -> bool:
    return language.lower().split("-")[0] in {code.lower().split("-")[0] for code in spoken}
