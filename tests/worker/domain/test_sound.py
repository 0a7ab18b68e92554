import pytest

from tests.localcloud.decoding import decode_alaw, decode_mulaw
from worker.domain.sound import BYTES_PER_SECOND, PAUSE_SECONDS, SILENCE, AudioFormat, join

PAUSE = round(PAUSE_SECONDS * BYTES_PER_SECOND)
LOUD = b"\x2a\x10\x2a"
DECODE = {"alaw": decode_alaw, "mulaw": decode_mulaw}
FORMATS: list[AudioFormat] = ["alaw", "mulaw"]


@pytest.mark.parametrize("audio_format", FORMATS)
class TestTheJoint:
    def test_is_a_pause_however_much_silence_the_sounds_bring(self, audio_format: AudioFormat) -> None:
        silence = SILENCE[audio_format]
        sounds = [silence * 80 + LOUD + silence * 900, silence * 700 + LOUD + silence * 5, LOUD + silence * 9]
        assert join(sounds, audio_format) == (silence * PAUSE).join([silence * 80 + LOUD, LOUD, LOUD + silence * 9])

    def test_cuts_off_nothing_that_could_be_heard(self, audio_format: AudioFormat) -> None:
        every = bytes(range(256))
        samples = DECODE[audio_format](every)
        loud = [code for code, sample in zip(every, samples, strict=True) if abs(int(sample)) > 50]
        for code in loud:
            sound = LOUD + bytes([code])
            assert join([sound, LOUD], audio_format).startswith(sound + SILENCE[audio_format])
        quiet = bytes(set(every) - set(loud))
        assert join([LOUD + quiet, quiet + LOUD], audio_format) == LOUD + SILENCE[audio_format] * PAUSE + LOUD

    def test_is_silent(self, audio_format: AudioFormat) -> None:
        assert abs(int(DECODE[audio_format](SILENCE[audio_format])[0])) <= 8

    def test_is_not_there_in_a_single_sound(self, audio_format: AudioFormat) -> None:
        sound = SILENCE[audio_format] + LOUD + SILENCE[audio_format]
        assert join([sound], audio_format) == sound
