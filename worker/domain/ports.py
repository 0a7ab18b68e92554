"""What a job needs from outside. The adapters in `camera`, `aws` and `disk` fit these, and so do the tests' fakes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from worker.domain.audience_face import AudienceFace
from worker.domain.clip import Clip, SpooledClip
from worker.domain.command import Message
from worker.domain.faces import Face
from worker.domain.photo import Snapshot, SpooledPhoto, SpoolFolder, StoredPhoto
from worker.domain.press import Press
from worker.domain.record import Attributes
from worker.domain.sound import AudioFormat, Played
from worker.domain.speech_text import SpeechText
from worker.domain.video import ClipWish, Recorded
from worker.domain.watch import Standing, Watch

if TYPE_CHECKING:
    # What measures an audience is imported by whoever watches one.
    from worker.domain.audience import Frame


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment by AWS's clock, in UTC."""


class Camera(Protocol):
    """All raise CameraError."""

    def photograph(self) -> Snapshot:
        """What it sees now. One at a time: overlapping snapshots fail or stall."""

    def nod(self) -> None:
        """Up and down, to show that the picture was taken."""

    def play(self, sound: bytes, audio_format: AudioFormat, on_start: Callable[[], None]) -> Played:
        """Play headerless 8 kHz G.711 in real time; `on_start` is called when the first byte is about to leave."""


class Recorder(Protocol):
    """Clips of one camera. All raise CameraError, and OSError where the disk does not take them."""

    def record(
        self,
        into: Path,
        wish: ClipWish,
        on_begin: Callable[[float], None],
        on_look: Callable[[float, bytes], None],
        cut: Callable[[], bool],
    ) -> Recorded:
        """Let a clip grow at `into`, playable at every moment but for its last second.

        `on_begin` gets how old the first picture is, in seconds, once there is one; `on_look` the second in the clip
        and a JPEG. Neither must take long. The clip ends early once `cut` says so, which is asked at least once a
        second. A stream that ends does not raise when there are pictures already.
        """

    def finish(self, grown: Path, into: Path) -> float:
        """Make of a clip that grew, be it torn, one that plays while it downloads; its seconds.

        Raises CameraFaulty where there is nothing to be seen in it.
        """


class Analyst(Protocol):
    """All but `expect_photo` raise CloudError."""

    def expect_photo(self) -> None:
        """A photo will come in a moment: whatever can be prepared may be prepared."""

    def faces(self, photo: bytes | StoredPhoto) -> tuple[Face, ...]:
        """Largest first."""

    def audience(self, photo: bytes) -> tuple[AudienceFace, ...]:
        """What an audience is measured by."""

    def labels(self, photo: bytes | StoredPhoto) -> tuple[Mapping[str, Any], ...]:
        """`name` and `confidence` (0..100) of what is in the photo."""

    def text(self, photo: bytes | StoredPhoto) -> tuple[Mapping[str, Any], ...]:
        """`text` and `confidence` (0..100) of each line."""


