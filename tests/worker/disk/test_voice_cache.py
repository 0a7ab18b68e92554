from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Lock

import pytest

from worker.disk.voice_cache import MAX_MEMORY_BYTES, Source, VoiceCache
from worker.disk.voice_folder import CHECKSUM_BYTES
from worker.domain.errors import CloudUnavailable
from worker.domain.sound import AudioFormat, join
from worker.domain.speech_text import SpeechText

LONG = 20.0
COUNT, MOOD = "I see 4 people.", "The most common look is happy."
GROUP = f"{COUNT} {MOOD}"


class Synthesizer:
    """Speaks by writing down; `away` makes it fail, `may_answer` holds its answers up."""

    def __init__(self, voice: str = "Joanna") -> None:
        self.voice = voice
        self.asked: list[str] = []
        self.away = False
        self.may_answer = Event()
        self.may_answer.set()
        self._lock = Lock()

    def identity(self, what: SpeechText) -> tuple[str, ...]:
        return (what.voice or self.voice, *(["ssml"] if what.ssml else []))

    def synthesize(self, what: SpeechText, audio_format: AudioFormat) -> bytes:
        with self._lock:
            self.asked.append(what.text)
        assert self.may_answer.wait(LONG)
        if self.away:
            raise CloudUnavailable("away")
        return f"{what.text} in {audio_format} by {self.identity(what)}".encode()


@pytest.fixture
def polly() -> Synthesizer:
    return Synthesizer()


@pytest.fixture
def heard() -> list[Source]:
    return []


@pytest.fixture
def voice(polly: Synthesizer, tmp_path: Path, heard: list[Source]) -> VoiceCache:
    return VoiceCache(polly, tmp_path, heard.append)


def files(folder: Path) -> Iterator[Path]:
    return folder.glob("*.*law")


def test_a_sentence_is_asked_for_once(voice: VoiceCache, polly: Synthesizer, heard: list[Source]) -> None:
    assert voice.sound("Hello", "alaw") == voice.sound(" Hello\n", "alaw")
    assert (polly.asked, heard) == (["Hello"], ["polly", "kept"])


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
    sentences = ["a" * (MAX_MEMORY_BYTES // 3), "b" * (MAX_MEMORY_BYTES // 3), "c" * (MAX_MEMORY_BYTES // 3)]
    for sentence in sentences * 2:
        voice.sound(sentence, "alaw")
    assert polly.asked == sentences


def test_whatever_shapes_the_sound_makes_it_another_one(polly: Synthesizer, tmp_path: Path) -> None:
    voice = VoiceCache(polly, tmp_path)
    sounds = {
        voice.sound("Hello", "alaw"),
        voice.sound("Hello", "mulaw"),
        voice.sound("Good-bye", "alaw"),
        voice.spoken(SpeechText("Hello", voice="Matthew"), "alaw"),
        voice.spoken(SpeechText("Hello", ssml=True), "alaw"),
    }
    assert len(sounds) == len(list(files(tmp_path))) == 5


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
    (file,) = files(tmp_path)
    content = file.read_bytes()
    file.write_bytes(content[:left].ljust(len(content), instead) if instead else content[:left])
    restarted = VoiceCache(polly, tmp_path)
    assert not restarted.has("Hello", "alaw")
    assert restarted.sound("Hello", "alaw") == sound
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
    voice.fetch("Good-bye", "alaw")
    assert voice.has("Good-bye", "alaw")
    assert not voice.keeps
    assert polly.asked == ["Hello", "Good-bye"]


class TestATextOfSeveralSentences:
    def test_is_joined_where_all_are_there(
        self, voice: VoiceCache, polly: Synthesizer, tmp_path: Path, heard: list[Source]
    ) -> None:
        voice.fetch(COUNT, "alaw")
        voice.fetch(MOOD, "alaw")
        joined = join([voice.sound(COUNT, "alaw"), voice.sound(MOOD, "alaw")], "alaw")
        polly.away = True
        assert voice.sound(GROUP, "alaw") == VoiceCache(polly, tmp_path).sound(GROUP, "alaw") == joined
        assert (polly.asked, heard) == ([COUNT, MOOD], ["kept", "kept", "joined"])

    @pytest.mark.parametrize("there", [(), (COUNT,), (MOOD,)])
    def test_is_asked_for_as_one_where_a_sentence_is_missing(
        self, voice: VoiceCache, polly: Synthesizer, there: tuple[str, ...]
    ) -> None:
        for part in there:
            voice.fetch(part, "alaw")
        assert voice.sound(GROUP, "alaw") == voice.sound(GROUP, "alaw") == f"{GROUP} in alaw by ('Joanna',)".encode()
        assert polly.asked == [*there, GROUP]

    def test_is_asked_for_as_one_where_a_sentence_is_damaged(
        self, voice: VoiceCache, polly: Synthesizer, tmp_path: Path
    ) -> None:
        voice.fetch(COUNT, "alaw")
        [file] = files(tmp_path)
        file.write_bytes(b"torn")
        voice.fetch(MOOD, "alaw")
        voice.sound(GROUP, "alaw")
        voice.fetch(COUNT, "alaw")
        assert polly.asked == [COUNT, MOOD, GROUP, COUNT]

    def test_is_of_one_format(self, voice: VoiceCache, polly: Synthesizer) -> None:
        for part in (COUNT, MOOD):
            voice.fetch(part, "alaw")
        voice.sound(GROUP, "mulaw")
        assert polly.asked == [COUNT, MOOD, GROUP]

    def test_is_one_piece_where_somebody_wants_it_said(self, voice: VoiceCache, polly: Synthesizer) -> None:
        for part in (COUNT, MOOD):
            voice.fetch(part, "alaw")
        voice.spoken(SpeechText(GROUP), "alaw")
        voice.spoken(SpeechText(GROUP), "alaw")
        assert polly.asked == [COUNT, MOOD, GROUP]


def test_what_is_there_is_not_fetched(voice: VoiceCache, polly: Synthesizer) -> None:
    voice.sound("Hello", "alaw")
    voice.fetch("Hello", "alaw")
    assert polly.asked == ["Hello"]
