import pytest

from worker.aws.clients import Clients
from worker.aws.polly import PollyVoice
from worker.domain.errors import CloudRefused
from worker.domain.sound import BYTES_PER_SECOND


def test_a_sentence_becomes_a_second_or_two_of_sound(clients: Clients) -> None:
    speech = PollyVoice(clients.polly, "Joanna", "neural")
    sounds = {speech.synthesize("You look happy.", "alaw"), speech.synthesize("You look happy.", "mulaw")}
    assert len(sounds) == 2
    assert all(0.5 < len(sound) / BYTES_PER_SECOND < 5 for sound in sounds)


def test_a_voice_that_polly_does_not_know_is_refused(clients: Clients) -> None:
    with pytest.raises(CloudRefused, match="polly:SynthesizeSpeech"):
        PollyVoice(clients.polly, "Nobody", "neural").synthesize("Hello", "alaw")


def test_its_identity_is_all_that_shapes_the_sound(clients: Clients) -> None:
    voices = [("Joanna", "neural"), ("Joanna", "standard"), ("Matthew", "neural")]
    assert len({PollyVoice(clients.polly, *voice).identity for voice in voices}) == 3
