from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.answers import answers, detail
from worker.domain.faces import read_faces
from worker.domain.phrases import EMOTIONS
from worker.settings.languages import built_in, languages

ENGLISH = built_in("en").phrases


def said(*details: dict[str, Any]) -> str:
    return ENGLISH.sentence(read_faces(details, keep_attributes=False), min_confidence=50)


@pytest.mark.parametrize(("emotion", "look"), [("HAPPY", "happy"), ("CALM", "calm"), ("FEAR", "afraid")])
def test_one_face_is_told_its_top_emotion(emotion: str, look: str) -> None:
    assert said(detail(**{emotion: 90.0, "SAD": 5.0})) == f"You look {look}."


@pytest.mark.parametrize("face", [detail(HAPPY=49.9), detail(), detail(UNKNOWN=99.0), detail(SMUG=99.0)])
def test_of_one_doubtful_face_it_is_not_sure(face: dict[str, Any]) -> None:
    assert said(face) == "I am not sure how you look."


def test_no_face_is_said() -> None:
    assert said() == "I could not see a face."


def test_several_are_told_how_many_and_the_commonest_look() -> None:
    faces = [detail(0.3, SAD=90.0), detail(0.2, HAPPY=90.0), detail(0.1, HAPPY=90.0)]
    assert said(*faces) == "I see 3 people. The most common look is happy."


def test_what_has_no_word_is_passed_over() -> None:
    faces = [detail(0.3, UNKNOWN=90.0), detail(0.2, UNKNOWN=90.0), detail(0.1, CALM=90.0)]
    assert said(*faces) == "I see 3 people. The most common look is calm."


def test_several_doubtful_ones_are_told_how_many() -> None:
    assert said(*[detail(HAPPY=20.0)] * 100) == "I see 100 people. I am not sure how they look."


def test_the_sentences_without_a_number_are_each_named_once() -> None:
    fixed = list(ENGLISH.fixed())
    assert len(fixed) == len(set(fixed)) == len(EMOTIONS) + 3
    assert "Sorry, I could not look." in fixed


@settings(max_examples=40)
@given(answers)
def test_it_never_says_what_somebody_is(details: list[dict[str, Any]]) -> None:
    sentence = said(*details)
    assert sentence.strip()
    assert "{" not in sentence
    assert "you are" not in sentence.lower()


class TestWhatCanBeFetchedAhead:
    def test_begins_with_what_is_said_to_one_person(self) -> None:
        soon = list(ENGLISH.soon())
        assert soon[: len(EMOTIONS) + 3] == list(ENGLISH.fixed())
        assert soon[len(EMOTIONS) + 3] == "I see 2 people. The most common look is happy."
        assert soon[-1] == "I see 10 people. I am not sure how they look."

    def test_goes_on_to_the_end_of_a_watch_and_the_most_faces_of_a_photo(self) -> None:
        later = list(ENGLISH.later())
        assert later[0] == "I have stopped watching."
        assert later[1] == "I see 11 people. The most common look is happy."
        assert later[-1] == "I see 100 people. I am not sure how they look."

    @pytest.mark.parametrize("tag", languages())
    @settings(max_examples=40)
    @given(details=answers | st.lists(st.just(detail(CALM=90.0)), min_size=11, max_size=100))
    def test_is_everything_that_can_be_said(self, tag: str, details: list[dict[str, Any]]) -> None:
        phrases = built_in(tag).phrases
        sentence = phrases.sentence(read_faces(details, keep_attributes=False), min_confidence=50)
        assert sentence in {*phrases.soon(), *phrases.later()}
