import pytest

from worker.camera.client import BYTES_PER_SECOND
from worker.cloud.clients import Clients
from worker.cloud.errors import CloudRefused
from worker.cloud.speech import Speech


def test_a_sentence_becomes_a_second_or_two_of_sound(clients: Clients) -> None:
    speech = Speech(clients.polly, "Joanna", "neural")
    sounds = {speech.synthesize("You look happy.", "alaw"), speech.synthesize("You look happy.", "mulaw")}
    assert len(sounds) == 2
    assert all(0.5 < len(sound) / BYTES_PER_SECOND < 5 for sound in sounds)


def test_a_voice_that_polly_does_not_know_is_refused(clients: Clients) -> None:
    with pytest.raises(CloudRefused, match="polly:SynthesizeSpeech"):
        Speech(clients.polly, "Nobody", "neural").synthesize("Hello", "alaw")


def test_its_identity_is_all_that_shapes_the_sound(clients: Clients) -> None:
    voices = [("Joanna", "neural"), ("Joanna", "standard"), ("Matthew", "neural")]
    assert len({Speech(clients.polly, *voice).identity for voice in voices}) == 3
