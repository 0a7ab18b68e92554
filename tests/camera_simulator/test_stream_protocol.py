"""RTSP word by word: sessions, logins, and who keeps one alive."""

import socket
from collections.abc import Iterator
from itertools import pairwise
from threading import enumerate as threads

import pytest

from demo.camera import SessionEnd, SessionEnded, SimulatedCamera
from demo.camera.digest import Account, Algorithm
from demo.camera.stream import Codec, Film, Full, ParameterSets, StreamFaults
from demo.program import PATIENCE_SECONDS
from tests.camera_simulator.conftest import PASSWORD, USERNAME, Visitor
from tests.camera_simulator.viewer import TCP, Viewer, parameter
from tests.support.clock import Clock
from tests.support.host import CHECKOUT

pytestmark = pytest.mark.slow

SMALL = Film(size=(320, 180), fps=30, bit_rate=400_000, key_frame_distance=5)
WRONG = Account(USERNAME, "wrong")


@pytest.fixture
def camera(clock: Clock) -> Iterator[SimulatedCamera]:
    photos = CHECKOUT / "demo" / "photos"
    with SimulatedCamera(photos=photos, password=PASSWORD, clock=clock, sleep=clock.sleep, film=SMALL) as camera:
        yield camera


@pytest.fixture
def viewer(camera: SimulatedCamera) -> Iterator[Viewer]:
    with Viewer(camera) as viewer:
        yield viewer


def last_end(camera: SimulatedCamera, count: int = 1) -> SessionEnd:
    return camera.state.journal.wait_for(SessionEnded, count, PATIENCE_SECONDS)[-1].reason


def test_it_is_described_as_dahuas_are(viewer: Viewer) -> None:
    described = viewer.log_in()
    assert described.headers["content-base"] == f"{viewer.url}/"
    assert viewer.url.endswith("/cam/realmonitor?channel=1&subtype=0")
    tracks = described.body.decode().split("m=")
    assert [track.split()[0] for track in tracks[1:]] == ["video", "audio", "application"]
    assert "a=rtpmap:96 H264/90000\r\n" in tracks[1]
    assert "a=control:trackID=0\r\n" in tracks[1]
    assert parameter(described, "sprop-parameter-sets").count(",") == 1


def test_h265_is_described_with_three_parameter_sets(camera: SimulatedCamera, viewer: Viewer) -> None:
    camera.state.stream.film = Film(size=(320, 180), bit_rate=400_000, codec=Codec.H265)
    described = viewer.log_in()
    assert b"a=rtpmap:96 H265/90000\r\n" in described.body
    assert all(parameter(described, f"sprop-{name}") for name in ("vps", "sps", "pps"))


def test_parameter_sets_may_be_left_out_of_the_description(camera: SimulatedCamera, viewer: Viewer) -> None:
    camera.state.stream.faults.parameter_sets = ParameterSets.BAND
    assert b"sprop" not in viewer.log_in().body


def test_a_session_goes_from_describe_to_teardown(camera: SimulatedCamera, viewer: Viewer) -> None:
    assert viewer.play().status == 200
    assert camera.state.stream.sessions.open_now == 1
    assert viewer.video(1)[0].begins_key_frame
    assert viewer.ask("TEARDOWN", f"{viewer.url}/").status == 200
    sessions = camera.state.stream.sessions
    assert (sessions.open_now, sessions.peak, sessions.torn_down) == (0, 1, 1)
    assert last_end(camera) is SessionEnd.TEARDOWN
    told = [(request.method, request.status) for request in camera.state.stream.requests]
    assert told == [("DESCRIBE", 401), ("DESCRIBE", 200), ("SETUP", 200), ("PLAY", 200), ("TEARDOWN", 200)]


def test_only_tcp_is_spoken(viewer: Viewer) -> None:
    viewer.log_in()
    answer = viewer.ask("SETUP", f"{viewer.url}/trackID=0", Transport="RTP/AVP;unicast;client_port=5000-5001")
    assert answer.status == 461


@pytest.mark.parametrize(
    ("method", "where", "status"),
    [
        ("PLAY", "/trackID=0", 460),
        ("PLAY", "/elsewhere", 404),
        ("SETUP", "/trackID=7", 404),
        ("DESCRIBE", "0", 404),
        ("PAUSE", "/", 501),
    ],
)
def test_what_is_asked_of_a_wrong_address_is_refused(viewer: Viewer, method: str, where: str, status: int) -> None:
    viewer.log_in()
    viewer.session = viewer.ask("SETUP", f"{viewer.url}/trackID=0", **TCP).headers["session"].partition(";")[0]
    url = viewer.url.replace("realmonitor", "elsewhere") if where == "/elsewhere" else viewer.url + where
    assert viewer.ask(method, url, **TCP).status == status


