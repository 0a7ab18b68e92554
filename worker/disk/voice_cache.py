"""The voice cache: Polly is asked once per sentence, ever, and joined sentences are asked for by their parts."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import Literal, Protocol

import structlog

from worker.disk.voice_folder import VoiceFolder
from worker.domain.sentences import parts
from worker.domain.sound import AudioFormat, join
from worker.domain.speech_text import SpeechText

MAX_MEMORY_BYTES = 1_000_000
"""Some eighty sentences."""
WAIT_SECONDS = 15
VOICE_FOLDER = "voice"
"""In DATA_DIR."""

Source = Literal["kept", "joined", "polly"]
"""Where a sound came from: memory or folder; its parts, which were there; or Polly, which takes a while."""

log = structlog.get_logger(__name__)


class Synthesizer(Protocol):
    def identity(self, what: SpeechText) -> tuple[str, ...]:
        """What shapes the sound besides text and format."""

    def synthesize(self, what: SpeechText, audio_format: AudioFormat) -> bytes: ...


def _unobserved(_source: Source) -> None:
    """Nobody counts."""


class VoiceCache:
    """Sentences as sound, from memory, from `folder`, or from the synthesizer; safe to use from many threads."""

    def __init__(
        self, synthesizer: Synthesizer, folder: Path, on_sound: Callable[[Source], None] = _unobserved
    ) -> None:
        self._synthesizer = synthesizer
        self._folder = VoiceFolder(folder)
        self._on_sound = on_sound
        self._memory = _Memory()
        self._asked: dict[str, Future[bytes]] = {}
        # Guards _asked: two presses with the same new sentence ask Polly once.
        self._lock = Lock()
        self._keeps = True

    def sound(self, text: str, audio_format: AudioFormat) -> bytes:
        """Headerless 8 kHz G.711. Raises what the synthesizer raises, and then asks it again the next time.

        Where all parts of a new text are there, nothing is asked: they are joined.
        """
        return self._sound(SpeechText(text.strip()), parts(text), audio_format)

    def spoken(self, what: SpeechText, audio_format: AudioFormat) -> bytes:
        """As `sound`, in one piece."""
        return self._sound(what, (), audio_format)

    def fetch(self, part: str, audio_format: AudioFormat) -> None:
        """Have `part` ready before it is needed. Raises what the synthesizer raises."""
        what = SpeechText(part)
        self._fetched(self._name(what, audio_format), what, audio_format)

    def has(self, part: str, audio_format: AudioFormat) -> bool:
        """Whether `part` is ready, whole and undamaged; it does not count as used."""
        return self._found(self._name(SpeechText(part), audio_format)) is not None

    @property
    def keeps(self) -> bool:
        """Whether the last sound that came could be kept in the folder."""
        return self._keeps

    def alone(self) -> AbstractContextManager[bool]:
        """Whether no other worker is asking for a sentence to put into this folder, for the body of the `with`."""
        return self._folder.alone()

    def _sound(self, what: SpeechText, pieces: tuple[str, ...], audio_format: AudioFormat) -> bytes:
        name = self._name(what, audio_format)
        if (sound := self._kept(name)) is not None:
            self._on_sound("kept")
            return sound
        if len(pieces) > 1 and None not in (sounds := list(self._kept_parts(pieces, audio_format))):
            self._on_sound("joined")
            return join([sound for sound in sounds if sound is not None], audio_format)
        self._on_sound("polly")
        sound = self._fetched(name, what, audio_format)
        self._memory.put(name, sound)
        return sound

    def _kept_parts(self, pieces: tuple[str, ...], audio_format: AudioFormat) -> Iterator[bytes | None]:
        for piece in pieces:
            yield self._kept(self._name(SpeechText(piece), audio_format))

    def _kept(self, name: str) -> bytes | None:
        sound = self._found(name)
        if sound is not None:
            self._memory.put(name, sound)
            self._folder.note_use(name)
        return sound

    def _found(self, name: str) -> bytes | None:
        sound = self._memory.get(name)
        return self._folder.read(name) if sound is None else sound

    def _fetched(self, name: str, what: SpeechText, audio_format: AudioFormat) -> bytes:
        with self._lock:
            future = self._asked.get(name)
            mine = future is None
            if future is None:
                future = self._asked[name] = Future()
        if mine:
            self._settle(future, name, what, audio_format)
        return future.result(timeout=WAIT_SECONDS)

    def _settle(self, future: Future[bytes], name: str, what: SpeechText, audio_format: AudioFormat) -> None:
        try:
            # Once more: it may have come since this caller looked, and been asked for by nobody any longer.
            sound = self._found(name) or self._asked_for(name, what, audio_format)
        except BaseException as error:  # noqa: BLE001 - everybody who waits for this sentence gets it
            future.set_exception(error)
        else:
            future.set_result(sound)
        finally:
            with self._lock:
                del self._asked[name]

    def _asked_for(self, name: str, what: SpeechText, audio_format: AudioFormat) -> bytes:
        sound = self._synthesizer.synthesize(what, audio_format)
        self._keep(name, sound)
        if not self._keeps:
            self._memory.put(name, sound)
        return sound

    def _keep(self, name: str, sound: bytes) -> None:
        kept_before = self._keeps
        try:
            self._folder.write(name, sound)
            self._keeps = True
        except OSError as error:
            self._keeps = False
            if kept_before:
                log.warning(
                    "sentences cannot be kept, Polly is asked again after a restart",
                    action="sentence_not_kept",
                    error=str(error),
                )

    def _name(self, what: SpeechText, audio_format: AudioFormat) -> str:
        shape = "\0".join((*self._synthesizer.identity(what), audio_format, what.text))
        return f"{hashlib.sha256(shape.encode()).hexdigest()}.{audio_format}"


class _Memory:
    """Sounds by name, the last used up to MAX_MEMORY_BYTES; safe to use from many threads."""

    def __init__(self) -> None:
        self._sounds: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        # Guards both.
        self._lock = Lock()

    def get(self, name: str) -> bytes | None:
        with self._lock:
            if name in self._sounds:
                self._sounds.move_to_end(name)
            return self._sounds.get(name)

    def put(self, name: str, sound: bytes) -> None:
        with self._lock:
            self._bytes += len(sound) - len(self._sounds.pop(name, b""))
            self._sounds[name] = sound
            while self._bytes > MAX_MEMORY_BYTES:
                self._bytes -= len(self._sounds.popitem(last=False)[1])
