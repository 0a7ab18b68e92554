"""What all jobs share: the settings they go by, and the ways out to AWS and to the disk."""

from dataclasses import dataclass
from datetime import timedelta

from worker.domain.phrases import Phrases
from worker.domain.ports import Analyst, Clock, Observer, Photos, Records, Spool, Voice, Watches
from worker.domain.sections import Grid


@dataclass(frozen=True)
class WatchTerms:
    """What a watch is to be, where it may be started."""

    minutes: int
    grid: Grid
    announced: bool


@dataclass(frozen=True)
class JobSettings:
    """The settings that a job goes by."""

    worker: str
    analyses: frozenset[str]
    min_confidence: float
    speaks: bool
    allows_say: bool
    max_command_age: timedelta
    max_speech_age: timedelta
    retention: timedelta | None
    """How long records are kept; None is for ever."""
    video_seconds: float
    video_before_seconds: float
    video_look_seconds: float
    """0: no picture of a clip is looked at."""
    watch: WatchTerms | None
    """None with WATCH=off."""


@dataclass(frozen=True)
class Services:
    """The adapters are passed in, so a test can pass others."""

    settings: JobSettings
    records: Records
    photos: Photos
    watches: Watches
    analyst: Analyst
    voice: Voice
    phrases: Phrases
    spool: Spool
    clock: Clock
    observer: Observer
