"""Each language's voice, heard by what a person would notice: length, loudness, pitch, and when it begins."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from localcloud.voice import CannotSayError, Voice

SHORT = {
    "en-US": "You look happy.",
    "en-GB": "You look happy.",
    "de-DE": "Du siehst fröhlich aus.",
    "es-ES": "Pareces contento.",
    "fr-FR": "Tu as l'air joyeux.",
    "it-IT": "Hai un'aria felice.",
}
LONG = {
    "en-US": "I see four people, and most of you look calm and a little surprised.",
    "en-GB": "I see four people, and most of you look calm and a little surprised.",
    "de-DE": "Ich sehe vier Personen, und die meisten von euch sehen gelassen und etwas überrascht aus.",
    "es-ES": "Veo a cuatro personas, y la mayoría parece tranquila y un poco sorprendida.",
    "fr-FR": "Je vois quatre personnes, et la plupart ont l'air calmes et un peu surprises.",
    "it-IT": "Vedo quattro persone, e la maggior parte ha un'aria tranquilla e un po' sorpresa.",
}
RATE = 8000

languages = pytest.mark.parametrize("language", SHORT)


def said(voice: Voice, sentences: dict[str, str], language: str) -> NDArray[np.float64]:
    """Samples between -1 and 1."""
    return _said_once(voice, sentences[language], language)


@cache
def _said_once(voice: Voice, text: str, language: str) -> NDArray[np.float64]:
    """Each takes a process of its own, and is looked at in many ways."""
    return voice.say(text, RATE, language).astype(np.float64) / 2**15


@languages
@pytest.mark.parametrize("sentences", [SHORT, LONG], ids=["short", "long"])
def test_speech_lasts_as_long_as_its_sentence(voice: Voice, sentences: dict[str, str], language: str) -> None:
    # These languages are spoken at about 15 letters a second; half or double that would still be understood.
    letters = len(sentences[language])
    assert letters / 30 < said(voice, sentences, language).size / RATE < letters / 7.5


@languages
def test_speech_is_loud_but_not_clipped(voice: Voice, language: str) -> None:
    for sentences in (SHORT, LONG):
        speech = np.abs(said(voice, sentences, language))
        assert 0.8 < speech.max() < 1
        assert np.mean(speech > 0.88) < 0.001


@languages
def test_speech_rises_and_falls_with_its_syllables(voice: Voice, language: str) -> None:
    speech = said(voice, LONG, language)
    loudness = np.sqrt(np.mean(speech[: speech.size // 160 * 160].reshape(-1, 160) ** 2, axis=1))
    assert np.quantile(loudness, 0.9) > 10 * np.quantile(loudness, 0.1)


@languages
def test_speech_is_in_the_band_of_a_person(voice: Voice, language: str) -> None:
    speech = said(voice, LONG, language)
    spectrum, hertz = np.abs(np.fft.rfft(speech)) ** 2, np.fft.rfftfreq(speech.size, 1 / RATE)
    assert np.sum(spectrum[(hertz > 80) & (hertz < 3400)]) > 0.95 * np.sum(spectrum)


@languages
def test_speech_has_the_pitch_of_a_person(voice: Voice, language: str) -> None:
    speech = said(voice, LONG, language)
    frames = speech[: speech.size // 400 * 400].reshape(-1, 400)
    loud = frames[np.sqrt(np.mean(frames**2, axis=1)) > 0.05]
    assert 80 < np.median([pitch(frame) for frame in loud]) < 300


def pitch(frame: NDArray[np.float64]) -> float:
    """The repetition, in Hz, that the samples are most like."""
    likeness = np.correlate(frame, frame, "full")[frame.size :]
    shortest, longest = RATE // 400, RATE // 60
    return RATE / (shortest + 1 + int(np.argmax(likeness[shortest:longest])))


@languages
def test_speech_begins_and_ends_at_once(voice: Voice, language: str) -> None:
    for sentences in (SHORT, LONG):
        loud = np.flatnonzero(np.abs(said(voice, sentences, language)) > 0.1)
        assert loud[0] < 0.15 * RATE
        assert said(voice, sentences, language).size - loud[-1] < 0.3 * RATE


@languages
def test_a_sentence_always_sounds_the_same(voice: Voice, language: str) -> None:
    text = LONG[language]
    assert np.array_equal(voice.say(text, RATE, language), voice.say(text, RATE, language))


def test_each_voice_is_another(voice: Voice) -> None:
    sounds = {voice.say("Radio.", RATE, language).tobytes() for language in SHORT}
    assert len(sounds) == len(SHORT)


def test_two_sentences_differ(voice: Voice) -> None:
    happy, sad = (voice.say(f"You look {mood}.", RATE, "en-US") for mood in ("happy", "angry"))
    common = min(happy.size, sad.size)
    assert abs(np.corrcoef(happy[:common], sad[:common])[0, 1]) < 0.9


@pytest.mark.parametrize(
    ("dialect", "nearest"), [("en-AU", "en-GB"), ("en-GB-WLS", "en-GB"), ("es-MX", "es-ES"), ("de-AT", "de-DE")]
)
def test_a_dialect_that_is_not_there_is_spoken_by_its_nearest(voice: Voice, dialect: str, nearest: str) -> None:
    assert np.array_equal(voice.say("Radio.", RATE, dialect), voice.say("Radio.", RATE, nearest))


@pytest.mark.parametrize("text", [". . .", "", "\N{GRINNING FACE}", "日本"])
def test_what_nobody_can_pronounce_is_no_sound_rather_than_noise(voice: Voice, text: str) -> None:
    assert voice.say(text, RATE, "en-US").size == 0


def test_what_pico_takes_for_a_command_is_only_text(voice: Voice, tmp_path: Path) -> None:
    written = tmp_path / "written.wav"
    voice.say(f'<genfile file="{written}">You look happy.</genfile>', RATE, "en-US")
    assert not written.exists()


def test_a_zero_byte_does_not_end_the_sentence(voice: Voice) -> None:
    assert np.array_equal(voice.say("You\0look happy.", RATE, "en-US"), voice.say("You look happy.", RATE, "en-US"))


def test_a_text_that_the_voice_fails_at_is_told_and_the_next_one_is_said(voice: Voice) -> None:
    with pytest.raises(CannotSayError, match="pico"):
        voice.say("1" * 400, RATE, "en-US")
    assert voice.say(SHORT["en-US"], RATE, "en-US").size
