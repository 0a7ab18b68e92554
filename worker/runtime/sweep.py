"""The spool is swept every few minutes: no photo and no clip is lost, and none is kept longer than it must be."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event

import structlog

from worker.domain.errors import ClaimRefused, LeaseLost
from worker.domain.photo import SpoolFolder, SpoolNote
from worker.domain.press import Press
from worker.domain.record import Attributes
from worker.domain.spooled import Next, comes_back_by, decide
from worker.job.ready_clip import Finish
from worker.job.services import Services
from worker.runtime.recovery import NotTried, Recovery

INTERVAL_SECONDS = 120
LONGEST_PAUSE = timedelta(hours=2)
"""Between two tries for one photo; they begin with the interval and double."""
ROUND_TRIP = timedelta(seconds=30)
"""More than a long poll takes from its question to its answer: what was visible before that, it would have brought."""
BROKEN_KEPT_FOR = timedelta(days=1)
MAX_SPOOL_BYTES = 500_000_000
MAX_SPOOL_PHOTOS = 1000

TOO_OLD = "it is older than RETENTION_DAYS, or than a message can be"
_NOTHING_DONE = {Next.WAIT.value, "in_hand", "broken"}

log = structlog.get_logger(__name__)


@dataclass
class _Turn:
    """What is remembered of one photo between two rounds; a restart begins anew."""

    idle_since: datetime | None = None
    failures: int = 0
    not_before: datetime | None = None


@dataclass
class Sweeper:
    """`in_hand` tells whether a press is being worked on here; `lease` is how long an attempt may hold a press.

    `finish` is any camera's `Recorder.finish`.
    """

    services: Services
    in_hand: Callable[[Press], bool]
    lease: timedelta
    finish: Finish | None = None
    _empty_at: datetime | None = field(default=None, init=False)
    _turns: dict[str, _Turn] = field(default_factory=dict, init=False)
    _recovery: Recovery = field(init=False)

    def __post_init__(self) -> None:
        self._recovery = Recovery(self.services, self.lease, self.finish)

    def note_empty_queue(self) -> None:
        """A poll has just been answered, and there was no message for us."""
        self._empty_at = self.services.clock.now() - ROUND_TRIP

    def keep_sweeping(self, stopping: Event) -> None:
        """Now, and every few minutes until `stopping` is set, whatever a round ends in."""
        while True:
            try:
                self.sweep()
            except Exception:
                log.exception("the spool could not be swept, trying again", action="sweep_failed")
            if stopping.wait(INTERVAL_SECONDS):
                return

    def sweep(self) -> None:
        """Once through the spool, and a line in the log about it if anything was done or could not be done."""
        self._recovery.begin()
        folders = self._folders()
        self._turns = {folder.name: self._turns.get(folder.name, _Turn()) for folder in folders}
        report = _Report()
        for folder in folders:
            with report.of(folder, on_failure=self._postpone):
                report.count(self._take_turn(folder))
        for folder in self._too_much():
            with report.of(folder, on_failure=self._postpone):
                report.count(self._give_up_for_room(folder))
        report.log()

    def _folders(self) -> list[SpoolFolder]:
        """Oldest first."""
        return sorted(self.services.spool.folders(), key=_age)

    def _take_turn(self, folder: SpoolFolder) -> str:
        """What became of it, in a word."""
        now, turn = self.services.clock.now(), self._turns[folder.name]
        if turn.not_before is not None and now < turn.not_before:
            return Next.WAIT.value
        if folder.note is None:
            return self._keep_broken(folder, now)
        if self.in_hand(folder.note.press):
            self._turns[folder.name] = _Turn()
            return "in_hand"
        try:
            return self._bring_home(folder, folder.note, turn, now)
        except NotTried:
            return Next.WAIT.value
        except (ClaimRefused, LeaseLost):
            return "taken_up_elsewhere"

    def _bring_home(self, folder: SpoolFolder, note: SpoolNote, turn: _Turn, now: datetime) -> str:
        record = self._recovery.record_of(note.press)
        may_come_back = partial(self._may_come_back, note, record, turn, now)
        step = decide(note, record, now, self.services.settings.retention, may_come_back)
        match step:
            case Next.CLEAR:
                self.services.spool.remove(folder)
            case Next.STORE:
                self._recovery.store(folder, note, record or {})
            case Next.FAIL:
                self._recovery.fail(folder, note)
            case Next.ERASE:
                self._recovery.erase(folder, note)
            case Next.GIVE_UP:
                self._recovery.give_up(folder, note, TOO_OLD)
            case Next.DISCARD:
                self._recovery.discard(folder, TOO_OLD)
            case Next.WAIT:
                pass
        return step.value

    def _may_come_back(self, note: SpoolNote, record: Attributes | None, turn: _Turn, now: datetime) -> bool:
        """Until a poll that began after its message had to be visible brought nothing."""
        if self._empty_at is None:
            return True
        turn.idle_since = turn.idle_since or now
        return self._empty_at < comes_back_by(note, record, turn.idle_since, self.lease)

    def _keep_broken(self, folder: SpoolFolder, now: datetime) -> str:
        """Nobody knows whose it is: it is kept for a while in case it can be read again, and not for ever."""
        if now - folder.changed_at < BROKEN_KEPT_FOR:
            return "broken"
        self._recovery.discard(folder, "its press.json cannot be read: nobody knows any more whose it is")
        return Next.DISCARD.value

    def _too_much(self) -> Iterator[SpoolFolder]:
        """The oldest, until the rest is within the limits. What is in hand stays."""
        folders = self._folders()
        count, size = len(folders), sum(folder.size for folder in folders)
        for folder in folders:
            if count <= MAX_SPOOL_PHOTOS and size <= MAX_SPOOL_BYTES:
                return
            if folder.note is not None and self.in_hand(folder.note.press):
                continue
            count, size = count - 1, size - folder.size
            yield folder

    def _give_up_for_room(self, folder: SpoolFolder) -> str:
        reason = f"the spool holds more than {MAX_SPOOL_BYTES // 1_000_000} MB or {MAX_SPOOL_PHOTOS} photos and clips"
        if folder.note is None:
            self._recovery.discard(folder, reason)
        else:
            self._recovery.give_up(folder, folder.note, reason)
        return Next.GIVE_UP.value

    def _postpone(self, folder: SpoolFolder) -> None:
        turn = self._turns.setdefault(folder.name, _Turn())
        pause = timedelta(seconds=INTERVAL_SECONDS) * 2 ** min(turn.failures, 16)
        turn.failures += 1
        turn.not_before = self.services.clock.now() + min(pause, LONGEST_PAUSE)


@dataclass
class _Report:
    """What became of the photos in one round."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)

    @contextmanager
    def of(self, folder: SpoolFolder, on_failure: Callable[[SpoolFolder], None]) -> Iterator[None]:
        """Whatever the body ends in costs this photo its turn, and no other."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a record of somebody else's, a disk that fails
            self.count("stuck")
            self.reasons.append(f"{folder.name}: {str(error) or 'nothing more is known'} ({type(error).__name__})")
            on_failure(folder)

    def count(self, outcome: str) -> None:
        self.counts[outcome] += 1

    def log(self) -> None:
        """One line, unless there is nothing to tell."""
        if self.reasons:
            event = "photos or clips stay in the spool, each is tried again later and later"
            log.warning(event, action="spool_swept", reason=self.reasons[0], **self.counts)
        elif self.counts.keys() - _NOTHING_DONE:
            log.info("what was in the spool is settled", action="spool_swept", **self.counts)


def _age(folder: SpoolFolder) -> datetime:
    return folder.note.press.pressed_at if folder.note else folder.changed_at
