"""A session and a reader with the whole simulated camera: what streams of real cameras have been seen to do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

from demo.camera import SimulatedCamera
from demo.camera.digest import Algorithm
from demo.camera.events import SnapshotTaken
from demo.camera.lockout import LockoutPolicy
from demo.camera.stream import (
    Codec,
    DescriptionFault,
    Film,
    Full,
    ParameterSets,
    SendingFault,
    StrayFault,
    StreamFaults,
)
from tests.camera_simulator.conftest import PASSWORD, USERNAME
from tests.support.clock import Clock
from tests.support.waiting import eventually
from tests.worker.stream.ticking import Ticking
from worker.camera.amcrest import AmcrestCamera
from worker.camera.digest import Credentials
from worker.camera.http import CameraHttp
from worker.camera.lockout import Lockout
from worker.domain.errors import CameraError, CameraFaulty, CameraRefused, CameraUnreachable, CameraUnsupported
from worker.domain.video import AccessUnit
from worker.stream.address import read_address
from worker.stream.reader import StreamReader
from worker.stream.session import Session

pytestmark = pytest.mark.slow

LONG = 20.0
FILM = Film(size=(320, 240), fps=30, key_frame_distance=6, bit_rate=300_000)
NEW = "a new password"


def _changed(value: object) -> str | None:
    """What the faults are, for the name of the test."""
    if not isinstance(value, StreamFaults):
        return None
    usual = StreamFaults()
    return ",".join(name for name, one in vars(value).items() if one != getattr(usual, name))


def newest_group(stream: StreamReader) -> tuple[AccessUnit, ...]:
    """What has come since the newest key frame, once something has."""
    return stream.window.read(stream.window.place(float("inf")), LONG) or ()


@pytest.fixture
def camera(photos: Path) -> Iterator[SimulatedCamera]:
    with SimulatedCamera(photos=photos, username=USERNAME, password=PASSWORD, film=FILM) as camera:
        yield camera


@pytest.fixture
def http(camera: SimulatedCamera, tmp_path: Path) -> Iterator[CameraHttp]:
    url, credentials = f"http://{camera.host}", Credentials(USERNAME, PASSWORD)
    http = CameraHttp(url, credentials, Lockout(tmp_path / "lockout.json", url, credentials))
    yield http
    http.close()


def watch(camera: SimulatedCamera, http: CameraHttp, count: int = 10, subtype: int = 0) -> list[AccessUnit]:
    # Encoded before it is asked for: on a busy machine that takes longer than a session waits.
    camera.state.stream.reel(subtype)
    with Session(read_address(camera.stream_url(subtype)), http.account) as session:
        return list(islice(session, count))


def reader(camera: SimulatedCamera, http: CameraHttp) -> StreamReader:
    """Which tries again at once."""
    address = read_address(camera.stream_url())

    def open_session(is_over: Callable[[], bool]) -> Session:
        return Session(address, http.account, is_over)

    def hardly(over: Event, failures: int) -> None:
        over.wait(0.01 * failures)

    return StreamReader(open_session, pause=hardly)


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize("subtype", [0, 1])
def test_pictures_come_in_time(camera: SimulatedCamera, http: CameraHttp, codec: Codec, subtype: int) -> None:
    camera.state.stream.film = replace(FILM, codec=codec)
    units = watch(camera, http, 13, subtype)
    assert [unit.key for unit in units] == [index % 6 == 0 for index in range(13)]
    assert [unit.ticks for unit in units] == [index * 3000 for index in range(13)]
    assert camera.state.stream.sessions.torn_down == 1


@pytest.mark.parametrize(
    "faults",
    [
        StreamFaults(qop=True),
        StreamFaults(algorithms=(Algorithm.MD5, Algorithm.SHA_256)),
        StreamFaults(algorithms=(Algorithm.SHA_256,), qop=True),
        StreamFaults(offers_basic=True),
        StreamFaults(nonce_per_request=True, qop=True),
        StreamFaults(reused_nonce_is_refused=True, qop=True),
        StreamFaults(asks_for_no_login=True),
        StreamFaults(options_needs_login=True),
        StreamFaults(ends_connection_after_401=True),
        StreamFaults(knows_no_get_parameter=True),
        StreamFaults(no_content_base=True),
        StreamFaults(no_rtp_info=True),
        StreamFaults(other_channels=True),
        StreamFaults(rtp_before_play_answer=True),
        StreamFaults(description=DescriptionFault.FRAGMENT),
        StreamFaults(parameter_sets=ParameterSets.DESCRIPTION),
        StreamFaults(parameter_sets=ParameterSets.BAND),
        StreamFaults(starts_anywhere=True),
        StreamFaults(no_marker_bits=True),
        StreamFaults(early_marker_bits=True),
        StreamFaults(strays=StrayFault.CHANNEL),
        StreamFaults(strays=StrayFault.SSRC),
        StreamFaults(loses_every=40),
        StreamFaults(timestamp_offset=40_000.0),
    ],
    ids=_changed,
)
def test_an_odd_camera_s_pictures_come_all_the_same(
    camera: SimulatedCamera, http: CameraHttp, faults: StreamFaults
) -> None:
    camera.state.stream.faults = faults
    units = watch(camera, http, 13)
    assert units[0].key
    assert len(units) == 13
    assert camera.state.stream.sessions.open_now == 0
    assert camera.state.logins.refused == 0
    assert camera.state.logins.basic_attempts == 0


@pytest.mark.parametrize(
    ("faults", "error", "said"),
    [
        (StreamFaults(basic_only=True), CameraFaulty, "Basic only.*choose digest"),
        (StreamFaults(description=DescriptionFault.NO_VIDEO), CameraUnsupported, "no video"),
        (StreamFaults(description=DescriptionFault.MJPEG), CameraUnsupported, "JPEG"),
        (StreamFaults(description=DescriptionFault.RUBBISH), CameraFaulty, "unreadable"),
        (StreamFaults(description=DescriptionFault.EMPTY), CameraFaulty, "empty"),
        (StreamFaults(description=DescriptionFault.HUGE), CameraFaulty, "length"),
        (StreamFaults(huge_header=True), CameraFaulty, "headers without end"),
        (StreamFaults(redirect_to="rtsp://192.0.2.1/"), CameraFaulty, "302"),
        (StreamFaults(sending=SendingFault.CUTS), CameraUnreachable, "ended|broke"),
        (StreamFaults(sending=SendingFault.ENDS), CameraUnreachable, "ended|broke"),
        (StreamFaults(sending=SendingFault.BYE), CameraUnreachable, "ended|broke"),
        (StreamFaults(sending=SendingFault.TEARDOWN), CameraUnreachable, "ended|broke"),
        (StreamFaults(when_full=Full.FORBIDDEN), CameraFaulty, "busy.*403"),
        (StreamFaults(when_full=Full.NOT_ENOUGH_BANDWIDTH), CameraFaulty, "busy.*453"),
        (StreamFaults(when_full=Full.SERVICE_UNAVAILABLE), CameraFaulty, "busy.*503.*its own source"),
        (StreamFaults(when_full=Full.UNAUTHORIZED), CameraUnsupported, "stream sessions are taken"),
        (StreamFaults(refuses_right_login=True), CameraUnsupported, "right to live view"),
    ],
    ids=_changed,
)
def test_one_that_cannot_be_watched_says_why_and_loses_no_session(
    camera: SimulatedCamera, http: CameraHttp, faults: StreamFaults, error: type[CameraError], said: str
) -> None:
    camera.state.stream.faults = faults
    camera.state.stream.sessions.limit = 0 if "busy" in said or "taken" in said else 6
    with pytest.raises(error, match=said) as raised:
        watch(camera, http, 1000)
    assert PASSWORD not in f"{raised.value!r} {raised.value.__cause__!r}"
    assert camera.state.logins.refused == 0
    assert AmcrestCamera(http).snapshot()


def test_one_that_sends_reports_in_its_pictures_place_is_lost_as_soon_as_one_that_sends_nothing(
    camera: SimulatedCamera, http: CameraHttp
) -> None:
    clock = Ticking(0.05)
    with Session(read_address(camera.stream_url()), http.account, monotonic=clock) as session:
        units = iter(session)
        next(units)
        camera.state.stream.faults.sending = SendingFault.REPORTS_ALONE
        with pytest.raises(CameraUnreachable, match="stopped sending pictures"):
            list(units)
    assert camera.state.stream.sessions.open_now == 0


def test_frames_too_large_are_passed_over(camera: SimulatedCamera, http: CameraHttp) -> None:
    camera.state.stream.faults.huge_frame = True
    address, clock = read_address(camera.stream_url()), Ticking(0.001)
    with Session(address, http.account, monotonic=clock) as session, pytest.raises(CameraFaulty, match="key frame"):
        list(session)


def test_it_is_away_and_comes_back(camera: SimulatedCamera, http: CameraHttp) -> None:
    stream = reader(camera, http)
    with capture_logs() as logs, stream.needed():
        assert newest_group(stream)
        camera.switch_off()
        assert eventually(lambda: stream.trouble)
        camera.switch_on()
        assert eventually(lambda: stream.trouble is None)
        assert newest_group(stream)
    actions = [line["action"] for line in logs]
    assert actions[0] == "stream_opened"
    assert actions.count("stream_back") == 1
    assert 1 <= actions.count("stream_lost") <= 2
    assert PASSWORD not in str(logs)
    assert eventually(lambda: camera.state.stream.sessions.open_now == 0)
    assert camera.state.logins.refused == 0


def test_one_that_is_full_is_watched_once_it_has_room(camera: SimulatedCamera, http: CameraHttp) -> None:
    camera.state.stream.sessions.limit = 0
    stream = reader(camera, http)
    with stream.needed():
        assert isinstance(eventually(lambda: stream.trouble), CameraFaulty)
        camera.state.stream.sessions.limit = 1
        assert newest_group(stream)
    assert camera.state.stream.sessions.open_now == 0


@pytest.mark.parametrize("cut_first", [True, False])
def test_a_password_changed_under_way_costs_two_refused_logins_at_both_ports_together(
    camera: SimulatedCamera, http: CameraHttp, *, cut_first: bool
) -> None:
    camera.state.logins.lockout.policy = LockoutPolicy(attempts=3)
    stream, client = reader(camera, http), AmcrestCamera(http)
    with stream.needed():
        assert newest_group(stream)
        client.snapshot()
        camera.state.logins.change_password(NEW)
        if cut_first:
            camera.state.stream.faults.sending = SendingFault.CUTS
            assert eventually(lambda: isinstance(stream.trouble, CameraRefused))
        for _ in range(5):
            with pytest.raises(CameraRefused):
                client.snapshot()
        camera.state.stream.faults.sending = SendingFault.CUTS
        assert eventually(lambda: isinstance(stream.trouble, CameraRefused))
    assert 1 <= camera.state.logins.refused <= 2
    assert len(camera.state.journal.of(SnapshotTaken)) == 1


def test_one_whose_http_is_down_is_not_logged_in_to(camera: SimulatedCamera, http: CameraHttp) -> None:
    other = CameraHttp("http://127.0.0.1:9", Credentials(USERNAME, PASSWORD), http._guard._lockout)
    with pytest.raises(CameraUnreachable):
        watch(camera, other)
    assert camera.state.logins.counts.total() == 0


def test_a_session_lives_longer_than_its_time_out(camera: SimulatedCamera, http: CameraHttp) -> None:
    clock = Clock()
    with Session(read_address(camera.stream_url()), http.account, monotonic=clock) as session:
        units = iter(session)
        for _ in range(60):
            next(units)
            clock.now += 4.0
    assert [one.method for one in camera.state.stream.requests].count("GET_PARAMETER") >= 5
    assert camera.state.logins.refused == 0
