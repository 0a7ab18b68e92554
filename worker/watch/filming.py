"""A watch, told in one short function; what it needs from outside is passed in."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from worker.domain.audience import Audience, observe
from worker.domain.audience_face import AudienceFace
from worker.domain.bucket import Bucket, bucket_item, collect
from worker.domain.errors import (
    CameraError,
    CameraRefused,
    CameraUnsupported,
    CloudError,
    CloudRefused,
)
from worker.domain.ports import Analyst, Clock, Observer, Watches
from worker.domain.record import Attributes
from worker.domain.section import Rules
from worker.domain.stillness import repeats
from worker.domain.timestamp import iso
from worker.domain.watch import EndReason, Watch, WatchStatus
from worker.domain.watch_budget import affordable, dollars
from worker.domain.watch_state import baseline_item
from worker.domain.watch_summary import summarise
from worker.watch.grey import small_grey
from worker.watch.hold import Hold

MAX_REFUSED = 3
"""DetectFaces refusals in a row: one photo may be odd, but then it is the account."""
MAX_UNWRITTEN = 6
"""Buckets that wait for a table that does not answer; the lease is over sooner."""

log = structlog.get_logger(__name__)


def film(filming: "Filming") -> EndReason:
    """The watch, from this holder's first frame to its end.

    Raises:
        LeaseLost: another worker goes on with it.
        CloudError: its end could not be written.
    """
    while (reason := filming.end_reason) is None:
        filming.look()
        filming.write_down()
        filming.wait()
    filming.end(reason)
    return reason


class Skipped(Exception):
    """There is no frame this time: somebody pressed."""


@dataclass(frozen=True)
class Watching:
    """The settings of a watch."""

    seconds: float
    """From one frame to the next."""
    max_dollars: float
    rules: Rules
    lease: timedelta


@dataclass(frozen=True)
class _Seen:
    """The frame that was analysed last."""

    grey: bytes
    faces: tuple[AudienceFace, ...]
    at: float


@dataclass(eq=False, kw_only=True)
class Filming:
    """One holder's part of a watch. Frames are looked at one after the other: a slow answer drops the next.

    Args:
        eyes: Gives a frame, a JPEG. Raises CameraError, and Skipped.
        calls: How many DetectFaces calls the watch has made so far, whoever held it.
    """

    watch: Watch
    attempt: str
    hold: Hold
    audience: Audience
    calls: int
    terms: Watching
    eyes: Callable[[], bytes]
    analyst: Analyst
    watches: Watches
    clock: Clock
    observer: Observer
    monotonic: Callable[[], float] = time.monotonic
    _bucket: Bucket | None = None
    _seen: _Seen | None = None
    _unwritten: deque[Attributes] = field(default_factory=lambda: deque(maxlen=MAX_UNWRITTEN))
    _spent: bool = False
    _failure: str | None = None
    _refusals: int = 0
    _trouble: str | None = None

    def __post_init__(self) -> None:
        # AWS's clock may be corrected under way, and a bucket must not be gone back to.
        self._epoch = self.clock.now().timestamp() - self.monotonic()
        self._next = self.monotonic()

    @property
    def end_reason(self) -> EndReason | None:
        """Why it is over; None while it goes on."""
        if self.hold.stopped:
            return EndReason.STOPPED
        if self._failure is not None:
            return EndReason.FAILED
        if self._spent:
            return EndReason.BUDGET
        return EndReason.TIME if self._now >= self.watch.ends_at.timestamp() else None

    def look(self) -> None:
        """A frame, unless it is not yet time for one, or a press goes first."""
        if self.monotonic() < self._next:
            return
        began = self.monotonic()
        try:
            faces = self._faces()
        except Skipped:
            log.debug("no frame: somebody pressed", action="frame_skipped")
        except (CameraRefused, CameraUnsupported) as error:
            self._failure = str(error)
        except (CameraError, CloudError) as error:
            self._miss(error)
        else:
            if faces is not None:
                self._measure(faces, began)

    def write_down(self) -> None:
        """Every bucket that is over. Raises LeaseLost; a table that does not answer is asked again."""
        if self._bucket is not None and self._now >= self._bucket.end:
            self._close(self._bucket)
            self._bucket = None
        try:
            self._write()
        except CloudError as error:
            self._tell(error)

    def wait(self) -> None:
        """For the next frame, or until a bucket is over. Raises LeaseLost."""
        while self._next <= self.monotonic():
            # What a slow answer has cost is dropped, never made up for.
            self._next += self.terms.seconds
        ends = [self._next, self.watch.ends_at.timestamp() - self._epoch]
        if self._bucket is not None:
            ends.append(self._bucket.end - self._epoch)
        self.hold.wait_until(min(ends))

    def end(self, reason: EndReason) -> None:
        """Write the watch's last word. Raises CloudError, LeaseLost."""
        if self._bucket is not None:
            self._close(self._bucket)
            self._bucket = None
        self._write()
        now = self.clock.now()
        buckets = self.watches.buckets(self.watch.camera, self.watch.started_at - timedelta(seconds=10), now)
        seconds = (now - self.watch.started_at).total_seconds()
        summary = summarise((one for one in buckets if one["watch"] == self.watch.capture_id), seconds, self.calls)
        last = {
            "status": WatchStatus.ENDED,
            "ended_at": iso(now),
            "end_reason": reason,
            "summary": summary,
            **self._spending,
            **({"error": self._failure} if self._failure is not None else {}),
        }
        self.hold.check()
        self.watches.write(self.watch, self.attempt, last)

    def fail(self, error: Exception) -> None:
        """It cannot go on, and says why."""
        self._failure = str(error) or type(error).__name__

    @property
    def _now(self) -> float:
        """Epoch seconds."""
        return self._epoch + self.monotonic()

    @property
    def _spending(self) -> Mapping[str, Any]:
        return {"calls": self.calls, "dollars": dollars(self.calls)}

    def _faces(self) -> tuple[AudienceFace, ...] | None:
        """What is seen now; None once there is no money left."""
        photo = self.eyes()
        grey, at = small_grey(photo), self._now
        if self._seen is not None and repeats(self._seen.grey, grey, at - self._seen.at):
            return self._seen.faces
        if not affordable(self.calls, self.terms.max_dollars):
            self._spent = True
            return None
        self.hold.check()
        # Before it is made: one whose answer is lost may be charged, too.
        self.calls += 1
        faces = self.analyst.audience(photo)
        self._seen, self._refusals = _Seen(grey, faces, at), 0
        return faces

    def _measure(self, faces: tuple[AudienceFace, ...], began: float) -> None:
        self.audience, frame = observe(self.audience, faces, self._now, self.terms.rules)
        self._bucket, over = collect(self._bucket, frame)
        if over is not None:
            self._close(over)
        self.observer.watched(self.watch.camera, frame, self.monotonic() - began, self.calls)
        if self._trouble is not None:
            log.info("the audience is seen again", action="watch_recovered")
            self._trouble = None

    def _miss(self, error: Exception) -> None:
        """A frame is lost, and the gap is a gap."""
        self._tell(error)
        if isinstance(error, CloudRefused):
            self._refusals += 1
            if self._refusals >= MAX_REFUSED:
                self._failure = str(error)

    def _tell(self, error: Exception) -> None:
        """Once a trouble, not once a frame."""
        kind = type(error).__name__
        if kind != self._trouble:
            message = "a frame of the watch is missing; it goes on"
            log.warning(message, action="watch_gap", error=str(error))
        self._trouble = kind

    def _close(self, bucket: Bucket) -> None:
        self._unwritten.append(
            bucket_item(bucket, self.watch.camera, self.watch.capture_id, self.terms.rules.min_faces)
        )

    def _write(self) -> None:
        """The watch's own item first: only its holder can, and then the bucket is the holder's."""
        while self._unwritten:
            self.hold.check()
            told = {**self._spending, "baseline": baseline_item(self.audience)}
            lease_until = iso(self.clock.now() + self.terms.lease)
            self.watches.write(self.watch, self.attempt, {**told, "lease_until": lease_until})
            if not self.watches.keep(self._unwritten[0]):
                log.info("this bucket was written before", action="bucket_there")
            self._unwritten.popleft()
