import numpy as np

from localcloud.voice import Voice

SHORT = "You look happy."
LONG = "I see four people, and most of you look calm and a little surprised."


def seconds(voice: Voice, text: str) -> float:
    return voice.say(text, 8000).size / 8000


def test_speech_lasts_as_long_as_its_sentence(voice: Voice) -> None:
    # English is spoken at about 15 letters a second; half or double that would still be understood.
    assert len(SHORT) / 30 < seconds(voice, SHORT) < len(SHORT) / 7.5
    assert len(LONG) / 30 < seconds(voice, LONG) < len(LONG) / 7.5


def test_speech_is_loud_but_not_clipped(voice: Voice) -> None:
    speech = np.abs(voice.say(SHORT, 8000).astype(np.int32))
    assert 26_000 < speech.max() < 32_767
    assert np.mean(speech > 29_000) < 0.01


def test_speech_rises_and_falls_with_its_syllables(voice: Voice) -> None:
    frames = voice.say(LONG, 8000).astype(np.float64)
    loudness = np.sqrt(np.mean(frames[: frames.size // 160 * 160].reshape(-1, 160) ** 2, axis=1))
    assert np.quantile(loudness, 0.9) > 10 * np.quantile(loudness, 0.1)


def test_speech_has_the_pitch_of_a_person(voice: Voice) -> None:
    spectrum = np.abs(np.fft.rfft(voice.say(LONG, 8000)))
    hertz = np.fft.rfftfreq(voice.say(LONG, 8000).size, 1 / 8000)
    energy = np.sum(spectrum**2)
    assert np.sum(spectrum[(hertz > 80) & (hertz < 3400)] ** 2) > 0.95 * energy


def test_speech_begins_at_once(voice: Voice) -> None:
    speech = np.abs(voice.say(SHORT, 8000).astype(np.int32))
    assert np.flatnonzero(speech > 3000)[0] < 0.15 * 8000


def test_two_sentences_differ(voice: Voice) -> None:
    happy, sad = voice.say("You look happy.", 8000), voice.say("You look angry.", 8000)
    common = min(happy.size, sad.size)
    assert abs(np.corrcoef(happy[:common], sad[:common])[0, 1]) < 0.9


def test_a_sentence_always_sounds_the_same(voice: Voice) -> None:
    assert np.array_equal(voice.say(SHORT, 8000), voice.say(SHORT, 8000))


def test_what_nobody_can_pronounce_is_no_sound_rather_than_noise(voice: Voice) -> None:
    assert voice.say(". . .", 8000).size == 0
