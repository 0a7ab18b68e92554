from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.answers import answers, detail
from worker.domain.faces import read_faces
from worker.domain.phrases import EMOTIONS, MAX_CHARACTERS, Phrases, PhrasesError, load_phrases


def said(*details: dict[str, Any], phrases: Phrases | None = None) -> str:
    return (phrases or Phrases()).sentence(read_faces(details, keep_attributes=False), min_confidence=50)


def load(folder: Path, text: str) -> Phrases:
    path = folder / "phrases.toml"
    path.write_text(text, encoding="utf-8")
    return load_phrases(path)


class TestTheBuiltInSentences:
    @pytest.mark.parametrize(("emotion", "look"), [("HAPPY", "happy"), ("CALM", "calm"), ("FEAR", "afraid")])
    def test_of_one_face_is_its_top_emotion(self, emotion: str, look: str) -> None:
        assert said(detail(**{emotion: 90.0, "SAD": 5.0})) == f"You look {look}."

    @pytest.mark.parametrize("face", [detail(HAPPY=49.9), detail(), detail(UNKNOWN=99.0), detail(SMUG=99.0)])
    def test_of_one_doubtful_face_is_not_sure(self, face: dict[str, Any]) -> None:
        assert said(face) == "I am not sure how you look."

    def test_of_no_face_says_so(self) -> None:
        assert said() == "I could not see a face."

    def test_of_several_is_how_many_and_the_commonest_look(self) -> None:
        faces = [detail(0.3, SAD=90.0), detail(0.2, HAPPY=90.0), detail(0.1, HAPPY=90.0)]
        assert said(*faces) == "I see 3 people. The most common look is happy."

    def test_of_several_passes_over_what_has_no_word(self) -> None:
        faces = [detail(0.3, UNKNOWN=90.0), detail(0.2, UNKNOWN=90.0), detail(0.1, CALM=90.0)]
        assert said(*faces) == "I see 3 people. The most common look is calm."

    def test_of_several_doubtful_ones_is_how_many(self) -> None:
        assert said(*[detail(HAPPY=20.0)] * 100) == "I see 100 people. I am not sure how they look."

    def test_that_can_be_prepared_are_each_named_once(self) -> None:
        fixed = list(Phrases().fixed())
        assert len(fixed) == len(set(fixed)) == len(EMOTIONS) + 3
        assert "Sorry, I could not look." in fixed

    @settings(max_examples=40)
    @given(answers)
    def test_never_say_what_somebody_is(self, details: list[dict[str, Any]]) -> None:
        sentence = said(*details)
        assert sentence.strip()
        assert "{" not in sentence
        assert "you are" not in sentence.lower()


class TestOnesOwnSentences:
    def test_take_the_place_of_the_built_in_ones(self, tmp_path: Path) -> None:
        phrases = load(
            tmp_path,
            """
            HAPPY = "Du siehst froh aus."
            no_face = "Da ist ja niemand."
            several = "{count} Leute, meist {mood}."
            [moods]
            happy = "froh"
            """,
        )
        assert said(detail(HAPPY=90.0), phrases=phrases) == "Du siehst froh aus."
        assert said(detail(SAD=90.0), phrases=phrases) == "You look sad."
        assert said(phrases=phrases) == "Da ist ja niemand."
        assert said(*[detail(HAPPY=90.0)] * 2, phrases=phrases) == "2 Leute, meist froh."

    def test_may_be_none(self, tmp_path: Path) -> None:
        assert load(tmp_path, "") == Phrases()

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("happy =", "phrases.toml"),
            ('cheerful = "Hello"', "unknown key 'cheerful'; known are happy, sad"),
            ("happy = 1", "happy must be a text"),
            ('sad = "  "', "sad must be a text"),
            (f'sad = "{"x" * (MAX_CHARACTERS + 1)}"', f"1 to {MAX_CHARACTERS} characters"),
            ('moods = "happy"', r"moods must be a table"),
            ('[moods]\ncheerful = "x"', "unknown key 'moods.cheerful'"),
            ('several = "{people}"', "several may use {count} and {mood} only"),
            ('several = "{}"', "several may use"),
            ('several = "{count.__class__}"', "several may use"),
            ('several_unsure = "{mood}"', "several_unsure may use {count} only"),
            ('several = "{count"', "several may use"),
            ('several = "{count:{mood}}"', "several may use"),
            ('several = "{count:{}}"', "several may use"),
            ('several = "{mood:d}"', "several may use"),
            ('several = "{count!z}"', "several may use"),
        ],
    )
    def test_are_checked_before_anything_starts(self, tmp_path: Path, text: str, complaint: str) -> None:
        with pytest.raises(PhrasesError) as error:
            load(tmp_path, text)
        assert complaint in str(error.value)

    def test_are_all_complained_of_at_once(self, tmp_path: Path) -> None:
        text = 'happy = 1\nmerry = "Hello"\nseveral = "{people}"\n[moods]\nsmug = "x"\nsad = ""'
        with pytest.raises(PhrasesError) as error:
            load(tmp_path, text)
        told = [mistake.partition(f"{tmp_path}/phrases.toml: ")[2] for mistake in error.value.mistakes]
        assert [mistake.split("; ")[0] for mistake in told] == [
            f"happy must be a text of 1 to {MAX_CHARACTERS} characters",
            "unknown key 'merry'",
            "several may use {count} and {mood} only, each as it stands",
            "unknown key 'moods.smug'",
            f"moods.sad must be a text of 1 to {MAX_CHARACTERS} characters",
        ]

    def test_may_be_written_on_windows(self, tmp_path: Path) -> None:
        assert load(tmp_path, '\ufeffno_face = "Niemand."').no_face == "Niemand."

    def test_must_be_there(self, tmp_path: Path) -> None:
        with pytest.raises(PhrasesError, match="nowhere"):
            load_phrases(tmp_path / "nowhere.toml")

    def test_must_be_text(self, tmp_path: Path) -> None:
        (tmp_path / "phrases.toml").write_bytes(b'happy = "\xff"')
        with pytest.raises(PhrasesError, match="UTF-8"):
            load_phrases(tmp_path / "phrases.toml")

    @given(several=st.text("{}countmd!:.0r[] ", min_size=1, max_size=20))
    def test_that_are_accepted_can_be_said(self, tmp_path_factory: pytest.TempPathFactory, several: str) -> None:
        try:
            phrases = load(tmp_path_factory.mktemp("phrases"), f"several = '{several}'")
        except PhrasesError:
            return
        assert isinstance(said(*[detail(HAPPY=90.0)] * 2, phrases=phrases), str)
