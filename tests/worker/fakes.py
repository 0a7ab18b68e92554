"""The job's surroundings in memory: what they were asked, in order, and what they are to fail with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Any

from tests.worker.watch.watches import FakeWatches
from worker.aws.clock import AwsClock
from worker.disk.spool import Spool
from worker.disk.voice_cache import VoiceCache
from worker.domain.audience_face import AudienceFace
from worker.domain.clip import Clip, SpooledClip
from worker.domain.command import Command, Message, TakePicture
from worker.domain.errors import CameraFaulty, ClaimRefused, LeaseLost
from worker.domain.faces import Face, read_faces
from worker.domain.photo import Snapshot, StoredPhoto
from worker.domain.press import Press
from worker.domain.record import STUB, Attributes, Status
from worker.domain.retry import Redrive
from worker.domain.sections import read_grid
from worker.domain.sound import AudioFormat, Played
from worker.domain.speech_text import SpeechText
from worker.domain.timestamp import iso
from worker.domain.video import ClipWish, Recorded
from worker.job.attempt import Attempt, Terms
from worker.job.priority_semaphore import PrioritySemaphore
from worker.job.services import JobSettings, Services, WatchTerms
from worker.job.shared_camera import SharedCamera
from worker.runtime.observer import NOBODY
from worker.settings.languages import built_in

PRESSED_AT = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
PRESS = Press("lobby", "6f1c", PRESSED_AT)
TAKE_PICTURE = TakePicture()
PHOTO = b"\xff\xd8first\xff\xd9"
HAPPY = {
    "BoundingBox": {"Left": 0.25, "Top": 0.25, "Width": 0.5, "Height": 0.5},
    "Emotions": [{"Type": "HAPPY", "Confidence": 98.5}],
}


class Diary:
    """What happened, in order; `failing` maps a happening to what it raises, `meanwhile` to what is done before it."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.failing: dict[str, Exception] = {}
        self.meanwhile: dict[str, Callable[[], None]] = {}
        self._lock = Lock()

    def note(self, happening: str) -> None:
        with self._lock:
            self.entries.append(happening)
        if happening in self.meanwhile:
            self.meanwhile[happening]()
        if happening in self.failing:
            raise self.failing[happening]

    def of(self, *happenings: str) -> list[str]:
        return [entry for entry in self.entries if entry in happenings]


@dataclass
class FakeQueue:
    diary: Diary
    deleted: list[str] = field(default_factory=list)
    kept_away: list[float] = field(default_factory=list)

    def delete(self, message: Message) -> None:
        self.diary.note("delete")
        self.deleted.append(message.message_id)

    def keep_away(self, _message: Message, seconds: float) -> None:
        self.diary.note("keep away")
        self.kept_away.append(seconds)


@dataclass
class FakeRecords:
    """The table's rules about who may claim and write, in a dictionary."""

    diary: Diary
    name: str = "captures"
    items: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def claim(self, press: Press, attempt: str, lease_until: datetime, now: datetime, fresh: Attributes) -> Attributes:
        self.diary.note("claim")
        with self._lock:
            earlier = dict(self.items.get((press.camera, press.capture_id), {}))
            over = earlier.get("lease_until", "") < iso(now) or earlier.get("attempt") == attempt
            if earlier and not (earlier["status"] == Status.IN_PROGRESS and over):
                raise ClaimRefused(earlier)
            mine = {"attempt": attempt, "lease_until": iso(lease_until)}
            self.items[press.camera, press.capture_id] = {**earlier, **fresh, **mine}
            return earlier

    def write(self, press: Press, attempt: str, values: Attributes, remove: Iterable[str] = ()) -> None:
        self.diary.note(f"write {values['status']}" if "status" in values else f"write {next(iter(values))}")
        with self._lock:
            item = self.items.get((press.camera, press.capture_id), {})
            if item.get("attempt") != attempt:
                raise LeaseLost
            item.update(values)
            for name in remove:
                item.pop(name, None)

    def get(self, camera: str, capture_id: str) -> Attributes | None:
        item = self.items.get((camera, capture_id))
        return None if item is None else dict(item)

    def leave_stub(self, press: Press, record: Attributes | None, expires_at: int, now: datetime) -> Attributes:
        self.diary.note("leave stub")
        with self._lock:
            item = self.items.get((press.camera, press.capture_id), {})
            held = item.get("status") == Status.IN_PROGRESS and iso(now) < item.get("lease_until", "")
            taken_up = held or item.get("attempt") != (record or {}).get("attempt")
            if item.get("status") != Status.FORGOTTEN and taken_up:
                raise LeaseLost
            where = {name: item[name] for name in item if name.endswith(("_bucket", "_key"))}
            self.items[press.camera, press.capture_id] = {"status": Status.FORGOTTEN, "expires_at": expires_at, **where}
            return dict(self.items[press.camera, press.capture_id])

    def empty_stub(self, press: Press, stub: Attributes) -> None:
        self.diary.note("empty stub")
        with self._lock:
            item = self.items.get((press.camera, press.capture_id), {})
            for name in stub.keys() - STUB:
                item.pop(name, None)

    def delete(self, press: Press, attempt: str | None) -> None:
        self.diary.note("delete record")
        with self._lock:
            if self.items.get((press.camera, press.capture_id), {}).get("attempt") != attempt:
                raise LeaseLost
            self.items.pop((press.camera, press.capture_id), None)


