import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from lambda_trigger.answers import FOLDER, Answers, answers, language


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: str(file.name))
def test_a_language_has_every_answer_and_no_other(file: Path) -> None:
    assert file.suffix == ".toml"
    said = tomllib.loads(file.read_text(encoding="utf-8"))
    assert said.keys() == {field.name for field in fields(Answers)}
    for text in said.values():
        assert text == text.strip()
        assert text[-1] in ".!。"


def test_no_two_languages_say_the_same() -> None:
    assert len({answers(file.stem).will_tell for file in FOLDER.iterdir()}) == len(list(FOLDER.iterdir()))


@pytest.mark.parametrize(
    ("locale", "file"),
    [
        ("en-US", "en"),
        ("en-GB", "en"),
        ("de-DE", "de"),
        ("fr-CA", "fr"),
        ("es-MX", "es"),
        ("pt-BR", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("ja-JP", "ja"),
        ("nl-NL", "nl"),
        ("hi-IN", "en"),
        ("", "en"),
        ("../secret", "en"),
        (None, "en"),
        (["de-DE"], "en"),
    ],
)
def test_a_locale_is_answered_in_its_language_or_in_english(locale: object, file: str) -> None:
    assert language(locale) == file
