"""SPEECH_LANGUAGE: each language is whole, counts as CLDR does, and says what it should."""

from typing import Any

import pytest
from babel import Locale
from moto.polly.resources import VOICE_DATA

from tests.worker.answers import detail
from tests.worker.settings.conftest import ENOUGH, Complaints
from worker.domain.faces import read_faces
from worker.domain.phrases import EMOTIONS
from worker.settings import load_configuration
from worker.settings.languages import FOLDER, built_in, fitting, languages
from worker.settings.phrase_file import mistakes_in, read_document
from worker.settings.voices import languages_of

TAGS = ["de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt-BR"]
VOICES: dict[str, Any] = {str(voice["Id"]): voice for voice in VOICE_DATA}
"""moto's copy of what Polly's DescribeVoices answers."""
KEYS = {
    *("language", "voice", "engine", "plural"),
    *("no_face", "unsure", "sorry", "several", "several_unsure", "moods", "watching", "watched"),
}


SAID = {
    "de": [
        "Ich konnte kein Gesicht erkennen.",
        "Du siehst fröhlich aus.",
        "Ich bin mir nicht sicher, wie du aussiehst.",
        "Ich sehe 2 Personen. Der häufigste Gesichtsausdruck ist fröhlich.",
        "Ich sehe 5 Personen. Der häufigste Gesichtsausdruck ist fröhlich.",
        "Ich sehe 22 Personen. Der häufigste Gesichtsausdruck ist fröhlich.",
        "Ich sehe 2 Personen. Ich bin mir nicht sicher, wie sie aussehen.",
        "Ich sehe 5 Personen. Ich bin mir nicht sicher, wie sie aussehen.",
    ],
    "en": [
        "I could not see a face.",
        "You look happy.",
        "I am not sure how you look.",
        "I see 2 people. The most common look is happy.",
        "I see 5 people. The most common look is happy.",
        "I see 22 people. The most common look is happy.",
        "I see 2 people. I am not sure how they look.",
        "I see 5 people. I am not sure how they look.",
    ],
    "es": [
        "No he visto ninguna cara.",
        "Pareces feliz.",
        "No consigo leer tu expresión.",
        "Veo a 2 personas. La expresión más frecuente es de alegría.",
        "Veo a 5 personas. La expresión más frecuente es de alegría.",
        "Veo a 22 personas. La expresión más frecuente es de alegría.",
        "Veo a 2 personas. No consigo leer sus expresiones.",
        "Veo a 5 personas. No consigo leer sus expresiones.",
    ],
    "fr": [
        "Je n'ai vu aucun visage.",
        "Vous avez l'air de bonne humeur.",
        "Je n'arrive pas à lire votre expression.",
        "Je vois 2 personnes. L'expression la plus fréquente est la bonne humeur.",
        "Je vois 5 personnes. L'expression la plus fréquente est la bonne humeur.",
        "Je vois 22 personnes. L'expression la plus fréquente est la bonne humeur.",
        "Je vois 2 personnes. Je n'arrive pas à lire leur expression.",
        "Je vois 5 personnes. Je n'arrive pas à lire leur expression.",
    ],
    "it": [
        "Non ho visto nessun volto.",
        "Hai l'aria felice.",
        "Non riesco a leggere la tua espressione.",
        "Vedo 2 persone. L'espressione più comune è di gioia.",
        "Vedo 5 persone. L'espressione più comune è di gioia.",
        "Vedo 22 persone. L'espressione più comune è di gioia.",
        "Vedo 2 persone. Non riesco a leggere le loro espressioni.",
        "Vedo 5 persone. Non riesco a leggere le loro espressioni.",
    ],
    "ja": [
        "顔が見えませんでした。",
        "うれしそうに見えます。",
        "表情がよくわかりません。",
        "2人が見えます。いちばん多いのは、うれしそうな表情です。",
        "5人が見えます。いちばん多いのは、うれしそうな表情です。",
        "22人が見えます。いちばん多いのは、うれしそうな表情です。",
        "2人が見えます。表情はよくわかりません。",
        "5人が見えます。表情はよくわかりません。",
    ],
    "nl": [
        "Ik kon geen gezicht zien.",
        "Je kijkt blij.",
        "Ik weet niet zeker hoe je kijkt.",
        "Ik zie 2 mensen. De meest voorkomende blik is blij.",
        "Ik zie 5 mensen. De meest voorkomende blik is blij.",
        "Ik zie 22 mensen. De meest voorkomende blik is blij.",
        "Ik zie 2 mensen. Ik weet niet zeker hoe ze kijken.",
        "Ik zie 5 mensen. Ik weet niet zeker hoe ze kijken.",
    ],
    "pl": [
        "Nie widzę żadnej twarzy.",
        "Masz wesołą minę.",
        "Trudno mi odczytać twoją minę.",
        "Widzę 2 osoby. Najczęstsza mina jest wesoła.",
        "Widzę 5 osób. Najczęstsza mina jest wesoła.",
        "Widzę 22 osoby. Najczęstsza mina jest wesoła.",
        "Widzę 2 osoby. Trudno mi odczytać ich miny.",
        "Widzę 5 osób. Trudno mi odczytać ich miny.",
    ],
    "pt-BR": [
        "Não consegui ver nenhum rosto.",
        "Você parece feliz.",
        "Não consegui identificar a sua expressão.",
        "Vejo 2 pessoas. A expressão mais comum é de alegria.",
        "Vejo 5 pessoas. A expressão mais comum é de alegria.",
        "Vejo 22 pessoas. A expressão mais comum é de alegria.",
        "Vejo 2 pessoas. Não consegui identificar as expressões.",
        "Vejo 5 pessoas. Não consegui identificar as expressões.",
    ],
}
"""To nobody; to one, who looks happy or doubtful; to 2, 5 and 22 who look happy; to 2 and 5 doubtful ones."""