def test_an_unknown_session_is_refused(viewer: Viewer) -> None:
    viewer.play()
    viewer.session = "another"
    assert [viewer.ask(method).status for method in ("PLAY", "GET_PARAMETER", "TEARDOWN")] == [454] * 3


def test_packets_belong_together_and_say_when_they_were_seen(viewer: Viewer) -> None:
    answer = viewer.play()
    pictures = viewer.pictures(4)
    numbers = [packet.sequence for picture in pictures for packet in picture]
    assert numbers == [(numbers[0] + step) % 65_536 for step in range(len(numbers))]
    assert f";seq={numbers[0]};" in answer.headers["rtp-info"]
    times = [picture[0].timestamp for picture in pictures]
    assert [(later - sooner) % 2**32 for sooner, later in pairwise(times)] == [3000] * 3
    assert all([packet.marker for packet in picture] == [False] * (len(picture) - 1) + [True] for picture in pictures)


def test_a_sender_report_comes_with_the_first_picture(viewer: Viewer) -> None:
    viewer.play()
    while (packet := viewer.packet()).channel == 0:
        pass
    assert (packet.channel, packet.raw[1]) == (1, 200)


def test_a_client_that_says_nothing_for_a_minute_is_dropped(
    camera: SimulatedCamera, viewer: Viewer, clock: Clock
) -> None:
    viewer.play()
    viewer.video(1)
    clock.now += 61
    with pytest.raises(EOFError):
        viewer.video(10_000)
    assert last_end(camera) is SessionEnd.TIMED_OUT
    assert camera.state.stream.sessions.open_now == 0


@pytest.mark.parametrize("sign", ["GET_PARAMETER", "SET_PARAMETER", "OPTIONS", "receiver report"])
def test_a_request_or_a_receiver_report_keeps_a_session_alive(
    camera: SimulatedCamera, viewer: Viewer, clock: Clock, sign: str
) -> None:
    viewer.play()
    clock.now += 50
    if sign == "receiver report":
        viewer.line.sendall(b"$\x01\x00\x08\x80\xc9\x00\x01\x00\x00\x00\x07")
    # Answered after what was said before it, so that the report has been heard.
    assert viewer.ask("OPTIONS" if sign == "receiver report" else sign).status == 200
    clock.now += 50
    viewer.pictures(3)
    assert camera.state.stream.sessions.open_now == 1


def test_whoever_leaves_without_a_teardown_still_counts_until_the_session_has_timed_out(
    camera: SimulatedCamera, clock: Clock
) -> None:
    sessions = camera.state.stream.sessions
    sessions.limit = 1
    with Viewer(camera) as leaving:
        leaving.play()
    assert last_end(camera) is SessionEnd.LEFT
    with Viewer(camera) as refused:
        assert refused.log_in().status == 403
    clock.now += 61
    with Viewer(camera) as viewer:
        assert viewer.play().status == 200
    assert sessions.peak == 1


@pytest.mark.parametrize("status", Full)
def test_a_full_camera_says_so_in_its_own_way_and_counts_no_wrong_login(
    camera: SimulatedCamera, viewer: Viewer, status: Full
) -> None:
    camera.state.stream.sessions.limit = 0
    camera.state.stream.faults.when_full = status
    assert viewer.log_in().status == status
    assert camera.state.logins.refused == 0


@pytest.mark.parametrize("faults", [StreamFaults(), StreamFaults(qop=True)], ids=["no qop", "qop"])
@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_digest_of_each_kind_is_accepted(camera: SimulatedCamera, faults: StreamFaults, algorithm: Algorithm) -> None:
    faults.algorithms = (algorithm,)
    camera.state.stream.faults = faults
    with Viewer(camera) as viewer:
        assert viewer.play().status == 200
    with Viewer(camera, WRONG) as intruder:
        assert intruder.log_in().status == 401
    assert camera.state.logins.refused == 1


def test_each_algorithm_has_a_challenge_and_basic_comes_last(camera: SimulatedCamera, viewer: Viewer) -> None:
    camera.state.stream.faults = StreamFaults(algorithms=(Algorithm.SHA_256, Algorithm.MD5), offers_basic=True)
    first, second, third = viewer.ask("DESCRIBE").challenges
    assert first.startswith("Digest ")
    assert "algorithm=SHA-256" in first
    assert "SHA-256" not in second
    assert third.startswith("Basic ")


