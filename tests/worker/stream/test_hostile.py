"""Whatever comes, it is read or refused in the documented way, and nothing grows beyond its cap."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.worker.stream.packets import SDP, interleaved, key_unit, rtp, slice_unit
from tests.worker.stream.peer import Peer, reply
from tests.worker.stream.test_pictures import H264, H265
from worker.domain.errors import CameraError, CameraFaulty, CameraUnreachable, CameraUnsupported
from worker.domain.video import AccessUnit
from worker.stream import session as session_module
from worker.stream.account import NoAccount
from worker.stream.address import NotAnAddress, read_address, resolve
from worker.stream.pictures import Pictures
from worker.stream.rtcp import read_control
from worker.stream.rtp import read_packet
from worker.stream.rtsp import MAX_BODY_BYTES, MAX_HEAD_BYTES, Interleaved, Message, MessageReader
from worker.stream.sdp import MAX_PARAMETER_SET_BYTES, MAX_PARAMETER_SETS, MAX_SDP_BYTES, read_sdp
from worker.stream.session import Session

ANSWER = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4\r\n\r\nbody"
PARTS = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([ANSWER, interleaved(b"abc"), b"$\0\xff\xff", b"OPTIONS * RTSP/1.0\r\n\r\n", b"\r\n"]),
)
LINES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [*SDP.splitlines(), b"m=video 0 RTP/AVP 999", b"a=rtpmap:96 H265/0", b"a=fmtp:96 sprop-vps=%;;=", b"m="]
    ),
)
HEADS = st.sampled_from([0x1C, 0x7C, 0x18, 0x67, 0x68, 0x65, 0x41, 0x62, 0x60, 0x26, 0x02, 0x40])
PAYLOADS = st.builds(lambda head, rest: bytes((head,)) + rest, HEADS, st.binary(max_size=40)) | st.binary(max_size=40)


def receiver(data: bytes, most: int) -> Callable[[memoryview], int]:
    left = memoryview(data)

    def receive_into(buffer: memoryview) -> int:
        nonlocal left
        count = min(len(left), len(buffer), most)
        buffer[:count] = left[:count]
        left = left[count:]
        return count

    return receive_into


def messages(data: bytes, most: int = 65_536) -> Iterable[Message]:
    reader = MessageReader(receiver(data, most))
    while True:
        try:
            message = reader.read()
        except CameraUnreachable:
            return
        yield (
            Interleaved(message.channel, memoryview(bytes(message.data)))
            if isinstance(message, Interleaved)
            else message
        )


@given(st.lists(PARTS, max_size=20), st.integers(1, 70))
def test_any_bytes_are_messages_or_a_fault_however_they_arrive(parts: list[bytes], most: int) -> None:
    data = b"".join(parts)
    found: list[list[Message]] = [[], []]
    for into, piece in zip(found, (most, len(data) + 1), strict=True):
        with suppress(CameraFaulty):
            into.extend(messages(data, piece))
    assert found[0] == found[1]


@given(st.lists(LINES, max_size=30).map(b"\r\n".join) | st.binary())
@example(SDP)
def test_any_description_is_a_track_or_an_error_of_the_camera(body: bytes) -> None:
    try:
        video = read_sdp(body).video
    except (CameraFaulty, CameraUnsupported) as error:
        said = str(error)
    else:
        said = repr(video)
        assert 0 <= video.payload_type < 128
        assert video.clock > 0
        assert len(video.parameter_sets) <= MAX_PARAMETER_SETS
        assert all(0 < len(unit) <= MAX_PARAMETER_SET_BYTES for unit in video.parameter_sets)
    assert said.isprintable()


@given(st.lists(st.tuples(PAYLOADS, st.integers(1, 3), st.integers(0, 1), st.booleans()), max_size=30), st.booleans())
def test_any_packets_are_pictures_or_none(sent: list[tuple[bytes, int, int, bool]], h265: bool) -> None:  # noqa: FBT001
    pictures = Pictures(H265 if h265 else H264)
    sequence, timestamp, units = 0, 0, list[AccessUnit]()
    for payload, step, ticks, marker in sent:
        sequence, timestamp = sequence + step, timestamp + ticks
        if packet := read_packet(memoryview(rtp(payload, sequence, timestamp, marker=marker))):
            units += pictures.put(packet)
    assert all(unit.data.startswith(b"\0\0\0\1") for unit in units)
    assert not units or units[0].key


@given(st.binary(max_size=100))
def test_any_bytes_are_a_packet_or_none(data: bytes) -> None:
    packet = read_packet(memoryview(data))
    assert packet is None or len(packet.payload) <= len(data) - 12


@given(st.binary(max_size=100))
def test_any_bytes_are_a_report_of_some_kind(data: bytes) -> None:
    assert read_control(memoryview(data)).last_report >= 0


@given(st.text(max_size=60), st.text(max_size=60))
@example("host", "rtsp://[")
def test_any_control_attribute_is_an_address_or_none(base: str, control: str) -> None:
    with suppress(NotAnAddress):
        assert not set(resolve(f"rtsp://{base}", control)) & set("\r\n \0")


@given(st.text(max_size=60) | st.text(max_size=60).map("rtsp://".__add__))
def test_any_address_is_read_or_refused_without_being_shown(url: str) -> None:
    try:
        said = read_address(url).url
    except NotAnAddress as error:
        said = str(error)
        assert len(url) < 12 or url not in said  # most texts are refused, some are not
    assert said.isprintable()


@pytest.mark.parametrize(
    "data",
    [
        b"RTSP/1.0 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n",
        b"RTSP/1.0 200 OK\r\nA: " + b"b" * MAX_HEAD_BYTES + b"\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1),
        b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        bytes(MAX_HEAD_BYTES),
    ],
    ids=["headers", "head", "body", "negative body", "http", "zeros"],
)
def test_what_is_too_long_or_no_rtsp_is_a_fault(data: bytes) -> None:
    with pytest.raises(CameraFaulty):
        list(messages(data))


def test_the_largest_packets_and_answers_are_read_one_after_the_other() -> None:
    answer = b"RTSP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % MAX_BODY_BYTES + bytes(MAX_BODY_BYTES)
    packet, response = messages(interleaved(bytes(65_535)) + answer)
    assert list(messages((interleaved(bytes(65_535)) + answer) * 5, most=50_000)) == [packet, response] * 5


def test_a_description_too_long_is_a_fault() -> None:
    with pytest.raises(CameraFaulty, match="too long"):
        read_sdp(bytes(MAX_SDP_BYTES + 1))


def test_pictures_that_pile_up_while_an_answer_is_waited_for_end_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "MAX_GROUP_BYTES", 100_000)
    flood = b"".join(interleaved(rtp(key_unit(10_000), at, at)) for at in range(30))
    with (
        Peer({"PLAY": [flood + reply(200)]}) as peer,
        pytest.raises(CameraFaulty, match="more than can be taken in"),
        Session(peer.address, NoAccount()),
    ):
        pass


@pytest.mark.parametrize(
    "script",
    [
        {"SETUP": [reply(200)]},
        {"SETUP": [reply(200, "Session: ;timeout=1")]},
        {"DESCRIBE": [reply(302, "Location: rtsp://192.0.2.1/")]},
        {"DESCRIBE": [reply(200, body=SDP.replace(b"trackID=0", b"rtsp://u:p@192.0.2.1/"))]},
        {"OPTIONS": [b"SSH-2.0-OpenSSH_9.6\r\n\r\n"]},
    ],
    ids=["no session", "empty session", "elsewhere", "login in an address", "no rtsp"],
)
def test_an_odd_answer_is_the_camera_s_error(script: dict[str, Sequence[bytes]]) -> None:
    with Peer(script) as peer, pytest.raises(CameraError), Session(peer.address, NoAccount()):
        pass


def test_a_session_and_a_base_that_would_break_a_request_in_two_are_not_taken() -> None:
    base = reply(200, "Content-Base: rtsp://x/ HTTP", body=SDP)
    picture = interleaved(rtp(key_unit(), 1, 0)) + interleaved(rtp(slice_unit(), 2, 6000))
    with Peer({"DESCRIBE": [base]}, picture) as peer:
        with Session(peer.address, NoAccount()) as session:
            next(iter(session))
        assert peer.urls("PLAY") == [peer.address.url]
