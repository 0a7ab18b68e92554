from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Lock

import pytest

from worker.disk.voice_cache import CHECKSUM_BYTES, MAX_KEPT_IN_MEMORY, VoiceCache
from worker.domain.errors import CloudUnavailable
from worker.domain.sound import AudioFormat

LONG = 20.0


class Synthesizer:
    """Speaks by writing down; `away` makes it fail, `may_answer` holds its answers up."""

    def __init__(self, *identity: str) -> None:
        self.identity: tuple[str, ...] = identity or ("Joanna", "neural")
        self.asked: list[str] = []
        self.away = False
        self.may_answer = Event()
        self.may_answer.set()
        self._lock = Lock()

    def synthesize(self, sentence: str, audio_format: AudioFormat) -> bytes:
        with self._lock:
            self.asked.append(sentence)
        assert self.may_answer.wait(LONG)
        if self.away:
            raise CloudUnavailable("away")
        return f"{sentence} in {audio_format} by {self.identity}".encode()


@pytest.fixture
def polly() -> Synthesizer:
    return Synthesizer()


@pytest.fixture
def voice(polly: Synthesizer, tmp_path: Path) -> VoiceCache:
    return VoiceCache(polly, tmp_path)


def test_a_sentence_is_asked_for_once(voice: VoiceCache, polly: Synthesizer) -> None:
    assert voice.sound("Hello", "alaw") == voice.sound("Hello", "alaw")
    assert polly.asked == ["Hello"]


def test_also_by_many_at_the_same_time(voice: VoiceCache, polly: Synthesizer) -> None:
    all_at_once = Barrier(9)
    polly.may_answer.clear()

    def ask() -> bytes:
        all_at_once.wait(LONG)
        return voice.sound("Hello", "alaw")

    with ThreadPoolExecutor(8) as pool:
        sounds = [pool.submit(ask) for _ in range(8)]
        all_at_once.wait(LONG)
        polly.may_answer.set()
    assert len({sound.result() for sound in sounds}) == 1
    assert polly.asked == ["Hello"]


def test_also_after_a_restart(voice: VoiceCache, polly: Synthesizer, tmp_path: Path) -> None:
    sound = voice.sound("Hello", "alaw")
    assert VoiceCache(polly, tmp_path).sound("Hello", "alaw") == sound
    assert polly.asked == ["Hello"]


def test_also_when_memory_has_forgotten_it(voice: VoiceCache, polly: Synthesizer) -> None:
    sentences = [f"Sentence {number}" for number in range(MAX_KEPT_IN_MEMORY + 5)]
    voice.learn(sentences, "alaw")
    voice.learn(sentences, "alaw")
    assert polly.asked == sentences


def test_whatever_shapes_the_sound_makes_it_another_one(polly: Synthesizer, tmp_path: Path) -> None:
    other = Synthesizer("Matthew", "neural")
    sounds = {
        VoiceCache(polly, tmp_path).sound("Hello", "alaw"),
        VoiceCache(polly, tmp_path).sound("Hello", "mulaw"),
        VoiceCache(polly, tmp_path).sound("Good-bye", "alaw"),
        VoiceCache(other, tmp_path).sound("Hello", "alaw"),
    }
    assert len(sounds) == len(list(tmp_path.iterdir())) == 4


def test_a_file_begins_with_the_sound_and_nothing_half_written_stays(voice: VoiceCache, tmp_path: Path) -> None:
    sound = voice.sound("Hello", "alaw")
    (file,) = tmp_path.iterdir()
    assert (file.read_bytes()[:-CHECKSUM_BYTES], file.suffix) == (sound, ".alaw")


@pytest.mark.parametrize("left", [0, 1, 4, 9, -1])
@pytest.mark.parametrize("instead", [b"", b"\0"])
def test_a_file_that_a_power_cut_tore_is_asked_for_again(
    voice: VoiceCache, polly: Synthesizer, tmp_path: Path, left: int, instead: bytes
) -> None:
    sound = voice.sound("Hello", "alaw")
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    file.write_bytes(content[:left].ljust(len(content), instead) if instead else content[:left])
    assert VoiceCache(polly, tmp_path).sound("Hello", "alaw") == sound
    assert polly.asked == ["Hello", "Hello"]


def test_a_failure_is_everybody_s_who_waits_and_is_tried_again(voice: VoiceCache, polly: Synthesizer) -> None:
    polly.away = True
    polly.may_answer.clear()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(voice.sound, "Hello", "alaw") for _ in range(2)]
        polly.may_answer.set()
    assert all(isinstance(waited.exception(), CloudUnavailable) for waited in waiting)
    polly.away = False
    assert voice.sound("Hello", "alaw").startswith(b"Hello")


def test_a_folder_that_cannot_be_written_costs_only_the_keeping(polly: Synthesizer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    voice = VoiceCache(polly, tmp_path / "file" / "voice")
    assert voice.sound("Hello", "alaw") == voice.sound("Hello", "alaw")
    assert polly.asked == ["Hello"]
