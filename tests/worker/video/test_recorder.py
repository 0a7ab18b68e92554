import itertools
import json
import resource
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import av
import pytest

from tests.worker.video.films import FakeStream, Now, ScriptedWindow, film, pixels, starting
from worker.domain.errors import CameraFaulty, CameraRefused, CameraUnreachable
from worker.domain.video import AccessUnit, ClipWish, Codec, Recorded
from worker.video.recorder import StreamRecorder


@dataclass
class Studio:
    """A stream whose pictures come as they are played, on a clock that they move."""

    folder: Path
    now: Now = field(default_factory=lambda: Now(100.0))
    ages: list[float] = field(default_factory=list)
    """Of the first picture, when there was one."""
    looks: list[tuple[float, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.window = ScriptedWindow(self.now)
        self.stream = FakeStream(self.window)
        self.recorder = StreamRecorder(self.stream, self.now)
        self.growing, self.clip = self.folder / "growing.mp4", self.folder / "clip.mp4"

    def have(self, units: tuple[AccessUnit, ...]) -> None:
        """They have come before the press, the last one just now."""
        self.window.put(*units)
        self.now.seconds = units[-1].received_at

    def record(self, wish: ClipWish, cut: Callable[[], bool] = lambda: False) -> Recorded:
        return self.recorder.record(self.growing, wish, self.ages.append, self._look, cut)

    def _look(self, second: float, picture: bytes) -> None:
        self.looks.append((second, picture))

    def finished(self) -> dict[str, Any]:
        """What ffprobe says of the finished clip."""
        seconds = self.recorder.finish(self.growing, self.clip)
        return {"seconds": seconds, **probed(self.clip)}


def probed(path: Path) -> dict[str, Any]:
    """By the system's FFmpeg, which is another than PyAV's."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_packets", "-of", "json", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    said = json.loads(run.stdout)
    [track] = said["streams"]
    return {
        "codec": track["codec_name"],
        "tag": track["codec_tag_string"],
        "frames": int(track["nb_read_frames"]),
        "start": float(track["start_time"]),
        "times": sorted(float(packet["pts_time"]) for packet in said["packets"]),
        "begins with a key frame": "K" in said["packets"][0]["flags"],
    }


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


FILM = starting(film(6), 100.0)


class TestAClip:
    @pytest.mark.parametrize("codec", Codec)
    @pytest.mark.parametrize("b_frames", [0, 2, 3])
    def test_has_every_picture_at_its_time(self, studio: Studio, codec: Codec, b_frames: int) -> None:
        studio.window.play(starting(film(6, codec=codec, b_frames=b_frames), 100.0))
        recorded = studio.record(ClipWish(3))
        told = studio.finished()
        assert (recorded.shortened_by, told["codec"], told["start"]) == (None, codec, 0.0)
        assert told["tag"] == {Codec.H264: "avc1", Codec.H265: "hvc1"}[codec]
        assert told["begins with a key frame"]
        assert told["frames"] == len(told["times"]) == 30
        if not b_frames:
            assert told["times"] == pytest.approx([number / 10 for number in range(30)], abs=1e-3)
        assert told["seconds"] == pytest.approx(recorded.seconds, abs=0.01)
        assert recorded.seconds == pytest.approx(3, abs=0.2)

    def test_plays_while_it_downloads(self, studio: Studio) -> None:
        studio.window.play(FILM)
        studio.record(ClipWish(2))
        studio.recorder.finish(studio.growing, studio.clip)
        atoms = studio.clip.read_bytes()
        assert atoms.index(b"moov") < atoms.index(b"mdat")

    def test_is_the_camera_s_own_pictures_and_no_sound(self, studio: Studio) -> None:
        studio.window.play(FILM)
        studio.record(ClipWish(2))
        studio.finished()
        with av.open(str(studio.clip)) as container:
            assert [stream.type for stream in container.streams] == ["video"]
            last = list(container.demux(video=0))[-2]
            assert bytes(last)[-100:] == FILM[19].data[-100:]

    def test_counts_its_seconds_from_the_press(self, studio: Studio) -> None:
        studio.have(FILM[:27])
        studio.window.play(FILM[27:])
        recorded = studio.record(ClipWish(2))
        # From the key frame before the press, 0.6 s, to 2 s after it.
        assert studio.finished()["frames"] == 26
        assert recorded.shortened_by is None

    def test_reaches_back_before_the_press(self, studio: Studio) -> None:
        studio.have(FILM[:35])
        studio.window.play(FILM[35:])
        studio.record(ClipWish(1, before=2))
        assert studio.finished()["frames"] == 34
        assert studio.ages == [pytest.approx(2.4)]

    def test_reaches_back_as_far_as_there_are_pictures(self, studio: Studio) -> None:
        studio.have(FILM[:5])
        studio.window.play(FILM[5:])
        studio.record(ClipWish(1, before=10))
        assert studio.finished()["frames"] == 14

    def test_does_not_begin_with_what_a_lost_session_has_left(self, studio: Studio) -> None:
        studio.have(FILM[:5])
        later = tuple(replace(unit, received_at=unit.received_at + 60) for unit in FILM[10:])
        studio.now.seconds = 161
        studio.window.play(later)
        studio.record(ClipWish(1))
        assert studio.finished()["frames"] == 10
        assert studio.ages == [0.0]

    def test_reaches_back_from_when_it_was_asked_for_however_long_pyav_takes_to_load(self, studio: Studio) -> None:
        studio.have(FILM[:31])
        studio.stream.on_needed = lambda: setattr(studio.now, "seconds", studio.now.seconds + 1)
        studio.window.play(FILM[31:])
        studio.record(ClipWish(1, before=1))
        assert studio.finished()["times"][-1] == pytest.approx(1.9, abs=0.01)

    def test_begins_with_the_first_that_comes_and_is_as_long_all_the_same(self, studio: Studio) -> None:
        studio.window.play(tuple(replace(unit, received_at=unit.received_at + 4) for unit in FILM))
        recorded = studio.record(ClipWish(3))
        assert recorded.seconds == pytest.approx(3)
        assert recorded.shortened_by is None

    def test_needs_the_stream_only_while_it_is_recorded(self, studio: Studio) -> None:
        studio.window.play(FILM)
        studio.record(ClipWish(1))
        assert (studio.stream.needs, studio.stream.needed_ever) == (0, 1)


class TestAShorterClip:
    def test_says_that_the_camera_stopped_sending_and_why(self, studio: Studio) -> None:
        studio.window.play(FILM[:20])
        studio.stream.trouble = CameraUnreachable("no route")
        recorded = studio.record(ClipWish(10))
        assert recorded.shortened_by == "the camera stopped sending: no route"
        assert studio.finished()["frames"] == 20
        assert studio.now.seconds < 110

    def test_says_so_where_only_its_end_is_missing(self, studio: Studio) -> None:
        studio.window.play(FILM[:20])
        assert studio.record(ClipWish(4)).shortened_by == "the camera stopped sending"

    def test_is_none_for_its_last_second(self, studio: Studio) -> None:
        studio.window.play(FILM[:26])
        assert studio.record(ClipWish(3)).shortened_by is None

    def test_goes_on_after_a_short_interruption(self, studio: Studio) -> None:
        gap = tuple(replace(unit, received_at=unit.received_at + 3, ticks=unit.ticks + 270_000) for unit in FILM[20:])
        studio.window.play(FILM[:15])
        studio.window.play(gap)
        assert studio.record(ClipWish(6)).shortened_by is None
        assert studio.finished()["times"][-1] == pytest.approx(5.9, abs=0.01)

    def test_ends_when_it_is_cut(self, studio: Studio) -> None:
        studio.window.play(FILM)
        recorded = studio.record(ClipWish(5), lambda: studio.now.seconds >= 102)
        assert recorded.shortened_by == "it was to end early"
        assert studio.finished()["frames"] == pytest.approx(21, abs=1)

    def test_is_cut_within_a_second_also_where_nothing_comes(self, studio: Studio) -> None:
        studio.window.play(FILM[:5])
        asked: list[float] = []

        def cut() -> bool:
            asked.append(studio.now.seconds)
            return False

        studio.record(ClipWish(10), cut)
        assert max(later - earlier for earlier, later in itertools.pairwise(asked)) <= 1

    @pytest.mark.parametrize(
        "other", [film(2, size=(640, 480)), film(2, codec=Codec.H265)], ids=["another size", "another codec"]
    )
    def test_ends_where_the_pictures_change(self, studio: Studio, other: tuple[AccessUnit, ...]) -> None:
        after = (replace(unit, received_at=102 + unit.received_at, ticks=180_000 + unit.ticks) for unit in other)
        studio.window.play((*FILM[:20], *after))
        recorded = studio.record(ClipWish(4))
        assert recorded.shortened_by == "the camera changed the size or the codec of its pictures"
        assert studio.finished()["frames"] == 20

    def test_ends_with_the_stream(self, studio: Studio) -> None:
        studio.window.play(FILM[:20])

        def cut() -> bool:
            if studio.now.seconds >= 101:
                studio.window.close()
            return False

        recorded = studio.record(ClipWish(4), cut)
        assert recorded.shortened_by == "the camera's stream was closed"

    def test_ends_where_this_machine_is_too_slow(self, studio: Studio) -> None:
        studio.window.play(FILM[:20])

        def cut() -> bool:
            studio.window.dropped = 15 if studio.now.seconds > 101 else 0
            return False

        assert studio.record(ClipWish(4), cut).shortened_by == "too slow"

    def test_keeps_times_that_rise_where_the_camera_s_clock_jumps_back(self, studio: Studio) -> None:
        jumped = (replace(unit, ticks=unit.ticks - 90_000) for unit in FILM[20:])
        studio.window.play((*FILM[:20], *jumped))
        assert studio.record(ClipWish(4)).shortened_by is None
        assert studio.finished()["frames"] == 40

    def test_is_no_longer_for_pictures_that_were_lost_just_before_its_end(self, studio: Studio) -> None:
        late = (replace(unit, ticks=unit.ticks + 180_000, received_at=unit.received_at + 2) for unit in FILM[20:])
        studio.window.play((*FILM[:20], *late))
        recorded = studio.record(ClipWish(4.05))
        told = studio.finished()
        assert told["frames"] == 21
        assert recorded.seconds == told["seconds"] == pytest.approx(4.1, abs=0.01)

    def test_is_what_a_camera_leaves_that_sends_more_than_any_camera_should(self, studio: Studio) -> None:
        most = sum(len(unit.data) for unit in FILM) // 2
        studio.recorder = replace(studio.recorder, max_bytes=most)
        studio.window.play(FILM)
        recorded = studio.record(ClipWish(5))
        assert recorded.shortened_by == f"it would become larger than {most // 1_000_000} MB"
        assert 0 < studio.finished()["seconds"] < 5
        assert studio.growing.stat().st_size < most * 1.1

    @pytest.mark.parametrize("room", [1_000, 400_000])
    def test_is_whole_as_far_as_the_disk_took_it(self, studio: Studio, room: int) -> None:
        studio.window.play(FILM)
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        # As if no block were left: what does not fit fails in the middle of the write.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
        try:
            with pytest.raises(OSError, match="File too large"):
                studio.record(ClipWish(5))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        if room > 1_000:
            assert studio.finished()["frames"] >= 15


class TestNoClip:
    def test_where_no_picture_comes(self, studio: Studio) -> None:
        with pytest.raises(CameraFaulty, match="no key frame for 20 s"):
            studio.record(ClipWish(1))
        assert not studio.growing.exists()

    def test_where_the_stream_is_in_trouble(self, studio: Studio) -> None:
        studio.stream.trouble = CameraUnreachable("no route")
        with pytest.raises(CameraUnreachable, match="no route"):
            studio.record(ClipWish(1))

    def test_at_once_where_the_password_is_refused(self, studio: Studio) -> None:
        studio.stream.trouble = CameraRefused("wrong password")
        with pytest.raises(CameraRefused):
            studio.record(ClipWish(1))
        assert studio.now.seconds < 101.5

    def test_where_it_is_cut_before(self, studio: Studio) -> None:
        with pytest.raises(CameraFaulty, match="before"):
            studio.record(ClipWish(1), lambda: True)

    def test_where_the_key_frame_is_none(self, studio: Studio) -> None:
        studio.window.play((replace(FILM[0], data=b"\0\0\0\1\x65" + bytes(100)),))
        with pytest.raises(CameraFaulty):
            studio.record(ClipWish(1))

    def test_where_the_disk_is_full(self, studio: Studio) -> None:
        studio.window.play(FILM)
        studio.growing.symlink_to("/dev/full")
        with pytest.raises(OSError, match="No space left on device"):
            studio.record(ClipWish(1))

    def test_where_the_disk_takes_none(self, studio: Studio) -> None:
        studio.window.play(FILM)
        studio.growing.mkdir()
        with pytest.raises(OSError, match="directory"):
            studio.record(ClipWish(1))


class TestLooks:
    @pytest.mark.parametrize(("every", "seconds"), [(1, [0, 1, 2, 3]), (2, [0, 2]), (3, [0, 3]), (0, [])])
    def test_come_every_so_often(self, studio: Studio, every: float, seconds: list[float]) -> None:
        studio.window.play(FILM)
        studio.record(ClipWish(4, look_every=every))
        assert [second for second, _ in studio.looks] == pytest.approx(seconds, abs=0.11)
        assert all(pixels(picture).size == (320, 240) for _, picture in studio.looks)

    def test_are_as_far_apart_where_an_interruption_ends_just_before_the_next_is_due(self, studio: Studio) -> None:
        gap = tuple(replace(one, received_at=one.received_at + 2.97, ticks=one.ticks + 267_300) for one in FILM[10:])
        studio.window.play(FILM[:10])
        studio.window.play(gap)
        studio.record(ClipWish(6, look_every=2))
        assert [second for second, _ in studio.looks] == pytest.approx([0, 3.97], abs=0.01)

    def test_come_of_what_was_before_the_press_too(self, studio: Studio) -> None:
        studio.have(FILM[:35])
        studio.window.play(FILM[35:])
        studio.record(ClipWish(1, before=3, look_every=1))
        assert [round(second) for second, _ in studio.looks] == [0, 1, 2, 3, 4]

    def test_never_keep_the_recording_waiting(self, studio: Studio) -> None:
        studio.window.play(FILM)
        goes_on = threading.Event()
        ended_first: list[bool] = []

        def look(_second: float, _picture: bytes) -> None:
            ended_first.append(goes_on.wait(5))

        def cut() -> bool:
            if studio.now.seconds >= 103.5:
                goes_on.set()
            return False

        wish = ClipWish(4, look_every=1)
        assert studio.recorder.record(studio.growing, wish, studio.ages.append, look, cut).shortened_by is None
        assert ended_first[0]

    def test_are_left_out_where_a_picture_is_damaged(self, studio: Studio) -> None:
        units = list(FILM)
        units[20] = replace(units[20], data=units[20].data[: len(units[20].data) // 2])
        studio.window.play(tuple(units))
        assert studio.record(ClipWish(4, look_every=1)).shortened_by is None
        assert [round(second) for second, _ in studio.looks] == [0, 1, 3]


class TestATornClip:
    def test_plays_up_to_its_last_second_at_every_moment(self, studio: Studio) -> None:
        """As after kill -9: what the file holds while it still grows."""
        studio.window.play(FILM)
        held: list[tuple[float, float]] = []

        def cut() -> bool:
            size = studio.growing.stat().st_size
            copy = studio.folder / "killed.mp4"
            copy.write_bytes(studio.growing.read_bytes()[:size])
            came = studio.now.seconds - 100
            if came >= 2:
                held.append((came, studio.recorder.finish(copy, studio.clip)))
            return False

        studio.record(ClipWish(5), cut)
        assert len(held) >= 25
        assert all(came - seconds <= 1.6 for came, seconds in held), held

    @pytest.mark.parametrize("codec", Codec)
    def test_is_finished_wherever_it_was_torn(self, studio: Studio, codec: Codec) -> None:
        studio.window.play(starting(film(4, codec=codec, b_frames=2), 100.0))
        studio.record(ClipWish(4))
        whole = studio.growing.read_bytes()
        lengths = []
        for size in range(0, len(whole), len(whole) // 15):
            studio.growing.write_bytes(whole[:size])
            try:
                lengths.append(studio.recorder.finish(studio.growing, studio.clip))
                assert probed(studio.clip)["frames"]
            except CameraFaulty:
                lengths.append(0.0)
        assert lengths == sorted(lengths)
        assert lengths[-1] >= 2.5

    @pytest.mark.parametrize("content", [b"", b"no clip", bytes(5000)])
    def test_may_hold_nothing(self, studio: Studio, content: bytes) -> None:
        studio.growing.write_bytes(content)
        with pytest.raises(CameraFaulty):
            studio.recorder.finish(studio.growing, studio.clip)

    def test_has_to_be_there(self, studio: Studio) -> None:
        with pytest.raises(FileNotFoundError):
            studio.recorder.finish(studio.growing, studio.clip)

    def test_needs_a_disk_that_takes_it(self, studio: Studio) -> None:
        studio.window.play(FILM)
        studio.record(ClipWish(1))
        with pytest.raises(OSError, match="No such file"):
            studio.recorder.finish(studio.growing, studio.folder / "nowhere" / "clip.mp4")