@dataclass
class FakePhotos:
    diary: Diary
    bucket: str = "photos"
    stored: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    clips: dict[str, tuple[bytes, Clip]] = field(default_factory=dict)
    others: dict[str, "FakePhotos"] = field(default_factory=dict)

    def of(self, bucket: str) -> "FakePhotos":
        return self if bucket == self.bucket else self.others.setdefault(bucket, FakePhotos(self.diary, bucket))

    def has(self, key: str) -> bool:
        return key in self.stored or key in self.clips

    def store(self, key: str, photo: bytes, taken_at: datetime) -> None:
        self.diary.note("store")
        self.stored[key] = (photo, taken_at)

    def find(self, key: str) -> tuple[bytes, datetime] | None:
        self.diary.note("find")
        return self.stored.get(key)

    def store_clip(self, key: str, spooled: SpooledClip) -> None:
        self.diary.note("store")
        self.clips[key] = (spooled.path.read_bytes(), spooled.clip)

    def find_clip(self, key: str) -> Clip | None:
        self.diary.note("find")
        return self.clips[key][1] if key in self.clips else None

    def delete(self, key: str) -> None:
        self.diary.note("delete photo")
        self.stored.pop(key, None)
        self.clips.pop(key, None)


@dataclass
class FakeAnalyst:
    diary: Diary
    images: list[bytes | StoredPhoto] = field(default_factory=list)

    def expect_photo(self) -> None:
        """There is no connection to open."""

    def faces(self, photo: bytes | StoredPhoto) -> tuple[Face, ...]:
        self.diary.note("faces")
        self.images.append(photo)
        return read_faces([HAPPY], keep_attributes=False)

    def audience(self, _photo: bytes) -> tuple[AudienceFace, ...]:
        self.diary.note("audience")
        return ()

    def labels(self, _photo: bytes | StoredPhoto) -> tuple[Attributes, ...]:
        self.diary.note("labels")
        return ({"name": "Person", "confidence": 99.0},)

    def text(self, _photo: bytes | StoredPhoto) -> tuple[Attributes, ...]:
        self.diary.note("text")
        return ({"text": "EXIT", "confidence": 97.0},)


@dataclass
class FakeCamera:
    diary: Diary
    photo: bytes = PHOTO
    age: float = 0.0
    played: Played = Played.CONFIRMED
    said: list[bytes] = field(default_factory=list)

    def photograph(self) -> Snapshot:
        self.diary.note("snapshot")
        return Snapshot(self.photo, self.age)

    def nod(self) -> None:
        self.diary.note("nod")

    def play(self, sound: bytes, _audio_format: AudioFormat, on_start: Callable[[], None]) -> Played:
        on_start()
        self.said.append(sound)
        self.diary.note("play")
        return self.played


@dataclass
class FakeRecorder:
    """Records a byte a second by the clock that `pass_second` moves, and shows a picture when one is due."""

    diary: Diary
    pass_second: Callable[[], None]
    ends_after: float = 60
    """Of a camera that stops sending."""
    wishes: list[ClipWish] = field(default_factory=list)

    def record(
        self,
        into: Path,
        wish: ClipWish,
        on_begin: Callable[[float], None],
        on_look: Callable[[float, bytes], None],
        cut: Callable[[], bool],
    ) -> Recorded:
        self.diary.note("record")
        self.wishes.append(wish)
        on_begin(wish.before)
        for second in range(int(wish.seconds)):
            self.diary.note(f"second {second}")
            if cut():
                return Recorded(second, "it was to end early")
            if second >= self.ends_after:
                return Recorded(second, "the camera stopped sending")
            with into.open("ab") as file:
                file.write(b"p")
            if wish.look_every and second % wish.look_every == 0:
                on_look(second, b"look")
            self.pass_second()
        return Recorded(wish.seconds)

    def finish(self, grown: Path, into: Path) -> float:
        self.diary.note("finish")
        pictures = grown.read_bytes().count(b"p")
        if not pictures:
            raise CameraFaulty("there is no picture in it")
        into.write_bytes(b"finished" + b"p" * pictures)
        return float(pictures)


