"""The language that is spoken: a file of `worker/languages`, chosen by its tag, with one's own sentences on top."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from worker.domain.phrases import Phrases
from worker.settings.mistakes import SettingsError, collect
from worker.settings.phrase_file import Document, merged, mistakes_in, phrases_from, read_document

DEFAULT = "en"
FOLDER = Path(__file__).parents[1] / "languages"


@dataclass(frozen=True)
class Language:
    """`voice` and `engine` are Polly's, for where nothing else is asked for."""

    phrases: Phrases
    voice: str
    engine: str


def languages() -> list[str]:
    """The tags of what is built in."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def built_in(tag: str) -> Language:
    """Raises SettingsError where nothing built in fits the tag."""
    return _language(_document(tag))


def load_language(environ: Mapping[str, str]) -> Language:
    """What SPEECH_LANGUAGE and PHRASES_FILE ask for. Raises SettingsError."""
    mistakes: list[str] = []
    language = collect(mistakes, lambda: _document(environ.get("SPEECH_LANGUAGE") or DEFAULT))
    if file := environ.get("PHRASES_FILE"):
        base = language or _document(DEFAULT)
        language = collect(mistakes, lambda: merged(base, _own(Path(file), base)))
    if mistakes or language is None:
        raise SettingsError(mistakes)
    return _language(language)


def fitting(tag: str, available: Iterable[str]) -> str | None:
    """RFC 4647's lookup: the tag, else with its end cut off (`de-AT`, `de`); else what begins alike (`pt`, `pt-BR`)."""
    by_name = {name.lower(): name for name in sorted(available)}
    parts = tag.strip().replace("_", "-").lower().split("-")
    wanted = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    alike = (name for name in by_name if name.split("-")[0] == parts[0])
    return next((by_name[name] for name in (*wanted, *alike) if name in by_name), None)


def _document(tag: str) -> Document:
    name = fitting(tag, languages())
    if name is None:
        other = "for another language leave it empty and write its sentences into PHRASES_FILE"
        raise SettingsError([f"SPEECH_LANGUAGE: must be one of {', '.join(languages())}; {other}"])
    return read_document(FOLDER / f"{name}.toml")


def _own(path: Path, language: Document) -> Document:
    try:
        own = read_document(path)
    except SettingsError as error:
        raise SettingsError(f"PHRASES_FILE: {mistake}" for mistake in error.mistakes) from error
    if mistakes := list(mistakes_in(own, language)):
        raise SettingsError(f"PHRASES_FILE: {path}: {mistake}" for mistake in mistakes)
    return own


def _language(document: Document) -> Language:
    return Language(phrases_from(document), document["voice"], document["engine"])
