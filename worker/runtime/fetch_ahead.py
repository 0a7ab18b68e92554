"""Polly is asked for what can come to be said before anybody presses."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

import structlog

from worker.domain.errors import CloudError, CloudRefused
from worker.domain.sentences import ExpectedTexts, later_parts, soon_parts
from worker.domain.sound import AudioFormat

SOON_PAUSE_SECONDS = 0.1
"""After each call. Polly takes 8 a second of a neural voice, those of presses among them."""
LATER_PAUSE_SECONDS = 15
"""The same for what only a crowd hears: an idle worker uses next to no CPU."""
BUSY_LOOK_SECONDS = 0.5
"""How soon it is noticed that no press is in work any more."""
FIRST_DELAY_SECONDS, LAST_DELAY_SECONDS = 15, 3600
"""After a failure; they double."""
TAKEN_SECONDS = 1
"""How soon it is noticed that another worker, which shares the folder, has ended its call."""
RECHECK_SECONDS = 3600
"""What is damaged or gone by then is fetched again."""
MAX_REFUSALS = 3
"""One sentence that Polly refuses is passed over; three are no accident."""

log = structlog.get_logger(__name__)


class Voice(Protocol):
    """Where sentences are kept; `VoiceCache` is one."""

    @property
    def keeps(self) -> bool: ...

    def has(self, part: str, audio_format: AudioFormat) -> bool: ...

    def fetch(self, part: str, audio_format: AudioFormat) -> None:
        """Raises CloudError or TimeoutError."""

    def alone(self) -> AbstractContextManager[bool]:
        """Whether no other worker is asking for a sentence to put there, for the body of the `with`."""


class _Ended(Exception):
    """Nothing more is to be fetched."""


@dataclass
class FetchAhead:
    """`busy` tells whether a press is in work: no call begins then. All parts are fetched in each of `formats`."""

    texts: ExpectedTexts
    voice: Voice
    formats: Sequence[AudioFormat]
    busy: Callable[[], bool]
    _failures: int = field(default=0, init=False)
    _refused: dict[str, CloudRefused] = field(default_factory=dict, init=False)
    """By part, of this round."""
    _told_ready: bool = field(default=False, init=False)
    _told_complete: bool = field(default=False, init=False)

    def keep_fetching(self, stopping: Event) -> None:
        """Until `stopping` is set, or what comes cannot be kept: it would be asked for again and again."""
        with suppress(_Ended):
            while True:
                _wait(self._round(stopping), stopping)

    def _round(self, stopping: Event) -> float:
        """Once through all that is expected; the seconds until the next."""
        try:
            self._fetch_all(stopping)
        except (CloudError, TimeoutError) as error:
            return self._postponed(error)
        self._failures = 0
        return RECHECK_SECONDS

    def _fetch_all(self, stopping: Event) -> None:
        self._refused.clear()
        self._fetch(soon_parts(self.texts), SOON_PAUSE_SECONDS, stopping)
        if not self._told_ready:
            log.info("the voice is ready", action="voice_ready")
            self._told_ready = True
        for part in later_parts(self.texts):
            self._end_unless_kept()
            self._fetch([part], LATER_PAUSE_SECONDS, stopping)
        self._end_unless_kept()
        if not self._told_complete:
            log.info("all sentences that are expected were fetched", action="voice_complete")
            self._told_complete = True
        for part, error in self._refused.items():
            log.warning("Polly does not say this", action="sentence_refused", sentence=part, error=str(error))

    def _fetch(self, parts: Sequence[str], pause_seconds: float, stopping: Event) -> None:
        """Those that are missing, each followed by a pause."""
        for audio_format in self.formats:
            for part in parts:
                while not self.voice.has(part, audio_format):
                    if self._fetched_alone(part, audio_format, stopping):
                        _wait(pause_seconds, stopping)
                        break
                    _wait(TAKEN_SECONDS, stopping)

    def _fetched_alone(self, part: str, audio_format: AudioFormat, stopping: Event) -> bool:
        """Whether it was this worker's turn to ask for `part`, of all that share the folder."""
        while stopping.is_set() or self.busy():
            _wait(BUSY_LOOK_SECONDS, stopping)
        with self.voice.alone() as alone:
            if alone:
                self._ask(part, audio_format)
            return alone

    def _ask(self, part: str, audio_format: AudioFormat) -> None:
        try:
            self.voice.fetch(part, audio_format)
        except CloudRefused as error:
            self._refused[part] = error
            if len(self._refused) >= MAX_REFUSALS:
                raise

    def _end_unless_kept(self) -> None:
        if not self.voice.keeps:
            raise _Ended

    def _postponed(self, error: Exception) -> int:
        """The seconds until the next round; told once, however often it fails."""
        delay: int = min(FIRST_DELAY_SECONDS * 2 ** min(self._failures, 16), LAST_DELAY_SECONDS)
        tell = log.debug if self._failures else log.warning
        tell(
            "Polly is not ready, sentences are fetched when they are needed",
            action="voice_not_ready",
            error=str(error),
            next_try_in=delay,
        )
        self._failures += 1
        return delay


def _wait(seconds: float, stopping: Event) -> None:
    """Raises _Ended when `stopping` is set."""
    if stopping.wait(seconds):
        raise _Ended
