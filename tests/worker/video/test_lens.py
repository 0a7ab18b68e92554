import io
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
import structlog
from PIL import ExifTags, Image, ImageChops, ImageStat

from tests.worker.fakes import PHOTO, Diary, FakeCamera
from tests.worker.video.films import FPS, FakeStream, Now, film, pixels, received, scene
from worker.domain.errors import CameraFaulty, CameraUnreachable
from worker.domain.photo import Snapshot
from worker.domain.video import AccessUnit
from worker.video.doubt import Doubt
from worker.video.hedged import HEDGE_SECONDS
from worker.video.hot import Hot
from worker.video.lazy import Lazy
from worker.video.lens import StreamLens

NOON = datetime(2026, 11, 22, 12, 0, 0, 0, UTC)


class Setting:
    """A camera, its stream, and the time."""

    def __init__(self, make: Callable[[FakeStream, Now], Any] = Lazy) -> None:
        self.now = Now(100.0)
        self.stream = FakeStream()
        self.camera = FakeCamera(Diary())
        self.sources: list[str] = []
        self.newest = make(self.stream, self.now)
        self.lens = StreamLens(
            self.camera, self.newest, lambda: NOON + timedelta(seconds=self.now() - 100), self.sources.append, self.now
        )

    def receive(self, age: float = 0.0) -> None:
        self.stream.window.put(*received(film(2), self.now() - age))


class Tail(tuple[AccessUnit, ...]):  # noqa: SLOT001 - no tuple has room for them
    """Pictures that somebody takes one by one; `before` some of them something happens."""

    before: Mapping[int, Callable[[], object]]
    taken = 0

    def __iter__(self) -> Iterator[AccessUnit]:
        for number in range(len(self)):
            self.before.get(number, int)()
            self.taken = number + 1
            yield self[number]


