"""One's own sentences: PHRASES_FILE, on top of SPEECH_LANGUAGE's."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.answers import detail
from worker.domain.faces import read_faces
from worker.domain.phrases import Phrases
from worker.settings import SettingsError
from worker.settings.languages import FOLDER, Language, built_in, languages, load_language
from worker.settings.phrase_file import MAX_CHARACTERS


def load(folder: Path, text: str, **environ: str) -> Language:
    (folder / "phrases.toml").write_text(text, encoding="utf-8")
    return load_language({"PHRASES_FILE": str(folder / "phrases.toml"), **environ})


def said(phrases: Phrases, count: int, **emotions: float) -> str:
    return phrases.sentence(read_faces([detail(**emotions)] * count, keep_attributes=False), min_confidence=50)


def mistakes(folder: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(folder, text, **environ)
    beginning = f"PHRASES_FILE: {folder}/phrases.toml: "
    assert all(mistake.startswith(beginning) for mistake in error.value.mistakes)
    return [mistake.removeprefix(beginning) for mistake in error.value.mistakes]


def test_take_the_place_of_the_built_in_ones(tmp_path: Path) -> None:
    text = """
        HAPPY = "Howdy, sunshine."
        no_face = "Nobody."
        several = "{count} folks, mostly {mood}."
        [moods]
        Happy = "merry"
        """
    phrases = load(tmp_path, text).phrases
    assert said(phrases, 1, HAPPY=90.0) == "Howdy, sunshine."
    assert said(phrases, 1, SAD=90.0) == "You look sad."
    assert said(phrases, 0) == "Nobody."
    assert said(phrases, 2, HAPPY=90.0) == "2 folks, mostly merry."
    assert said(phrases, 2, FEAR=90.0) == "2 folks, mostly afraid."


def test_lie_on_top_of_the_language(tmp_path: Path) -> None:
    phrases = load(tmp_path, 'no_face = "Niemand da."', SPEECH_LANGUAGE="de").phrases
    assert (said(phrases, 0), said(phrases, 1, CALM=90.0)) == ("Niemand da.", "Du siehst gelassen aus.")


def test_may_be_none(tmp_path: Path) -> None:
    assert load(tmp_path, "") == built_in("en")


def test_may_be_written_on_windows(tmp_path: Path) -> None:
    assert load(tmp_path, '\ufeffno_face = "Niemand."').phrases.no_face == "Niemand."


@pytest.mark.parametrize("tag", languages())
def test_may_begin_as_a_copy_of_a_language(tmp_path: Path, tag: str) -> None:
    assert load(tmp_path, (FOLDER / f"{tag}.toml").read_text(encoding="utf-8")) == built_in(tag)


class TestWithPlurals:
    def test_of_the_language(self, tmp_path: Path) -> None:
        text = '[several_unsure]\nfew = "{count} osoby"\nmany = "{count} osób"'
        phrases = load(tmp_path, text, SPEECH_LANGUAGE="pl").phrases
        assert [said(phrases, count) for count in (2, 5, 22)] == ["2 osoby", "5 osób", "22 osoby"]

    def test_one_text_is_for_all_of_them(self, tmp_path: Path) -> None:
        phrases = load(tmp_path, 'several_unsure = "Osoby: {count}"', SPEECH_LANGUAGE="pl").phrases
        assert [said(phrases, count) for count in (2, 5, 22)] == ["Osoby: 2", "Osoby: 5", "Osoby: 22"]

    def test_of_a_language_that_is_not_built_in(self, tmp_path: Path) -> None:
        text = """
            language = "sl"
            several_unsure = {one = "{count} oseba", two = "{count} osebi", few = "{count} osebe", other = "{count} x"}
            [moods]
            sad = {one = "žalostna", two = "žalostni", few = "žalostne", other = "žalostnih"}
            [several]
            one = "{count} {mood} oseba"
            two = "{count} {mood} osebi"
            few = "{count} {mood} osebe"
            other = "{count} {mood} oseb"
            [plural]
            categories = ["one", "two", "few", "other"]
            rule = "n % 100 == 1 ? 0 : n % 100 == 2 ? 1 : n % 100 == 3 || n % 100 == 4 ? 2 : 3"
            """
        phrases = load(tmp_path, text).phrases
        assert phrases.language == "sl"
        assert [said(phrases, count) for count in (2, 3, 5)] == ["2 osebi", "3 osebe", "5 x"]
        assert said(phrases, 3, SAD=90.0) == "3 žalostne osebe"
        assert said(phrases, 5, SAD=90.0) == "5 žalostnih oseb"

    def test_of_a_watch_which_may_be_of_a_single_minute(self, tmp_path: Path) -> None:
        text = 'watched = "Fertig."\nwatching = {one = "{count} Minute", other = "{count} Minuten"}'
        phrases = load(tmp_path, text, SPEECH_LANGUAGE="de").phrases
        assert [phrases.watching_for(minutes) for minutes in (1, 480)] == ["1 Minute", "480 Minuten"]
        assert phrases.watched == "Fertig."

    def test_may_change_the_rule_and_keep_the_sentences(self, tmp_path: Path) -> None:
        rule = '[plural]\ncategories = ["few", "other"]\nrule = "n > 2"'
        phrases = load(tmp_path, rule, SPEECH_LANGUAGE="pl").phrases
        assert said(phrases, 2).startswith("Widzę 2 osoby.")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("happy =", "is no TOML"),
        ('cheerful = "Hello"', "unknown key 'cheerful'; known are happy, sad"),
        ("happy = 1", "happy must be a text"),
        ('sad = "  "', "sad must be a text"),
        (f'sad = "{"x" * (MAX_CHARACTERS + 1)}"', f"1 to {MAX_CHARACTERS} characters"),
        ('moods = "happy"', "moods must be a table"),
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
        ("several = 2", "several must be a text"),
        ("several = {}", "several.other is missing"),
        ('several = {one = "x"}', "several.other is missing"),
        (
            'several = {other = "x", few = "y"}',
            "unknown key 'several.few'; the plural's categories here are one, other",
        ),
        ('several = {other = "{people}"}', "several.other may use {count} and {mood} only"),
        ("[several_unsure]\nother = 2", "several_unsure.other must be a text"),
        ('watched = ""', "watched must be a text"),
        ('watching = "{mood}"', "watching may use {count} only"),
        (
            'watching = {other = "{count}"}',
            "watching.one is missing; a table has each category",
        ),
        ('moods.happy = {one = "x"}', "moods.happy.other is missing"),
        ('engine = "best"', "engine must be one of standard, neural"),
        ('language = "German"', "language must be a tag of BCP 47, such as de"),
        ("voice = 1", "voice must be a text"),
        ('plural = "n != 1"', "plural must be a table with categories and a rule"),
        ('[plural]\ncategories = ["one"]\nrule = "n !"', "plural.rule: "),
        ('[plural]\ncategories = ["some"]\nrule = "0"', "plural.categories must be some of zero, one"),
        ('[plural]\ncategories = ["one"]\nrule = "0"\nrules = 1', "plural must be a table"),
    ],
)
def test_are_checked_before_anything_starts(tmp_path: Path, text: str, complaint: str) -> None:
    [mistake] = mistakes(tmp_path, text)
    assert complaint in mistake


def test_are_all_complained_of_at_once(tmp_path: Path) -> None:
    text = 'happy = 1\nmerry = "Hello"\nseveral = "{people}"\n[moods]\nsmug = "x"\nsad = ""'
    assert [mistake.split("; ")[0] for mistake in mistakes(tmp_path, text)] == [
        f"happy must be a text of 1 to {MAX_CHARACTERS} characters",
        "unknown key 'merry'",
        "several may use {count} and {mood} only, each as it stands",
        "unknown key 'moods.smug'",
        f"moods.sad must be a text of 1 to {MAX_CHARACTERS} characters",
    ]


def test_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: there is no such file"):
        load_language({"PHRASES_FILE": str(tmp_path / "nowhere.toml")})


def test_must_be_text(tmp_path: Path) -> None:
    (tmp_path / "phrases.toml").write_bytes(b'happy = "\xff"')
    with pytest.raises(SettingsError, match="UTF-8"):
        load_language({"PHRASES_FILE": str(tmp_path / "phrases.toml")})


@given(several=st.text("{}countmd!:.0r[] ", min_size=1, max_size=20))
def test_that_are_accepted_can_be_said(tmp_path_factory: pytest.TempPathFactory, several: str) -> None:
    try:
        phrases = load(tmp_path_factory.mktemp("phrases"), f"several = '{several}'").phrases
    except SettingsError:
        return
    assert isinstance(said(phrases, 2, HAPPY=90.0), str)