def test_wrong_logins_over_either_port_count_towards_one_lock_out(camera: SimulatedCamera) -> None:
    camera.state.logins.lockout.policy = type(camera.state.logins.lockout.policy)(attempts=2)
    with Viewer(camera, WRONG) as intruder:
        intruder.log_in()
    with Visitor(camera, "wrong") as intruder_too:
        assert intruder_too.get("snapshot.cgi").status_code == 401
    with Viewer(camera) as owner, Visitor(camera) as owner_too:
        assert owner.log_in().status == 401
        assert owner_too.get("snapshot.cgi").status_code == 401
    assert camera.state.logins.refused == 4


def test_a_right_login_that_is_refused_is_no_wrong_one(camera: SimulatedCamera, viewer: Viewer) -> None:
    camera.state.stream.faults.refuses_right_login = True
    assert viewer.log_in().status == 401
    assert camera.state.logins.refused == 0


def test_a_user_without_the_right_to_watch_is_refused(camera: SimulatedCamera, viewer: Viewer) -> None:
    camera.state.logins.account = Account(USERNAME, PASSWORD, frozenset({"snapshot.cgi"}))
    assert viewer.log_in().status == 401
    assert camera.state.logins.refused == 0


def test_a_password_that_was_changed_is_refused_from_the_next_request_on(
    camera: SimulatedCamera, viewer: Viewer
) -> None:
    viewer.play()
    camera.state.logins.change_password("new")
    assert viewer.ask("GET_PARAMETER").status == 401
    assert camera.state.logins.refused == 1


def test_an_old_nonce_is_stale_and_counts_as_nothing(camera: SimulatedCamera, viewer: Viewer) -> None:
    viewer.play()
    camera.state.logins.expire_nonces()
    answer = viewer.ask("GET_PARAMETER")
    assert (answer.status, "stale=true" in answer.challenges[0]) == (401, True)
    assert camera.state.logins.refused == 0


def test_switched_off_it_ends_what_is_playing_and_comes_back_on_the_same_port(camera: SimulatedCamera) -> None:
    port, others = camera.rtsp_port, set(threads())
    with Viewer(camera) as viewer:
        viewer.play()
        camera.switch_off()
        assert not [thread for thread in set(threads()) - others if thread.is_alive()]
        with pytest.raises((EOFError, ConnectionError)):
            viewer.video(10_000)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    camera.switch_on()
    assert (camera.rtsp_port, camera.state.stream.sessions.open_now) == (port, 0)
    with Viewer(camera) as viewer:
        assert viewer.play().status == 200


def test_a_client_that_does_not_read_keeps_nobody_waiting(clock: Clock) -> None:
    before = set(threads())
    film = Film(size=(320, 180), fps=30, bit_rate=400_000, key_frame_distance=5)
    with SimulatedCamera(photos=CHECKOUT / "demo" / "photos", password=PASSWORD, clock=clock, film=film) as camera:
        camera.state.stream.faults.huge_frame = True
        with Viewer(camera) as unread:
            unread.play()
            unread.video(1)
            camera.switch_off()
    assert set(threads()) <= before


@pytest.mark.parametrize("noise", [b"\x00\xff\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"PLAY\r\n\r\n", b"$\x00"])
def test_it_survives_noise(camera: SimulatedCamera, noise: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection(("127.0.0.1", camera.rtsp_port), timeout=PATIENCE_SECONDS) as line:
        line.sendall(noise)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1024) == b""
    with Viewer(camera) as viewer:
        assert viewer.play().status == 200
    assert capfd.readouterr().err == ""


def test_a_camera_without_a_film_has_no_stream() -> None:
    with SimulatedCamera(photos=CHECKOUT / "demo" / "photos", password=PASSWORD) as camera, Visitor(camera) as visitor:
        assert camera.rtsp_port == 0
        assert visitor.get("configManager.cgi?action=getConfig&name=Encode").status_code == 400


def test_its_settings_are_the_films(camera: SimulatedCamera) -> None:
    with Visitor(camera) as visitor:
        camera.state.stream.film = Film(size=(1920, 1080), fps=15, key_frame_distance=30, bit_rate=4_096_000)
        told = visitor.get("configManager.cgi?action=getConfig&name=Encode").text.split()
        main = "table.Encode[0].MainFormat[0].Video."
        expected = {"Compression=H.264", "FPS=15", "GOP=30", "BitRate=4096", "resolution=1920x1080"}
        assert {line.removeprefix(main) for line in told} >= expected
        assert "table.Encode[0].ExtraFormat[0].Video.resolution=640x360" in told
        part = visitor.get("configManager.cgi?action=getConfig&name=Encode[0].MainFormat[0].Video").text.split()
        assert all(line.startswith(main) for line in part)
        camera.state.stream.smart_codec = True
        smart = visitor.get("configManager.cgi?action=getConfig&name=SmartEncode").text
        assert smart == "table.SmartEncode[0].Enable=true\r\n"