class Photos(Protocol):
    """Photos and clips by their key, where they are kept. All raise CloudError."""

    @property
    def bucket(self) -> str: ...

    def of(self, bucket: str) -> "Photos":
        """Those in another bucket."""

    def store(self, key: str, photo: bytes, taken_at: datetime) -> None: ...

    def find(self, key: str) -> tuple[bytes, datetime] | None:
        """The photo that another host may have stored, and when it was taken."""

    def store_clip(self, key: str, spooled: SpooledClip) -> None:
        """From the disk, a piece at a time. Raises OSError where it cannot be read."""

    def find_clip(self, key: str) -> Clip | None:
        """The clip that another host may have stored."""

    def has(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """Absent ones too, without an error."""


class Records(Protocol):
    """Every `write` requires that the attempt still holds the record. All raise CloudError."""

    @property
    def name(self) -> str:
        """Of the table."""

    def claim(self, press: Press, attempt: str, lease_until: datetime, now: datetime, fresh: Attributes) -> Attributes:
        """Take the press; what stood there before, or nothing. Raises ClaimRefused."""

    def write(self, press: Press, attempt: str, values: Attributes, remove: Iterable[str] = ()) -> None:
        """Set and remove attributes of a press that `attempt` holds. Raises LeaseLost."""

    def get(self, camera: str, capture_id: str) -> Attributes | None:
        """The record as it stands now, or None."""

    def leave_stub(self, press: Press, record: Attributes | None, expires_at: int, now: datetime) -> Attributes:
        """Make `record`, read before (None: there was none), a `forgotten` one that says where its photo or clip is.

        What stands there now. Raises LeaseLost: an attempt holds it, or has taken it up since it was read.
        """

    def empty_stub(self, press: Press, stub: Attributes) -> None:
        """Remove from a `forgotten` record what `leave_stub` has left. Nothing where it is gone."""

    def delete(self, press: Press, attempt: str | None) -> None:
        """Delete the record that `attempt` was the last to work on; one that is gone is a success. Raises LeaseLost."""


class Watches(Protocol):
    """What is known of watches, in the table. All raise CloudError."""

    def standing(self, camera: str) -> Standing:
        """Who watches the camera now."""

    def begin(self, watch: Watch) -> Standing | None:
        """Let it be the camera's watch, which nobody holds yet; or what stands against it: another one, or a stop."""

    def stop(self, camera: str, pressed_at: datetime) -> Standing:
        """Whatever was pressed until then is to end, and not to begin. What stands there now."""

    def hold(self, watch: Watch, attempt: str, lease_until: datetime, now: datetime) -> None:
        """Take a watch that nobody holds. Raises ClaimRefused."""

    def renew(self, camera: str, attempt: str, lease_until: datetime) -> Standing:
        """What stands there now. Raises LeaseLost."""

    def give_back(self, camera: str, attempt: str) -> None:
        """Let another worker go on with the watch at once. Raises LeaseLost."""

    def leave(self, camera: str, attempt: str) -> None:
        """The watch has ended: the camera is free for another one. Raises LeaseLost."""

    def get(self, watch: Watch) -> Attributes | None: ...

    def create(self, watch: Watch, values: Attributes) -> None:
        """Write the item of a watch that has just begun, unless whoever took it was faster."""

    def take_up(self, watch: Watch, values: Attributes) -> Attributes:
        """Write `values` of its new holder; what stands there then. Raises LeaseLost: it has ended."""

    def write(self, watch: Watch, attempt: str, values: Attributes) -> None:
        """As its holder. Raises LeaseLost."""

    def keep(self, bucket: Attributes) -> bool:
        """Write a bucket's item, never over another one; whether it is new."""

    def buckets(self, camera: str, since: datetime, until: datetime) -> Iterator[Attributes]:
        """Those that began between the two, the oldest first, of whichever watch."""


class Queue(Protocol):
    """What may be done with a message in hand. Raises CloudError."""

    def delete(self, message: Message) -> None: ...

    def keep_away(self, message: Message, seconds: float) -> None:
        """Let the message come back `seconds` from now; 0 is at once."""


class Voice(Protocol):
    """Both give headerless 8 kHz G.711, and raise CloudError or TimeoutError."""

    def sound(self, text: str, audio_format: AudioFormat) -> bytes:
        """A text that may be joined from sentences that were spoken before."""

    def spoken(self, what: SpeechText, audio_format: AudioFormat) -> bytes:
        """In one piece."""


class Spool(Protocol):
    """What was taken and is not yet safe elsewhere. Writing raises OSError; reading treats that as empty."""

    def save(self, press: Press, photo: bytes, taken_at: datetime) -> None:
        """Keep the photo of `press`, unless one is kept already."""

    def note(self, press: Press, **finished: Any) -> None:
        """Remember finished steps of what is kept; does nothing where nothing is."""

    def begin_clip(self, press: Press, asked_at: datetime) -> Path:
        """Where the clip of `press` may grow; only where `clip` gives none."""

    def clip(self, press: Press) -> SpooledClip | None:
        """The clip that is kept for `press`, be it torn."""

    def finish_clip(self, press: Press, grown: SpooledClip, finish: Callable[[Path, Path], float]) -> None:
        """Put in the place of a clip that grew what `finish` makes of it; raises what that raises."""

    def load(self, press: Press) -> SpooledPhoto | None: ...

    def clear(self, press: Press) -> None: ...

    def keeps(self, press: Press) -> bool:
        """Whether there is anything for `press`, be it broken."""

    def delete(self, press: Press) -> bool:
        """Whether there was something, which is gone now. Raises OSError where it cannot be deleted."""

    def sync(self, press: Press) -> None:
        """Bring what is kept to the medium, so that a power cut leaves it too. Takes as long as the medium does."""

    def folders(self) -> Iterator[SpoolFolder]:
        """Everything in the spool, the broken too, without its photos and clips."""

    def remove(self, folder: SpoolFolder) -> None:
        """Raises OSError where it cannot be deleted."""


class Observer(Protocol):
    """Called from many threads; must neither block nor raise."""

    def received(self, camera: str, age_seconds: float) -> None:
        """A delivery of a press that was sent to the queue `age_seconds` ago."""

    def stepped(self, step: str, seconds: float) -> None:
        """A step of a job took this long, also one that failed."""

    def retried(self, camera: str) -> None:
        """A press goes back to the queue for another attempt."""

    def watched(self, camera: str, frame: "Frame", seconds: float, calls: int) -> None:
        """A frame of a watch was measured, `seconds` after it was asked for; `calls` of DetectFaces so far."""

    def unwatched(self, camera: str) -> None:
        """No watch of it goes on here any more."""

    def ended(self, camera: str, outcome: str) -> None:
        """A press is done: a status of the record; or a message was `rejected`, of no camera."""