class Impatient(Setting):
    """Of a long group of pictures, and a camera whose snapshots come once `answers` is set."""

    def __init__(self, pictures: int, *, damaged: bool = False) -> None:
        super().__init__()
        self.asked, self.answers = Event(), Event()
        self.answers.set()
        self.camera.diary.meanwhile["snapshot"] = self._answer
        self.waited: list[float] = []
        self.lens.patience, self.lens.over_within = HEDGE_SECONDS, self._over_within
        units = film(pictures // FPS + 1, size=(160, 120), key_every=300)[:pictures]
        spoilt = [replace(units[-1], data=b"\0\0\0\1\x41rubbish")] if damaged else []
        self.tail = Tail(received((*units, *spoilt), self.now()))
        self.stream.window.tail = lambda: self.tail  # type: ignore[method-assign]

    def photograph(self, before: Mapping[int, Callable[[], object]]) -> Snapshot:
        """As if patience had been over before the first picture."""
        self.tail.before = before
        return self.lens.photograph()

    def wait_until_asked(self) -> None:
        assert self.asked.wait(10), "no snapshot was asked for meanwhile"

    def wait_until_there(self) -> None:
        self.wait_until_asked()
        for thread in threading.enumerate():
            if thread.name == "snapshot":
                thread.join(10)

    def _answer(self) -> None:
        self.asked.set()
        assert self.answers.wait(10)

    def _over_within(self, _over: Event, seconds: float) -> bool:
        self.waited.append(seconds)
        return False


@pytest.fixture
def logged() -> Any:
    with structlog.testing.capture_logs() as entries:
        yield entries


def actions(logged: Any) -> list[str]:
    return [entry["action"] for entry in logged]


class TestTheLazyLens:
    def test_takes_the_newest_picture_and_says_of_when_it_is(self) -> None:
        setting = Setting()
        setting.receive(age=0.25)
        photo = setting.lens.photograph()
        assert photo.age == pytest.approx(0.25)
        difference = ImageChops.difference(pixels(photo.jpeg), scene(19, (320, 240)))
        assert max(ImageStat.Stat(difference).mean) < 8
        tags = Image.open(io.BytesIO(photo.jpeg)).getexif().get_ifd(ExifTags.IFD.Exif)
        seen_at = f"{tags[ExifTags.Base.DateTimeOriginal]}.{tags[ExifTags.Base.SubsecTimeOriginal]}"
        zone = tags[ExifTags.Base.OffsetTimeOriginal]
        told = datetime.strptime(f"{seen_at}{zone}", "%Y:%m:%d %H:%M:%S.%f%z")
        assert told == NOON - timedelta(seconds=0.25)
        assert (setting.camera.diary.entries, setting.sources) == ([], ["stream"])

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda setting: setting.stream.window.units.clear(),
            lambda setting: setattr(setting.now, "seconds", 102.5),
            lambda setting: setattr(setting.stream, "trouble", CameraUnreachable("away")),
            lambda setting: setting.stream.window.put(
                replace(film(1)[1], data=b"\0\0\0\1\x41rubbish", received_at=100)
            ),
        ],
        ids=["no key frame", "old", "trouble", "damaged"],
    )
    def test_leaves_the_photo_to_the_snapshot_where_there_is_a_doubt(
        self, spoil: Callable[[Setting], object], logged: Any
    ) -> None:
        setting = Setting()
        setting.receive()
        spoil(setting)
        for _ in range(3):
            assert setting.lens.photograph().jpeg == PHOTO
        assert setting.camera.diary.entries == ["snapshot"] * 3
        assert setting.sources == ["snapshot"] * 3
        assert actions(logged) == ["lens_fell_back"]

    def test_says_when_the_trouble_is_another_and_when_it_is_over(self, logged: Any) -> None:
        setting = Setting()
        setting.lens.photograph()
        setting.stream.trouble = CameraUnreachable("away")
        setting.lens.photograph()
        setting.stream.trouble = None
        setting.receive()
        setting.lens.photograph()
        setting.lens.photograph()
        assert actions(logged) == ["lens_fell_back", "lens_fell_back", "lens_recovered"]
        assert logged[1]["error"] == "the stream is in trouble: away"

    def test_says_each_once_of_troubles_that_take_turns(self, logged: Any) -> None:
        """A camera that is down refuses, or does not answer, as it comes."""
        setting = Setting()
        for trouble in ("refused", "no answer") * 3:
            setting.stream.trouble = CameraUnreachable(trouble)
            setting.lens.photograph()
        assert actions(logged) == ["lens_fell_back", "lens_fell_back"]
        setting.stream.trouble = None
        setting.receive()
        setting.lens.photograph()
        setting.stream.trouble = CameraUnreachable("refused")
        setting.lens.photograph()
        assert actions(logged)[2:] == ["lens_recovered", "lens_fell_back"]

    def test_raises_what_the_snapshot_raises(self) -> None:
        setting = Setting()
        setting.camera.diary.failing["snapshot"] = CameraFaulty("busy")
        with pytest.raises(CameraFaulty, match="busy"):
            setting.lens.photograph()

    def test_does_without_a_library_that_does_not_load(self, monkeypatch: pytest.MonkeyPatch) -> None:
        setting = Setting()

        def newest(_enough: object) -> None:
            raise ImportError("libxcb.so.1: cannot open shared object file")

        monkeypatch.setattr(setting.lens, "newest", newest)
        assert setting.lens.photograph().jpeg == PHOTO

    def test_leaves_nod_and_voice_to_the_camera(self) -> None:
        setting = Setting()
        setting.lens.nod()
        setting.lens.play(b"sound", "alaw", lambda: None)
        assert setting.camera.diary.entries == ["nod", "play"]


