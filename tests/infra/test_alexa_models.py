"""The interaction models of the Alexa skill, against Amazon's rules for invocation names and sample utterances."""

import json
import re
from typing import Any

import pytest

from lambda_trigger.alexa import GOODBYES, INTENTS
from lambda_trigger.answers import FOLDER, language
from tests.infra.conftest import ROOT

MODELS = {path.stem: path for path in (ROOT / "infra/alexa").glob("*.json")}
LOCALES = {
    *("ar-SA", "de-DE", "en-AU", "en-CA", "en-GB", "en-IN", "en-US", "es-ES", "es-MX", "es-US", "fr-CA", "fr-FR"),
    *("hi-IN", "it-IT", "ja-JP", "nl-NL", "pt-BR"),
}
"""Where Alexa takes custom skills."""
WORDS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*(?: [^\W\d_]+(?:['-][^\W\d_]+)*)*")
WITHOUT_SPACES = {"ja-JP"}
WAKE_WORDS = {"alexa", "amazon", "echo", "computer", "ziggy", "アレクサ", "エコー", "アマゾン"}

models = pytest.mark.parametrize("locale", sorted(MODELS))


def invocation_name(locale: str) -> str:
    return str(language_model(locale)["invocationName"])


def intents(locale: str) -> dict[str, list[str]]:
    return {intent["name"]: intent["samples"] for intent in language_model(locale)["intents"]}


def language_model(locale: str) -> dict[str, Any]:
    model: dict[str, Any] = json.loads(MODELS[locale].read_text(encoding="utf-8"))["interactionModel"]["languageModel"]
    return model


def test_every_language_that_alexa_answers_in_has_its_model() -> None:
    assert MODELS.keys() <= LOCALES
    assert sorted(language(locale) for locale in MODELS) == sorted(path.stem for path in FOLDER.glob("*.toml"))


@models
def test_a_model_asks_for_the_intents_that_the_function_knows(locale: str) -> None:
    assert intents(locale).keys() == intents("en-US").keys()
    assert intents(locale).keys() - {"AMAZON.HelpIntent", "AMAZON.FallbackIntent"} <= INTENTS | GOODBYES


@models
@pytest.mark.parametrize(("intent", "fewest"), [("TakePicture", 9), ("StartWatching", 6), ("StopWatching", 6)])
def test_each_command_can_be_asked_for_in_words_that_amazon_accepts(locale: str, intent: str, fewest: int) -> None:
    samples = intents(locale)[intent]
    assert len(samples) == len({sample.lower() for sample in samples}) >= fewest
    assert [sample for sample in samples if not WORDS.fullmatch(sample)] == []
    assert [sample for sample in samples if WAKE_WORDS & set(sample.lower().split())] == []


@models
def test_no_two_commands_are_asked_for_in_the_same_words(locale: str) -> None:
    samples = [sample.lower() for found in intents(locale).values() for sample in found]
    assert len(samples) == len(set(samples))


@models
def test_the_invocation_name_is_one_that_amazon_accepts(locale: str) -> None:
    name = invocation_name(locale)
    assert WORDS.fullmatch(name)
    assert name == name.lower()
    assert len(name.split()) >= 2 or locale in WITHOUT_SPACES
    assert not [word for word in WAKE_WORDS if word in name]
