"""Each fault of a stream, as it looks to who watches."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from demo.camera import ConnectionFault, SessionEnd, SessionEnded, SimulatedCamera
from demo.camera.stream import (
    DescriptionFault,
    Film,
    KeyFrameFault,
    ParameterSets,
    SendingFault,
    StrayFault,
    StreamFaults,
)
from demo.program import PATIENCE_SECONDS
from tests.camera_simulator.conftest import PASSWORD
from tests.camera_simulator.viewer import TCP, Viewer
from tests.support.host import CHECKOUT

pytestmark = pytest.mark.slow

SMALL = Film(size=(320, 180), fps=30, bit_rate=400_000, key_frame_distance=5)


@pytest.fixture
def camera() -> Iterator[SimulatedCamera]:
    with SimulatedCamera(photos=CHECKOUT / "demo" / "photos", password=PASSWORD, film=SMALL) as camera:
        yield camera


@pytest.fixture
def faults(camera: SimulatedCamera) -> StreamFaults:
    return camera.state.stream.faults


@pytest.fixture
def viewer(camera: SimulatedCamera) -> Iterator[Viewer]:
    with Viewer(camera) as viewer:
        yield viewer


def test_mute_it_answers_and_sends_nothing(viewer: Viewer, faults: StreamFaults) -> None:
    faults.sending = SendingFault.STALLS
    assert viewer.play().status == 200
    viewer.line.settimeout(0.5)  # longer than two key frames are apart
    with pytest.raises(TimeoutError):
        viewer.packet()


def test_it_may_send_reports_in_its_pictures_place(viewer: Viewer, faults: StreamFaults) -> None:
    faults.sending = SendingFault.REPORTS_ALONE
    viewer.play()
    assert {viewer.packet().channel for _ in range(3)} == {1}


def test_stalled_it_keeps_the_connection_and_can_go_on(viewer: Viewer, faults: StreamFaults) -> None:
    viewer.play()
    viewer.pictures(2)
    faults.sending = SendingFault.STALLS
    assert viewer.ask("GET_PARAMETER").status == 200
    faults.sending = None
    viewer.packets.clear()
    assert viewer.pictures(2)


@pytest.mark.parametrize("fault", [SendingFault.CUTS, SendingFault.ENDS])
def test_the_connection_ends_under_way(camera: SimulatedCamera, viewer: Viewer, fault: SendingFault) -> None:
    viewer.play()
    viewer.pictures(2)
    camera.state.stream.faults.sending = fault
    with pytest.raises(EOFError):
        viewer.video(10_000)
    (ended,) = camera.state.journal.wait_for(SessionEnded, 1, PATIENCE_SECONDS)
    assert ended.reason is SessionEnd.CAMERA
    assert camera.state.stream.sessions.open_now == 0


def test_a_cut_comes_in_the_middle_of_a_packet(viewer: Viewer, faults: StreamFaults) -> None:
    viewer.play()
    faults.sending = SendingFault.CUTS
    received = b"".join(iter(lambda: viewer.line.recv(65_536), b""))
    assert received.endswith(b"$\x00\x03\xe8" + bytes(496))


def test_the_end_is_said_by_rtcp(viewer: Viewer, faults: StreamFaults) -> None:
    viewer.play()
    (first,) = viewer.video(1)
    faults.sending = SendingFault.BYE
    while (packet := viewer.packet()).channel == 0 or packet.raw[1] != 203:
        pass
    assert packet.raw[4:8] == first.ssrc.to_bytes(4)


def test_the_camera_itself_tears_down(viewer: Viewer, faults: StreamFaults) -> None:
    viewer.play()
    faults.sending = SendingFault.TEARDOWN
    received = b"".join(iter(lambda: viewer.line.recv(65_536), b""))
    assert b"TEARDOWN * RTSP/1.0\r\n" in received[-100:]


def test_a_connection_that_is_reset(viewer: Viewer, faults: StreamFaults) -> None:
    faults.connection = ConnectionFault.RESETS
    with pytest.raises((ConnectionResetError, EOFError)):
        viewer.ask("OPTIONS")


def test_a_request_that_is_never_answered(camera: SimulatedCamera, viewer: Viewer, faults: StreamFaults) -> None:
    faults.connection = ConnectionFault.HANGS
    viewer.line.settimeout(0.1)
    with pytest.raises(TimeoutError):
        viewer.ask("OPTIONS")
    assert [request.status for request in camera.state.stream.requests] == [None]


def test_describe_is_redirected(viewer: Viewer, faults: StreamFaults) -> None:
    faults.redirect_to = "rtsp://192.0.2.1/elsewhere"
    answer = viewer.log_in()
    assert (answer.status, answer.headers["location"]) == (302, "rtsp://192.0.2.1/elsewhere")


def test_a_connection_ends_with_the_401(viewer: Viewer, faults: StreamFaults) -> None:
    faults.ends_connection_after_401 = True
    assert viewer.ask("DESCRIBE").status == 401
    assert viewer.line.recv(1) == b""


def test_headers_can_be_huge(viewer: Viewer, faults: StreamFaults) -> None:
    faults.huge_header = True
    assert len(viewer.ask("OPTIONS").headers["x-rubbish"]) == 1024 * 1024


def test_get_parameter_may_be_unknown(viewer: Viewer, faults: StreamFaults) -> None:
    faults.knows_no_get_parameter = True
    viewer.play()
    assert "GET_PARAMETER" not in viewer.ask("OPTIONS").headers["public"]
    assert viewer.ask("GET_PARAMETER").status == 501


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (DescriptionFault.NO_VIDEO, b"v=0\r\n"),
        (DescriptionFault.MJPEG, b"v=0\r\n"),
        (DescriptionFault.FRAGMENT, b"m=video"),
        (DescriptionFault.RUBBISH, b"\x00\x01\x02"),
        (DescriptionFault.HUGE, b"v=0\r\n"),
        (DescriptionFault.EMPTY, b""),
    ],
)
def test_a_description_can_be_wrong(
    viewer: Viewer, faults: StreamFaults, fault: DescriptionFault, expected: bytes
) -> None:
    faults.description = fault
    answer = viewer.log_in()
    assert answer.status == 200
    assert answer.body.startswith(expected)
    assert (b" H264/" in answer.body) == (fault in {DescriptionFault.FRAGMENT, DescriptionFault.HUGE})
    assert (len(answer.body) > 16_000_000) == (fault is DescriptionFault.HUGE)
    assert bool(answer.body) == (fault is not DescriptionFault.EMPTY)


def test_the_description_does_not_say_what_addresses_are_relative_to(viewer: Viewer, faults: StreamFaults) -> None:
    faults.no_content_base = True
    assert "content-base" not in viewer.log_in().headers


def test_channels_can_be_other_than_were_asked_for(viewer: Viewer, faults: StreamFaults) -> None:
    faults.other_channels = True
    viewer.log_in()
    assert "interleaved=10-11" in viewer.ask("SETUP", f"{viewer.url}/trackID=0", **TCP).headers["transport"]


def test_packets_come_before_the_answer_to_play(viewer: Viewer, faults: StreamFaults) -> None:
    faults.rtp_before_play_answer = True
    assert viewer.play().status == 200
    assert viewer.packets[0].begins_key_frame


def test_parameter_sets_can_be_in_the_description_alone(viewer: Viewer, faults: StreamFaults) -> None:
    faults.parameter_sets = ParameterSets.DESCRIPTION
    viewer.play()
    kinds = {packet.payload[0] & 0x1F for picture in viewer.pictures(6) for packet in picture}
    assert kinds <= {1, 5, 28}


def test_no_marker_bits(viewer: Viewer, faults: StreamFaults) -> None:
    faults.no_marker_bits = True
    viewer.play()
    assert not any(packet.marker for packet in viewer.video(30))


def test_marker_bits_that_come_early(viewer: Viewer, faults: StreamFaults) -> None:
    faults.early_marker_bits = True
    viewer.play()
    (picture,) = viewer.pictures(1)
    assert [packet.marker for packet in picture] == [True, *[False] * (len(picture) - 2), True]


def test_lost_packets_leave_gaps(viewer: Viewer, faults: StreamFaults) -> None:
    faults.loses_every = 5
    viewer.play()
    packets = viewer.video(40)
    steps = [(later.sequence - sooner.sequence) % 65_536 for sooner, later in pairwise(packets)]
    assert steps == [2 if number % 4 == 3 else 1 for number in range(len(steps))]


def test_timestamps_can_jump(viewer: Viewer, faults: StreamFaults) -> None:
    viewer.play()
    before = viewer.pictures(2)[1][0].timestamp
    faults.timestamp_offset = 3600
    while (seconds := (viewer.video(1)[0].timestamp - before) % 2**32 / 90_000) < 1000:
        pass
    assert 3600 < seconds < 3600 + PATIENCE_SECONDS


def test_after_the_first_key_frame_none_comes(viewer: Viewer, faults: StreamFaults) -> None:
    faults.key_frames = KeyFrameFault.ONLY_FIRST
    viewer.play()
    pictures = viewer.pictures(15)
    assert [picture[0].begins_key_frame for picture in pictures] == [True] + [False] * 14
    numbers = [packet.sequence for picture in pictures for packet in picture]
    assert numbers == [(numbers[0] + step) % 65_536 for step in range(len(numbers))]


def test_key_frames_get_lost(viewer: Viewer, faults: StreamFaults) -> None:
    faults.key_frames = KeyFrameFault.LOST
    viewer.play()
    pictures = viewer.pictures(10)
    assert not any(picture[0].begins_key_frame for picture in pictures)
    numbers = [packet.sequence for picture in pictures for packet in picture]
    assert (numbers[-1] - numbers[0]) % 65_536 > len(numbers) - 1


def test_it_can_begin_with_any_picture(viewer: Viewer, camera: SimulatedCamera) -> None:
    camera.state.stream.film = Film(size=(320, 180), bit_rate=400_000, key_frame_distance=150)
    camera.state.stream.reel(0)
    now = camera.state.stream.wall() // 10 * 10 + 4.9
    camera.state.stream.wall = lambda: now
    camera.state.stream.faults.starts_anywhere = True
    viewer.play()
    assert not viewer.video(1)[0].begins_key_frame


@pytest.mark.parametrize(("kind", "channel"), [(StrayFault.CHANNEL, 40), (StrayFault.SSRC, 0)])
def test_somebody_elses_packets_come_between(
    viewer: Viewer, faults: StreamFaults, kind: StrayFault, channel: int
) -> None:
    faults.strays = kind
    viewer.play()
    packets = [viewer.packet() for _ in range(30)]
    strays = [packet for packet in packets if packet.sequence == 1 and packet.timestamp == 1]
    assert {packet.channel for packet in strays} == {channel}
    assert {packet.ssrc for packet in strays}.isdisjoint(
        packet.ssrc for packet in packets if packet.channel == 0 and packet not in strays
    )


def test_a_key_frame_can_be_huge(viewer: Viewer, faults: StreamFaults) -> None:
    faults.huge_frame = True
    viewer.play()
    (picture,) = viewer.pictures(1)
    assert sum(len(packet.payload) for packet in picture) > 32 * 1024 * 1024


def test_the_film_may_change_under_way(camera: SimulatedCamera, viewer: Viewer) -> None:
    viewer.play()
    sizes = {viewer.video(1)[0].payload}
    camera.state.stream.film = Film(size=(480, 270), bit_rate=400_000, key_frame_distance=5)
    while len(sizes) < 2:
        (packet,) = viewer.video(1)
        if packet.begins_key_frame and packet.payload[0] & 0x1F == 24:
            sizes.add(packet.payload)


def test_all_is_cured_at_once(camera: SimulatedCamera, viewer: Viewer) -> None:
    camera.state.stream.faults = StreamFaults(knows_no_get_parameter=True, sending=SendingFault.STALLS)
    camera.state.stream.faults = StreamFaults()
    viewer.play()
    assert viewer.pictures(2)