class TestALazyLensThatDecodesForLong:
    @pytest.mark.parametrize("pictures", [15, 60, 300])
    def test_asks_for_the_snapshot_before_it_finds_the_damage(self, pictures: int) -> None:
        setting = Impatient(pictures, damaged=True)
        setting.answers.clear()

        def answer() -> None:
            setting.wait_until_asked()
            setting.answers.set()

        assert setting.photograph({pictures - 1: answer}).jpeg == PHOTO
        assert (setting.camera.diary.entries, setting.sources) == (["snapshot"], ["snapshot"])
        assert [seconds < 0.1 for seconds in setting.waited] == [True]

    def test_takes_the_streams_picture_where_that_is_there_first(self) -> None:
        setting = Impatient(60)
        setting.answers.clear()
        assert setting.photograph({59: setting.wait_until_asked}).jpeg != PHOTO
        assert setting.sources == ["stream"]
        setting.answers.set()

    def test_goes_no_further_once_the_snapshot_is_there(self) -> None:
        setting = Impatient(60)
        assert setting.photograph({1: setting.wait_until_there}).jpeg == PHOTO
        assert setting.tail.taken <= 2
        assert setting.sources == ["snapshot"]

    def test_never_takes_two_snapshots_at_a_time(self) -> None:
        setting = Impatient(15)
        setting.answers.clear()
        setting.photograph({14: setting.wait_until_asked})
        setting.tail = Tail()
        with ThreadPoolExecutor(1) as other:
            second = other.submit(setting.lens.photograph)
            with pytest.raises(TimeoutError):
                second.result(0.1)
            assert setting.camera.diary.entries == ["snapshot"]
            setting.answers.set()
            assert second.result(10).jpeg == PHOTO
        assert setting.camera.diary.entries == ["snapshot"] * 2

    def test_goes_on_where_the_snapshot_fails(self) -> None:
        setting = Impatient(15)
        setting.camera.diary.failing["snapshot"] = CameraFaulty("busy")
        assert setting.photograph({14: setting.wait_until_there}).jpeg != PHOTO

    def test_raises_what_the_snapshot_raised_meanwhile(self) -> None:
        setting = Impatient(15, damaged=True)
        setting.camera.diary.failing["snapshot"] = CameraFaulty("busy")
        with pytest.raises(CameraFaulty, match="busy"):
            setting.photograph({15: setting.wait_until_there})
        assert setting.camera.diary.entries == ["snapshot"]

    def test_says_once_what_to_do_about_it_and_not_the_first_time(self, logged: Any) -> None:
        setting = Impatient(60)
        setting.photograph({0: setting.wait_until_there})
        assert actions(logged) == []
        for _ in range(3):
            setting.photograph({0: setting.wait_until_there})
        assert actions(logged) == ["lens_too_slow"]
        assert "I frame interval" in logged[0]["event"]
        assert "CAMERA_LENS=hot" in logged[0]["event"]
        assert "60 pictures" in logged[0]["why"]

    def test_asks_for_none_where_it_decodes_in_time(self) -> None:
        setting = Impatient(15)
        setting.lens.over_within = Event.wait
        setting.lens.patience = 10
        assert setting.photograph({}).jpeg != PHOTO
        assert setting.camera.diary.entries == []


class TestTheHotLens:
    @staticmethod
    def run(setting: Setting) -> None:
        """Decode all that there is, and end."""
        stopping = Event()
        read = setting.stream.window.read

        def once(place: int, patience: float) -> Any:
            stopping.set()
            return read(place, patience)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(setting.stream.window, "read", once)
            setting.newest.keep_decoding(stopping)

    def test_has_the_newest_picture_decoded(self) -> None:
        setting = Setting(Hot)
        setting.receive(age=0.5)
        self.run(setting)
        assert setting.lens.photograph().age == pytest.approx(0.5)
        assert setting.sources == ["stream"]

    def test_has_none_before_the_first(self) -> None:
        setting = Setting(Hot)
        setting.receive()
        with pytest.raises(Doubt, match="decoded yet"):
            setting.newest()

    def test_doubts_all_from_a_damaged_picture_to_the_next_key_frame(self) -> None:
        setting = Setting(Hot)
        units = received(film(3), 100.0)
        broken = replace(units[12], data=units[12].data[: len(units[12].data) // 2])
        setting.stream.window.put(*units[10:12], broken, *units[13:20])
        self.run(setting)
        with pytest.raises(Doubt, match="cannot be decoded"):
            setting.newest()
        setting.stream.window.put(*units[20:])
        self.run(setting)
        assert setting.newest().ticks == units[-1].ticks

    def test_doubts_what_it_has_once_that_is_old(self) -> None:
        setting = Setting(Hot)
        setting.receive()
        self.run(setting)
        setting.now.seconds += 2.5
        setting.stream.window.put(replace(film(1)[1], received_at=setting.now()))
        with pytest.raises(Doubt, match="older"):
            setting.newest()

    def test_begins_anew_when_the_stream_was_faster(self) -> None:
        setting = Setting(Hot)
        setting.receive()
        setting.stream.window.dropped = 100
        stopping = Event()
        thread = Thread(target=setting.newest.keep_decoding, args=(stopping,))
        thread.start()
        stopping.set()
        thread.join(5)
        assert not thread.is_alive()

    def test_ends_with_the_stream(self) -> None:
        setting = Setting(Hot)
        setting.stream.window.close()
        setting.newest.keep_decoding(Event())
