# ruff: noqa: RUF001 - the marks that end sentences in other languages resemble ours
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.sentences import MAX_CHARACTERS_AHEAD, later_parts, parts, soon_parts

TEXTS = st.text(st.sampled_from("aé4人\"'”」)«. .!?…。！？\n")) | st.text()


@dataclass(frozen=True)
class Texts:
    first: tuple[str, ...]
    rest: tuple[str, ...]

    def soon(self) -> Iterator[str]:
        yield from self.first

    def later(self) -> Iterator[str]:
        yield from self.rest


@pytest.mark.parametrize(
    "cut",
    [
        "You look happy.",
        "I see 4 people. | The most common look is happy.",
        "Sorry! | I could not look.",
        "Well... | That was that.",
        "Really?! | Yes… | You look calm",
        "It is 3.5 metres. | So far.",
        "“You look happy.” | He said so.",
        "He said: 'Stop!' | Nobody did. | (So far.) | Good.",
        "Personen: 4. | Die meisten sehen froh aus.",
        "¿Cuántos? | ¡Veo a 4 personas!",
        "4人見えます。 | 一番多い表情は笑顔です。",
        "本当！？ | はい",
        "「こんにちは。」と言います。 | そうです。",
        "Erste Zeile.\n | Zweite Zeile.",
    ],
)
def test_a_text_is_cut_where_its_sentences_end(cut: str) -> None:
    text = cut.replace(" | ", "" if "。" in cut or "！" in cut else " ")
    assert parts(text) == tuple(part.strip() for part in cut.split(" | "))


@pytest.mark.parametrize(
    "text",
    [
        "Das sind z. B. Leute.",
        "To jest 4. miejsce.",
        "Oh… you look happy.",
        "“Stop!” he said.",
        "You look 98.5 % happy",
        "example.org knows",
        "... you look happy.",
        "You look happy. …",
    ],
)
def test_nor_anywhere_else(text: str) -> None:
    assert parts(text) == (text,)


@given(TEXTS)
def test_the_parts_together_are_the_text_up_to_white_space(text: str) -> None:
    assert "".join("".join(parts(text)).split()) == "".join(text.split())


@given(TEXTS)
def test_each_part_can_be_said_by_itself_where_the_text_can(text: str) -> None:
    found = parts(text)
    assert all(part and part == part.strip() for part in found)
    assert len(found) <= 1 or all(any(letter.isalnum() for letter in part) for part in found)


@given(TEXTS)
def test_a_part_has_no_parts(text: str) -> None:
    assert all(len(parts(part)) == 1 for part in parts(text))


def test_expected_parts_are_named_once_the_likely_first() -> None:
    texts = Texts(
        ("Happy.", "I see 2. Most are happy.", "I see 3. Most are happy."), ("I see 11. Most are happy.", "Happy.")
    )
    assert soon_parts(texts) == ("Happy.", "I see 2.", "Most are happy.", "I see 3.")
    assert later_parts(texts) == ("I see 11.",)


def test_expected_parts_are_limited_by_what_they_cost() -> None:
    texts = Texts(
        tuple(f"Sentence {number:04}." for number in range(300)), tuple(f"Crowd {n:06}." for n in range(2000))
    )
    soon, later = soon_parts(texts), later_parts(texts)
    assert len(soon) == 300
    assert 0.99 * MAX_CHARACTERS_AHEAD < sum(map(len, soon + later)) <= MAX_CHARACTERS_AHEAD
