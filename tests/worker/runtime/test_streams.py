from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.waiting import eventually
from tests.worker.fakes import Diary, FakeCamera
from tests.worker.stream.packets import key_unit, slice_unit, stream
from tests.worker.stream.peer import Peer
from worker.aws.clock import AwsClock
from worker.domain.errors import CameraFaulty
from worker.domain.video import AccessUnit, ClipWish, Codec, Recorded
from worker.runtime import filmed, streams
from worker.runtime.assembly import Device, make_device
from worker.runtime.filmed import Filmed, Filming, close_all
from worker.runtime.observer import NOBODY
from worker.runtime.streams import stream_address
from worker.settings import CameraSettings, load_cameras, load_configuration
from worker.stream.pictures import MAX_GROUP_PICTURES
from worker.video.hot import Hot
from worker.video.lazy import Lazy
from worker.video.lens import StreamLens

OWN = "rtsp://192.0.2.20:8554/lobby"
UNIT = AccessUnit(Codec.H264, b"", key=True, ticks=0, received_at=0.0)


def camera(**given: str) -> CameraSettings:
    return load_cameras({"CAMERA_HOST": "192.0.2.7", "CAMERA_PASSWORD": "x", **given})["default"]


@pytest.fixture
def device(tmp_path: Path) -> Device:
    worker = load_configuration(
        {
            "BUCKET_NAME": "photos",
            "TABLE_NAME": "records",
            "CAMERA_HOST": "192.0.2.7",
            "CAMERA_PASSWORD": "x",
            "DATA_DIR": str(tmp_path),
        }
    ).worker
    return make_device("lobby", camera(), worker, NOBODY)


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What each session was opened for, and what closed it, which lasts until nobody needs it."""
    opened: list[tuple[str, Any]] = []

    @contextmanager
    def session(address: Any, login: Any, is_over: Callable[[], bool], **_more: Any) -> Iterator[Iterator[AccessUnit]]:
        opened.append((address.url, login))
        over = Event()

        def pictures() -> Iterator[AccessUnit]:
            yield UNIT
            while not is_over():
                over.wait(0.01)

        yield pictures()
        opened.append(("closed", login))

    monkeypatch.setattr(streams, "Session", session)
    return opened


class TestTheAddress:
    @pytest.mark.parametrize(
        ("given", "url"),
        [
            ({}, "rtsp://192.0.2.7/cam/realmonitor?channel=1&subtype=0"),
            ({"CAMERA_STREAM": "main"}, "rtsp://192.0.2.7/cam/realmonitor?channel=1&subtype=0"),
            ({"CAMERA_STREAM": "sub"}, "rtsp://192.0.2.7/cam/realmonitor?channel=1&subtype=1"),
            ({"CAMERA_RTSP_PORT": "5554"}, "rtsp://192.0.2.7:5554/cam/realmonitor?channel=1&subtype=0"),
            ({"CAMERA_CHANNEL": "3"}, "rtsp://192.0.2.7/cam/realmonitor?channel=3&subtype=0"),
            ({"CAMERA_HOST": "https://c.lan:8443"}, "rtsp://c.lan/cam/realmonitor?channel=1&subtype=0"),
            ({"CAMERA_HOST": "[2001:db8::7]:80"}, "rtsp://[2001:db8::7]/cam/realmonitor?channel=1&subtype=0"),
            ({"CAMERA_STREAM_URL": OWN}, OWN),
            ({"CAMERA_STREAM_URL": OWN, "CAMERA_STREAM": "main"}, OWN),
            (
                {"CAMERA_STREAM_URL": OWN, "CAMERA_STREAM": "off"},
                "rtsp://192.0.2.7/cam/realmonitor?channel=1&subtype=0",
            ),
        ],
    )
    def test_is_that_of_the_camera_unless_another_is_set(self, given: dict[str, str], url: str) -> None:
        assert stream_address(camera(**given)).url == url


class TestACamera:
    @staticmethod
    def filmed(device: Device, before: float = 0.0, **given: str) -> Filmed:
        filming = Filming(before, AwsClock(), NOBODY)
        return filming.filmed("lobby", camera(**given), device.camera, device.account)

    def test_is_itself_where_the_extra_is_missing(self, device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filmed, "video_installed", lambda: False)
        assert self.filmed(device) == Filmed(device.camera)

    def test_is_recorded_but_not_watched_while_its_stream_is_off(self, device: Device) -> None:
        filmed = self.filmed(device, before=5)
        assert (filmed.device, filmed.tasks) == (device.camera, ())
        assert filmed.recorder is not None

    @pytest.mark.parametrize(("lens", "kind"), [("lazy", Lazy), ("hot", Hot)])
    def test_is_watched_for_its_lens(self, device: Device, lens: str, kind: type) -> None:
        filmed = self.filmed(device, CAMERA_STREAM="main", CAMERA_LENS=lens)
        assert isinstance(filmed.device, StreamLens)
        assert isinstance(filmed.device.newest, kind)
        assert len(filmed.tasks) == 1

    def test_is_watched_for_what_was_before_a_press(self, device: Device) -> None:
        assert len(self.filmed(device, before=5, CAMERA_STREAM="sub").tasks) == 1
        assert self.filmed(device, CAMERA_STREAM="sub").tasks == ()

    @pytest.mark.parametrize("lens", ["lazy", "hot"])
    def test_has_one_session_as_long_as_the_daemon_runs(
        self, device: Device, lens: str, sessions: list[tuple[str, Any]]
    ) -> None:
        filmed = self.filmed(device, CAMERA_STREAM="main", CAMERA_LENS=lens)
        stopping = Event()
        thread = Thread(target=filmed.tasks[0], args=(stopping,))
        thread.start()
        eventually(lambda: sessions)
        stopping.set()
        thread.join(5)
        assert [what for what, _ in sessions] == ["rtsp://192.0.2.7/cam/realmonitor?channel=1&subtype=0", "closed"]
        assert sessions[0][1] is device.account

    def test_gives_its_login_to_nobody_else(self, device: Device, sessions: list[tuple[str, Any]]) -> None:
        reader = streams.make_reader("lobby", camera(CAMERA_STREAM_URL=OWN), device.account)
        with reader.needed():
            assert reader.window.read(0, 5)
        assert sessions[0][0] == OWN
        assert sessions[0][1] is not device.account


class TestACameraWhoseStreamIsOff:
    """Its clips are of sessions of their own."""

    @staticmethod
    def record(filmed: Filmed, into: Path) -> Recorded:
        assert filmed.recorder is not None
        return filmed.recorder.record(
            into, ClipWish(1), lambda _age: None, lambda _second, _picture: None, lambda: True
        )

    def test_has_no_session_but_for_a_clip(
        self, device: Device, sessions: list[tuple[str, Any]], tmp_path: Path
    ) -> None:
        filmed = TestACamera.filmed(device, before=5)
        assert (filmed.tasks, sessions) == ((), [])
        with pytest.raises(CameraFaulty, match="was to end before"):
            self.record(filmed, tmp_path / "clip")
        assert [what for what, _ in sessions] == ["rtsp://192.0.2.7/cam/realmonitor?channel=1&subtype=0", "closed"]

    def test_begins_no_clip_once_the_worker_stops(
        self, device: Device, sessions: list[tuple[str, Any]], tmp_path: Path
    ) -> None:
        filmed = TestACamera.filmed(device)
        close_all([filmed])
        with pytest.raises(CameraFaulty, match="closed before a picture came"):
            self.record(filmed, tmp_path / "clip")
        assert sessions == []


def test_key_frames_too_far_apart_are_told_once_with_what_to_set(device: Device) -> None:
    too_long = [key_unit(), *[slice_unit()] * (MAX_GROUP_PICTURES + 5)]
    with Peer(stream=stream([*too_long, *too_long, key_unit(80)])) as peer, capture_logs() as logs:
        reader = streams.make_reader("lobby", camera(CAMERA_STREAM_URL=peer.address.url), device.account)
        with reader.needed():
            eventually(lambda: any(one.data.endswith(key_unit(80)) for one in reader.window.tail()))
    told = [line for line in logs if line["action"] == "key_frames_too_far_apart"]
    assert [(line["camera"], "I frame interval" in line["event"]) for line in told] == [("lobby", True)]


def test_all_sessions_are_closed_together_and_one_that_hangs_is_left() -> None:
    hangs, closed = Event(), Event()

    def hang() -> None:
        hangs.wait(5)

    camera = FakeCamera(Diary())
    close_all([Filmed(camera, close=hang), Filmed(camera, close=closed.set)])
    assert closed.is_set()
    hangs.set()
