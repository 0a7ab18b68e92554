from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.worker.settings.conftest import ENOUGH
from worker.commands.check.language import language_lines, most_like
from worker.settings import load_configuration
from worker.settings.languages import built_in, languages

Check = Callable[..., list[str]]

GERMAN = """
happy = "Du siehst froh aus."
no_face = "Ich sehe kein Gesicht."
several = "{count} Leute, meist {mood}."
[moods]
happy = "froh"
"""
ENGLISH = """
happy = "Howdy, you seem to be in a good mood."
no_face = "Nobody is there."
"""


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def lines(phrases: str | None = None, **environ: str) -> list[str]:
        if phrases is not None:
            (tmp_path / "phrases.toml").write_text(phrases)
            environ["PHRASES_FILE"] = str(tmp_path / "phrases.toml")
        return [str(line) for line in language_lines(load_configuration({**ENOUGH, **environ}))]

    return lines


@pytest.mark.parametrize("tag", languages())
def test_a_language_is_spoken_by_its_own_voice(check: Check, tag: str) -> None:
    assert check(SPEECH_LANGUAGE=tag) == []


def test_german_sentences_of_an_english_voice_are_a_warning(check: Check) -> None:
    [line] = check(GERMAN, SPEECH_LANGUAGE="de", POLLY_VOICE="Joanna")
    assert line.startswith("warning language: Joanna speaks en-US, but the language of the sentences is de - ")
    assert "POLLY_VOICE" in line


def test_a_language_without_a_file_is_judged_too(check: Check) -> None:
    [line] = check(SPEECH_LANGUAGE="de", POLLY_VOICE="Joanna")
    assert line.startswith("warning language: Joanna speaks en-US, ")


def test_a_file_says_itself_what_it_is_in(check: Check) -> None:
    [line] = check('language = "sv"\nno_face = "Ingen."')
    assert "the language of the sentences is sv" in line
    assert check('language = "sv"\nno_face = "Ingen."', POLLY_VOICE="Elin") == []


def test_a_german_file_that_does_not_say_so_is_a_warning(check: Check) -> None:
    [line] = check(GERMAN)
    assert line.startswith("warning language: Joanna speaks en-US, but PHRASES_FILE reads like another language, ")
    assert "SPEECH_LANGUAGE to it, such as de" in line


def test_a_german_voice_asks_for_its_language(check: Check) -> None:
    [line] = check(GERMAN, POLLY_VOICE="Vicki")
    assert "Vicki speaks de-DE, but the language of the sentences is en" in line


def test_a_file_in_the_language_of_the_voice_is_none(check: Check) -> None:
    assert check(ENGLISH) == check(GERMAN, SPEECH_LANGUAGE="de") == check("") == []


@pytest.mark.parametrize("voice", ["Amy", "Geraint", "Kajal", "SomebodyNew"])
def test_an_accent_or_an_unknown_voice_is_none(check: Check, voice: str) -> None:
    assert check(POLLY_VOICE=voice) == []


@pytest.mark.parametrize("texts", [[], [""], ["Hi!"], ["You are radiant!", "Cheer up, it may never happen."]])
def test_what_does_not_read_like_another_language_is_left_alone(texts: Iterable[str]) -> None:
    assert most_like(texts, "en") is None


@pytest.mark.parametrize("tag", [tag for tag in languages() if tag != "en"])
def test_every_language_reads_unlike_english(tag: str) -> None:
    assert most_like(built_in(tag).phrases.fixed(), "en") == tag
