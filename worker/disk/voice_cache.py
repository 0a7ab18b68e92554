"""The voice cache: Polly is asked once per sentence, ever."""

import hashlib
import zlib
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from typing import Protocol

import structlog

from worker.disk.atomic import write_atomically
from worker.domain.sound import AudioFormat
from worker.domain.speech_text import SpeechText

MAX_KEPT_IN_MEMORY = 64
WAIT_SECONDS = 15
CHECKSUM_BYTES = 4
"""At the end of each file: a power cut may tear one, and the voice must not wait until an SD card has taken it in."""

log = structlog.get_logger(__name__)


class Synthesizer(Protocol):
    def identity(self, what: SpeechText) -> tuple[str, ...]: ...

    def synthesize(self, what: SpeechText, audio_format: AudioFormat) -> bytes: ...


class VoiceCache:
    """Sentences as sound, from memory, from `folder`, or from the synthesizer; safe to use from many threads."""

    def __init__(self, synthesizer: Synthesizer, folder: Path) -> None:
        self._synthesizer = synthesizer
        self._folder = folder
        self._sounds: dict[Path, Future[bytes]] = {}
        # Guards _sounds: two presses with the same new sentence ask Polly once.
        self._lock = Lock()

    def sound(self, text: str, audio_format: AudioFormat) -> bytes:
        """Headerless 8 kHz G.711. Raises what the synthesizer raises, and then asks it again the next time."""
        return self.spoken(SpeechText(text), audio_format)

    def spoken(self, what: SpeechText, audio_format: AudioFormat) -> bytes:
        """As `sound`, in one piece."""
        path = self._path(what, audio_format)
        with self._lock:
            future = self._sounds.get(path)
            mine = future is None
            if future is None:
                future = self._sounds[path] = Future()
                self._forget_oldest()
        if mine:
            self._settle(future, path, what, audio_format)
        return future.result(timeout=WAIT_SECONDS)

    def learn(self, sentences: Iterable[str], audio_format: AudioFormat) -> None:
        """Have `sentences` ready before anybody presses. Raises what the synthesizer raises."""
        for sentence in sentences:
            self.sound(sentence, audio_format)

    def _settle(self, future: Future[bytes], path: Path, what: SpeechText, audio_format: AudioFormat) -> None:
        try:
            future.set_result(self._from_disk(path) or self._synthesized(path, what, audio_format))
        except BaseException as error:  # noqa: BLE001 - everybody who waits for this sentence gets it
            with self._lock:
                self._sounds.pop(path, None)
            future.set_exception(error)

    def _from_disk(self, path: Path) -> bytes | None:
        try:
            content = path.read_bytes()
        except OSError:
            return None
        sound, checksum = content[:-CHECKSUM_BYTES], content[-CHECKSUM_BYTES:]
        return sound if sound and checksum == _checksum(sound) else None

    def _synthesized(self, path: Path, what: SpeechText, audio_format: AudioFormat) -> bytes:
        sound = self._synthesizer.synthesize(what, audio_format)
        try:
            write_atomically(path, sound + _checksum(sound))
        except OSError as error:
            log.warning(
                "a sentence could not be kept, Polly is asked again after a restart",
                action="sentence_not_kept",
                error=str(error),
            )
        return sound

    def _path(self, what: SpeechText, audio_format: AudioFormat) -> Path:
        shape = "\0".join((*self._synthesizer.identity(what), audio_format, what.text))
        return self._folder / f"{hashlib.sha256(shape.encode()).hexdigest()}.{audio_format}"

    def _forget_oldest(self) -> None:
        while len(self._sounds) > MAX_KEPT_IN_MEMORY:
            self._sounds.pop(next(iter(self._sounds)))


def _checksum(sound: bytes) -> bytes:
    return zlib.crc32(sound).to_bytes(CHECKSUM_BYTES)
