"""Which texts can be said."""

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.say import MAX_CHARACTERS, NotSayable, Say
from worker.domain.speech_text import SpeechText

BOMB = '<!DOCTYPE speak [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><speak>&b;</speak>'
REFUSED: list[Literal["Cc", "Cs", "Zl", "Zp"]] = ["Cc", "Cs", "Zl", "Zp"]


def said(text: str) -> str:
    return Say(SpeechText(text)).said


def said_of(ssml: str) -> str:
    return Say(SpeechText(ssml, ssml=True)).said


class TestAText:
    @pytest.mark.parametrize(
        "text",
        [
            "Dinner is ready.",
            "x",
            "x" * MAX_CHARACTERS,
            " Das Essen ist fertig! ",
            "ご飯ですよ。",
            "می‌روم",
            "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{COOKING} says: dinner",
            "<speak>5 < 6 & 7",
            "\N{NO-BREAK SPACE}!",
        ],
    )
    def test_of_one_line_is_said_as_it_stands(self, text: str) -> None:
        assert said(text) == text

    @pytest.mark.parametrize(
        "text",
        [
            *("", " ", "\N{NO-BREAK SPACE}", "x" * (MAX_CHARACTERS + 1)),
            *("Dinner\nis ready", "Dinner is ready\n", "\r", "a\tb", "a\x00b", "\x1b[2J", "a\x7fb", "a\x85b", "a\x9bb"),
            *("a\N{LINE SEPARATOR}b", "a\N{PARAGRAPH SEPARATOR}b", "\ud83d"),
        ],
    )
    def test_of_more_or_nothing_is_not(self, text: str) -> None:
        with pytest.raises(NotSayable) as refusal:
            said(text)
        assert str(refusal.value).isprintable()

    @given(st.text(st.characters(exclude_categories=REFUSED), min_size=1, max_size=MAX_CHARACTERS))
    def test_can_be_any_line_that_has_words(self, text: str) -> None:
        if text.strip():
            assert said(text) == text

    @given(st.text(), st.characters(categories=REFUSED), st.text())
    def test_with_a_control_character_anywhere_is_refused(self, before: str, control: str, after: str) -> None:
        with pytest.raises(NotSayable):
            said(before + control + after)


class TestSsml:
    @pytest.mark.parametrize(
        ("ssml", "words"),
        [
            ("<speak>Dinner is ready.</speak>", "Dinner is ready."),
            ("<speak>Dinner <emphasis>is</emphasis> ready.</speak>", "Dinner is ready."),
            ('<speak>Wait<break time="300ms"/>now.</speak>', "Wait now."),
            ("<speak><p>One.</p><p><s>Two.</s><s>Three.</s></p></speak>", "One. Two. Three."),
            ("<speak>un<emphasis>believ</emphasis>able</speak>", "unbelievable"),
            ('<speak><amazon:effect name="whispered">Psst</amazon:effect></speak>', "Psst"),
            ("<speak>5 &lt; 6 &amp; <![CDATA[<7>]]> &#233;</speak>", "5 < 6 & <7> é"),
            ('<?xml version="1.0"?><speak xml:lang="de">Grüß dich<!-- so --></speak>', "Grüß dich"),
        ],
    )
    def test_is_known_by_its_words(self, ssml: str, words: str) -> None:
        assert said_of(ssml) == words

    @pytest.mark.parametrize(
        "ssml",
        [
            *("Dinner", "<speak>Dinner", "<speak>a < b</speak>", "<speak>Dinner</speech>", "<speak>&nbsp;</speak>"),
            *("<say>Dinner</say>", "<speak/>", "<speak> </speak>", '<speak><break time="1s"/></speak>'),
            *(
                "<speak>a</speak><speak>b</speak>",
                "<speak>a</speak>b",
                "<speak>a&#10;b</speak>",
                "<speak>&#27;</speak>",
            ),
            *(BOMB, '<!DOCTYPE speak SYSTEM "file:///etc/passwd"><speak>Dinner</speak>', "<speak>a&#155;b</speak>"),
            "<speak>" + "x" * MAX_CHARACTERS + "</speak>",
        ],
    )
    def test_that_does_not_parse_or_says_nothing_is_refused(self, ssml: str) -> None:
        with pytest.raises(NotSayable) as refusal:
            said_of(ssml)
        assert str(refusal.value).isprintable()

    @given(st.text(max_size=MAX_CHARACTERS) | st.text("<>/&;!speak &#10", max_size=60).map("<speak>{}".format))
    def test_is_words_of_one_line_or_refused_whatever_it_is(self, ssml: str) -> None:
        try:
            words = said_of(ssml)
        except NotSayable:
            return
        assert words.strip()
        assert not {unicodedata.category(character) for character in words} & set(REFUSED)


@pytest.mark.parametrize("voice", ["Joanna", "Zhiyu", None])
def test_a_voice_is_an_id(voice: str | None) -> None:
    assert Say(SpeechText("Dinner", voice)).what.voice == voice


@pytest.mark.parametrize("voice", ["", "Jo anna", "Joanna\n", "x" * 65, "\x1b", "../Joanna", "Zoë"])
def test_and_nothing_else(voice: str) -> None:
    with pytest.raises(NotSayable) as refusal:
        Say(SpeechText("Dinner", voice))
    assert str(refusal.value).isprintable()
