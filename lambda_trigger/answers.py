"""What Alexa says: in each language a file of `languages`, which a native speaker can correct."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("languages")
DEFAULT = "en"


@dataclass(frozen=True)
class Answers:
    """`start` and `stop` are of a watch; `failed` and `expired` are told of a record with that status."""

    smile: str
    will_tell: str
    start: str
    stop: str
    help: str
    goodbye: str
    failed: str
    expired: str


def answers(locale: object) -> Answers:
    """Those in the language of a locale such as `de-DE`; what has none is answered in English."""
    return _read(language(locale))


def language(locale: object) -> str:
    """The name of its file: `de-DE` is answered by `de`, `pt-BR` by `pt-BR`."""
    known = _languages()
    spoken = locale if isinstance(locale, str) else DEFAULT
    return known.get(spoken) or known.get(spoken.partition("-")[0]) or DEFAULT


@cache
def _languages() -> dict[str, str]:
    names = [path.stem for path in FOLDER.glob("*.toml")]
    return {name.partition("-")[0]: name for name in names} | {name: name for name in names}


@cache
def _read(name: str) -> Answers:
    return Answers(**tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