@dataclass
class FakePolly:
    diary: Diary
    asked: list[SpeechText] = field(default_factory=list)

    def identity(self, what: SpeechText) -> tuple[str, ...]:
        return (what.voice or "Joanna", str(what.ssml))

    def synthesize(self, what: SpeechText, _audio_format: AudioFormat) -> bytes:
        self.diary.note("synthesize")
        self.asked.append(what)
        # Short enough that nobody has to wait for the end of the sound.
        return what.text.encode()[:40]


class World:
    """One camera and one queue on a machine whose clock stands still until it is moved."""

    def __init__(self, data_dir: Path) -> None:
        self.now = PRESSED_AT + timedelta(milliseconds=400)
        self.diary = Diary()
        self.data_dir = data_dir
        self.queue = FakeQueue(self.diary)
        self.records = FakeRecords(self.diary)
        self.photos = FakePhotos(self.diary)
        self.watches = FakeWatches()
        self.watch_terms: WatchTerms | None = WatchTerms(60, read_grid("3x2"), announced=True)
        self.analyst = FakeAnalyst(self.diary)
        self.device = FakeCamera(self.diary)
        self.polly = FakePolly(self.diary)
        self.recorder: FakeRecorder | None = FakeRecorder(self.diary, self._pass_second)
        self.recordings = PrioritySemaphore()
        self.before_seconds = 0
        self.look_seconds = 2.0
        self.places = PrioritySemaphore(4)
        self.nods = self.speaks = self.allows_say = True
        self.analyses = frozenset({"faces"})
        self.max_receive_count: int | None = 5
        self.place_left = Event()
        self.paused: list[float] = []

    def _pause(self, seconds: float) -> None:
        self.diary.note("pause")
        self.paused.append(seconds)
        self.now += timedelta(seconds=seconds)

    def _pass_second(self) -> None:
        self.now += timedelta(seconds=1)

    def _wall(self) -> float:
        return self.now.timestamp()

    @property
    def services(self) -> Services:
        settings = JobSettings(
            worker="host",
            analyses=self.analyses,
            min_confidence=50,
            speaks=True,
            allows_say=self.allows_say,
            max_command_age=timedelta(seconds=120),
            max_speech_age=timedelta(seconds=30),
            retention=timedelta(days=30),
            video_seconds=5,
            video_before_seconds=self.before_seconds,
            video_look_seconds=self.look_seconds,
            watch=self.watch_terms,
        )
        return Services(
            settings=settings,
            records=self.records,
            photos=self.photos,
            watches=self.watches,
            analyst=self.analyst,
            voice=VoiceCache(self.polly, self.data_dir / "voice"),
            phrases=built_in("en").phrases,
            # No power fails here, and no test need wait for the medium.
            spool=Spool(self.data_dir / "spool", fsync=lambda _descriptor: None),
            clock=AwsClock(self._wall),
            observer=NOBODY,
        )

    @property
    def camera(self) -> SharedCamera:
        return SharedCamera(
            name="lobby",
            device=self.device,
            audio_format="alaw",
            nods=self.nods,
            speaks=self.speaks,
            places=self.places,
            recordings=self.recordings,
            recorder=self.recorder,
            look_after=lambda: self.diary.note("look after"),
        )

    @property
    def terms(self) -> Terms:
        return Terms(30, lambda: Redrive(known=True, max_receive_count=self.max_receive_count), lambda: 0.5)

    def attempt(self, receive_count: int = 1, command: Command = TAKE_PICTURE, press: Press = PRESS) -> Attempt:
        return Attempt(
            message=message(receive_count),
            press=press,
            command=command,
            services=self.services,
            camera=self.camera,
            queue=self.queue,
            terms=self.terms,
            on_place_left=self.place_left.set,
            seen_before=False,
            pause=self._pause,
        )

    def deliver(self, receive_count: int = 1, command: Command = TAKE_PICTURE) -> None:
        self.attempt(receive_count, command).run()

    @property
    def record(self) -> dict[str, Any]:
        return self.records.items.get((PRESS.camera, PRESS.capture_id), {})

    def leave(self, **record: Any) -> None:
        """A record that an earlier attempt has left, in progress with its lease over unless it says otherwise."""
        lease_until = iso(self.now - timedelta(seconds=1))
        earlier = {"status": Status.IN_PROGRESS, "attempt": "earlier", "lease_until": lease_until, **record}
        self.records.items[PRESS.camera, PRESS.capture_id] = earlier


def message(receive_count: int = 1, body: str = "TakePicture") -> Message:
    return Message("message", "handle", body, {"press_id": PRESS.press_id}, receive_count, PRESSED_AT)
