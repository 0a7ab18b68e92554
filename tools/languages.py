# ruff: noqa: INP001 - a script
"""Writes every sentence of every language into docs/languages.md: `python -m tools.languages`."""

from collections.abc import Iterator
from pathlib import Path

from worker.domain.faces import Box, Face
from worker.domain.phrases import EMOTIONS
from worker.settings.languages import built_in, languages

PAGE = Path(__file__).parents[1] / "docs" / "languages.md"
HEADING = "## All sentences\n"
COUNTS = (1, 2, 5, 22)
SURE = 50.0


def with_sentences(page: str) -> str:
    """The page with everything after the heading written anew."""
    before, _, _ = page.partition(HEADING)
    return before + HEADING + "".join(f"\n{line}" for tag in languages() for line in _section(tag)) + "\n"


def _section(tag: str) -> Iterator[str]:
    language = built_in(tag)
    yield from (f"### {tag}", "", f"Spoken by {language.voice} ({language.engine}).", "")
    yield from ("| | |", "|---|---|")
    yield f"| nobody in the photo | {language.phrases.no_face} |"
    yield f"| something went wrong | {language.phrases.sorry} |"
    for minutes in COUNTS:
        yield f"| a watch of {minutes} min begins | {language.phrases.watching_for(minutes)} |"
    yield f"| a watch has ended | {language.phrases.watched} |"
    yield from ("", f"| in the photo: | {' | '.join(map(str, COUNTS))} |", "|---" * (len(COUNTS) + 1) + "|")
    for emotion in EMOTIONS:
        yield _row(tag, emotion, SURE)
    yield _row(tag, "not sure", 0.0)
    yield ""


def _row(tag: str, emotion: str, confidence: float) -> str:
    face = Face(Box(0, 0, 1, 1), {emotion: confidence})
    said = [built_in(tag).phrases.sentence([face] * count, SURE) for count in COUNTS]
    return f"| {emotion.lower()} | {' | '.join(said)} |"


if __name__ == "__main__":
    PAGE.write_text(with_sentences(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