WATCHING = {
    "de": (
        "Ich beobachte 1 Minute lang, wie",
        "Ich beobachte 2 Minuten lang, wie",
        "Ich beobachte 5 Minuten lang, wie",
    ),
    "en": ("for 1 minute.", "for 2 minutes.", "for 5 minutes."),
    "es": ("Durante 1 minuto observo", "Durante 2 minutos observo", "Durante 5 minutos observo"),
    "fr": ("Pendant 1 minute, j'observe", "Pendant 2 minutes, j'observe", "Pendant 5 minutes, j'observe"),
    "it": ("Per 1 minuto osservo", "Per 2 minuti osservo", "Per 5 minuti osservo"),
    "ja": ("1分間、", "2分間、", "5分間、"),
    "nl": ("Ik let 1 minuut lang", "Ik let 2 minuten lang", "Ik let 5 minuten lang"),
    "pl": ("Przez 1 minutę obserwuję", "Przez 2 minuty obserwuję", "Przez 5 minut obserwuję"),
    "pt-BR": ("Por 1 minuto, observo", "Por 2 minutos, observo", "Por 5 minutos, observo"),
}
"""What the beginning of a watch of so many minutes has in it."""


def said(tag: str, count: int, **emotions: float) -> str:
    faces = read_faces([detail(**emotions)] * count, keep_attributes=False)
    return built_in(tag).phrases.sentence(faces, min_confidence=50)


def test_these_are_built_in() -> None:
    assert languages() == TAGS


@pytest.mark.parametrize("tag", TAGS)
class TestEveryLanguage:
    def test_has_every_key_and_nothing_that_cannot_be_said(self, tag: str) -> None:
        document = read_document(FOLDER / f"{tag}.toml")
        assert document.keys() == KEYS | {name.lower() for name in EMOTIONS}
        assert document["moods"].keys() == {name.lower() for name in EMOTIONS}
        assert list(mistakes_in(document, document)) == []

    def test_tells_for_how_many_minutes_it_watches(self, tag: str) -> None:
        told = [built_in(tag).phrases.watching_for(minutes) for minutes in (1, 2, 5)]
        assert [expected in sentence for expected, sentence in zip(WATCHING[tag], told, strict=True)] == [True] * 3

    def test_has_a_sentence_for_the_longest_watch(self, tag: str) -> None:
        assert "480" in built_in(tag).phrases.watching_for(480)

    def test_is_called_as_its_file(self, tag: str) -> None:
        assert built_in(tag).phrases.language == tag

    def test_counts_as_cldr_does(self, tag: str) -> None:
        plural, cldr = built_in(tag).phrases.plural, Locale.parse(tag, sep="-").plural_form
        counts = range(1001)
        assert [plural.category(count) for count in counts] == [cldr(count) for count in counts]

    def test_tells_each_look_apart(self, tag: str) -> None:
        phrases = built_in(tag).phrases
        soon = list(phrases.soon())
        assert len(set(soon)) == len(soon) == len(EMOTIONS) + 3 + 9 * (len(EMOTIONS) + 1)

    def test_is_spoken_by_a_voice_that_has_the_engine(self, tag: str) -> None:
        language = built_in(tag)
        voice = VOICES[language.voice]
        assert language.engine in voice["SupportedEngines"]
        assert voice["LanguageCode"].startswith(tag)


