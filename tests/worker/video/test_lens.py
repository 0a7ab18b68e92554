import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
import structlog
from PIL import ExifTags, Image, ImageChops, ImageStat

from tests.worker.fakes import PHOTO, Diary, FakeCamera
from tests.worker.video.films import FakeStream, Now, film, pixels, received, scene
from worker.domain.errors import CameraFaulty, CameraUnreachable
from worker.video.doubt import Doubt
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

    def test_raises_what_the_snapshot_raises(self) -> None:
        setting = Setting()
        setting.camera.diary.failing["snapshot"] = CameraFaulty("busy")
        with pytest.raises(CameraFaulty, match="busy"):
            setting.lens.photograph()

    def test_does_without_a_library_that_does_not_load(self, monkeypatch: pytest.MonkeyPatch) -> None:
        setting = Setting()

        def newest() -> None:
            raise ImportError("libxcb.so.1: cannot open shared object file")

        monkeypatch.setattr(setting.lens, "newest", newest)
        assert setting.lens.photograph().jpeg == PHOTO

    def test_leaves_nod_and_voice_to_the_camera(self) -> None:
        setting = Setting()
        setting.lens.nod()
        setting.lens.play(b"sound", "alaw", lambda: None)
        assert setting.camera.diary.entries == ["nod", "play"]


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
