"""What all jobs share: the settings they go by, and the ways out to AWS and to the disk."""

from dataclasses import dataclass
from datetime import timedelta

from worker.clock import AwsClock
from worker.cloud.analysis import Analyst
from worker.cloud.photos import Photos
from worker.cloud.records import Records
from worker.observer import NOBODY, Observer
from worker.phrases import Phrases
from worker.spool import Spool
from worker.voice import Voice


@dataclass(frozen=True)
class Rules:
    """The settings that a job goes by."""

    worker: str
    analyses: frozenset[str]
    min_confidence: float
    speaks: bool
    max_command_age: timedelta
    max_speech_age: timedelta
    retention: timedelta


@dataclass(frozen=True)
class Desk:
    """The adapters are passed in, so a test can pass others."""

    rules: Rules
    records: Records
    photos: Photos
    analyst: Analyst
    voice: Voice
    phrases: Phrases
    spool: Spool
    clock: AwsClock
    observer: Observer = NOBODY