@pytest.mark.parametrize("voice", VOICES)
def test_the_languages_of_each_voice_are_known(voice: str) -> None:
    codes = [VOICES[voice]["LanguageCode"], *(VOICES[voice].get("AdditionalLanguageCodes") or [])]
    assert languages_of(voice) == sorted(codes)


@pytest.mark.parametrize("tag", TAGS)
def test_a_press_says(tag: str) -> None:
    one = [said(tag, 0), said(tag, 1, HAPPY=90.0), said(tag, 1, HAPPY=40.0)]
    several = [said(tag, count, HAPPY=90.0) for count in (2, 5, 22)]
    doubtful = [said(tag, count, HAPPY=40.0) for count in (2, 5)]
    assert SAID[tag] == [*one, *several, *doubtful]


def test_polish_counts_on_to_a_hundred() -> None:
    few = {count for count in range(2, 101) if said("pl", count).startswith(f"Widzę {count} osoby.")}
    assert few == {tens + ones for tens in (0, 20, 30, 40, 50, 60, 70, 80, 90) for ones in (2, 3, 4)}
    assert all(said("pl", count).startswith(f"Widzę {count} osób.") for count in set(range(2, 101)) - few)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de_AT", "de"),
        ("de-Latn-CH-1901", "de"),
        ("pt", "pt-BR"),
        ("pt-BR", "pt-BR"),
        ("pt-br", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("ja-JP", "ja"),
        ("cs", None),
        ("d", None),
        ("../de", None),
        ("", None),
    ],
)
def test_a_tag_falls_back_to_what_there_is(tag: str, language: str | None) -> None:
    assert fitting(tag, languages()) == language


class TestTheSetting:
    @pytest.mark.parametrize(
        ("environ", "language", "voice", "engine"),
        [
            ({}, "en", "Joanna", "neural"),
            ({"SPEECH_LANGUAGE": ""}, "en", "Joanna", "neural"),
            ({"SPEECH_LANGUAGE": "de-AT"}, "de", "Vicki", "neural"),
            ({"SPEECH_LANGUAGE": "de", "POLLY_VOICE": "", "POLLY_ENGINE": ""}, "de", "Vicki", "neural"),
            ({"SPEECH_LANGUAGE": "pt", "POLLY_VOICE": "Thiago"}, "pt-BR", "Thiago", "neural"),
            (
                {"SPEECH_LANGUAGE": "de", "POLLY_VOICE": "Hans", "POLLY_ENGINE": "standard"},
                "de",
                "Hans",
                "standard",
            ),
        ],
    )
    def test_picks_sentences_and_voice(self, environ: dict[str, str], language: str, voice: str, engine: str) -> None:
        configuration = load_configuration({**ENOUGH, **environ})
        assert configuration.phrases == built_in(language).phrases
        assert (configuration.worker.polly_voice, configuration.worker.polly_engine) == (voice, engine)

    def test_is_a_mistake_where_nothing_fits(self, complaints: Complaints) -> None:
        said = complaints({**ENOUGH, "SPEECH_LANGUAGE": "tlh", "CONCURRENCY": "many", "PHRASES_FILE": "nowhere"})
        assert said.keys() == {"SPEECH_LANGUAGE", "CONCURRENCY", "PHRASES_FILE"}
        assert said["SPEECH_LANGUAGE"].startswith(f"must be one of {', '.join(TAGS)}; for another language ")
