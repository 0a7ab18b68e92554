import pytest

from worker.aws.clients import Clients
from worker.aws.polly import PollyVoice
from worker.domain.errors import CloudRefused
from worker.domain.sound import BYTES_PER_SECOND
from worker.domain.speech_text import SpeechText

HAPPY = SpeechText("You look happy.")


def test_a_sentence_becomes_a_second_or_two_of_sound(clients: Clients) -> None:
    speech = PollyVoice(clients.polly, "Joanna", "neural")
    sounds = {speech.synthesize(HAPPY, "alaw"), speech.synthesize(HAPPY, "mulaw")}
    assert len(sounds) == 2
    assert all(0.5 < len(sound) / BYTES_PER_SECOND < 5 for sound in sounds)


def test_ssml_is_spoken_without_its_tags(clients: Clients) -> None:
    speech = PollyVoice(clients.polly, "Joanna", "neural")
    marked_up = SpeechText("<speak>You look happy.</speak>", ssml=True)
    assert speech.synthesize(marked_up, "alaw") == speech.synthesize(HAPPY, "alaw")
    with pytest.raises(CloudRefused, match="InvalidSsml"):
        speech.synthesize(SpeechText("You look <happy.", ssml=True), "alaw")


def test_a_voice_that_polly_does_not_know_is_refused(clients: Clients) -> None:
    with pytest.raises(CloudRefused, match="polly:SynthesizeSpeech"):
        PollyVoice(clients.polly, "Joanna", "neural").synthesize(SpeechText("Hello", voice="Nobody"), "alaw")


def test_its_identity_is_all_that_shapes_the_sound(clients: Clients) -> None:
    joanna = PollyVoice(clients.polly, "Joanna", "neural")
    identities = {
        joanna.identity(HAPPY),
        PollyVoice(clients.polly, "Joanna", "standard").identity(HAPPY),
        joanna.identity(SpeechText("You look happy.", voice="Matthew")),
        joanna.identity(SpeechText("You look happy.", ssml=True)),
    }
    assert len(identities) == 4
    assert PollyVoice(clients.polly, "Matthew", "neural").identity(HAPPY) in identities
