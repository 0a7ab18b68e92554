"""A file of sentences: the whole of a language in `worker/languages`, or somebody's own, which may leave things out.

Keys: an emotion's name, `no_face`, `unsure`, `sorry`, `several`, `several_unsure`, `watching`, `watched`, and a table
`moods` with the word for each emotion in `several`. What goes with a number is one text, or a table with one for each
category of `plural`. A language also names itself (`language`, BCP 47) and Polly's `voice` and `engine`. Letter case of
keys does not matter.
"""

import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from worker.domain.phrases import EMOTIONS, Phrases
from worker.domain.plural import Forms, Plural
from worker.settings.files import read_toml, reason
from worker.settings.mistakes import SettingsError

MAX_CHARACTERS = 500
"""Of one sentence; Polly would take 3,000, and nobody stands that long before a camera."""

Document = Mapping[str, Any]
Engine = Literal["standard", "neural", "long-form", "generative"]

_EMOTIONS = tuple(name.lower() for name in EMOTIONS)
_TEXTS = ("no_face", "unsure", "sorry", "watched", "voice")
_FIELDS = {
    "several": frozenset({"count", "mood"}),
    "several_unsure": frozenset({"count"}),
    "watching": frozenset({"count"}),
}
_OF_ONE = "watching"
"""A watch may be of a single minute; a single person gets a sentence without a number."""
_KEYS = (*_EMOTIONS, *_TEXTS, *_FIELDS, "moods", "plural", "language", "engine")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def read_document(path: Path) -> Document:
    """The file's keys and those of its tables in small letters. Raises SettingsError."""
    try:
        return _in_small_letters(read_toml(path))
    except (OSError, ValueError) as error:
        raise SettingsError([f"{path}: {reason(error)}"]) from error


def merged(language: Document, own: Document) -> Document:
    """`language`, with what `own` has in its place, key by key."""
    return {**language, **own, "moods": {**language["moods"], **own.get("moods", {})}}


def mistakes_in(document: Document, language: Document) -> Iterator[str]:
    """Each names its key and what to do; what `document` leaves out is `language`'s."""
    try:
        plural = _plural(document.get("plural", language["plural"]))
    except ValueError as error:
        yield str(error)
        plural = None
    for key, value in document.items():
        yield from _mistakes(key, value, plural)


def phrases_from(document: Document) -> Phrases:
    """The document has every key, and no mistakes."""
    plural = _plural(document["plural"])
    return Phrases(
        language=document["language"],
        plural=plural,
        emotions={name: document[name.lower()] for name in EMOTIONS},
        moods={name: plural.forms(document["moods"][name.lower()]) for name in EMOTIONS},
        no_face=document["no_face"],
        unsure=document["unsure"],
        sorry=document["sorry"],
        several=plural.forms(document["several"]),
        several_unsure=plural.forms(document["several_unsure"]),
        watching=plural.forms(document["watching"]),
        watched=document["watched"],
    )


def _in_small_letters(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key.lower(): _in_small_letters(value) if isinstance(value, dict) else value for key, value in table.items()}


def _plural(table: Any) -> Plural:
    """Raises ValueError."""
    match table:
        case {"categories": [*categories], "rule": str(rule), **rest} if not rest:
            return Plural(tuple(map(str, categories)), rule)
    raise ValueError("plural must be a table with categories and a rule, as in docs/languages.md")


def _mistakes(key: str, value: Any, plural: Plural | None) -> Iterator[str]:
    if key in _FIELDS:
        yield from _mistakes_in_forms(key, value, _FIELDS[key], plural)
    elif key in _EMOTIONS or key in _TEXTS:
        yield from _mistakes_in_text(key, value)
    elif key == "moods":
        yield from _mistakes_in_moods(value, plural)
    elif key == "language":
        if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
            yield "language must be a tag of BCP 47, such as de or pt-BR"
    elif key == "engine":
        if value not in get_args(Engine):
            yield f"engine must be one of {', '.join(get_args(Engine))}"
    elif key != "plural":
        yield f"unknown key {key!r}; known are {', '.join(_KEYS)}"


def _mistakes_in_moods(moods: Any, plural: Plural | None) -> Iterator[str]:
    if not isinstance(moods, dict):
        yield "moods must be a table, such as [moods]"
        return
    for name, word in moods.items():
        if name in _EMOTIONS:
            yield from _mistakes_in_forms(f"moods.{name}", word, None, plural)
        else:
            yield f"unknown key 'moods.{name}'; known are {', '.join(_EMOTIONS)}"


def _mistakes_in_forms(key: str, forms: Any, fields: frozenset[str] | None, plural: Plural | None) -> Iterator[str]:
    texts = {f"{key}.{category}": text for category, text in forms.items()} if isinstance(forms, dict) else {key: forms}
    for name, text in texts.items():
        yield from (complaints := list(_mistakes_in_text(name, text)))
        if fields and not complaints and not _can_be_filled(text, fields):
            yield f"{name} may use {' and '.join(f'{{{field}}}' for field in sorted(fields))} only, each as it stands"
    if isinstance(forms, dict) and plural:
        yield from _wrong_categories(key, forms, plural)


def _wrong_categories(key: str, forms: Forms, plural: Plural) -> Iterator[str]:
    known = ", ".join(plural.categories)
    for category in forms:
        if category not in plural.categories:
            yield f"unknown key '{key}.{category}'; the plural's categories here are {known}"
    least, needed = ("1 or more minutes", plural.of_any) if key == _OF_ONE else ("2 or more people", plural.of_several)
    for category in plural.categories:
        if category in needed and category not in forms:
            yield f"{key}.{category} is missing; a table has each category of the plural that {least} are in"


def _mistakes_in_text(key: str, text: Any) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_CHARACTERS:
        yield f"{key} must be a text of 1 to {MAX_CHARACTERS} characters"


def _can_be_filled(sentence: str, allowed: frozenset[str]) -> bool:
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
        if not fields <= allowed:
            return False
        sentence.format(count=2, mood="happy")
    except (ValueError, LookupError):
        return False
    return True
