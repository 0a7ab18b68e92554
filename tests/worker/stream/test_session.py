"""One session with a peer that follows a script."""

from contextlib import suppress

import pytest

from tests.worker.stream.packets import PPS, SDP, SPS, interleaved, key_unit, rtp, slice_unit, stream
from tests.worker.stream.peer import LONG, PATH, Peer, challenge, reply
from worker.domain.errors import CameraError, CameraFaulty, CameraUnreachable, CameraUnsupported
from worker.domain.video import AccessUnit, Codec
from worker.stream.account import NoAccount
from worker.stream.address import Address
from worker.stream.session import Session

PICTURES = [key_unit(), slice_unit(), slice_unit(3000)]


def pictures(peer: Peer, count: int) -> list[AccessUnit]:
    with Session(peer.address, NoAccount()) as session:
        units = iter(session)
        return [next(units) for _ in range(count)]


def test_a_session_brings_the_pictures_and_is_torn_down() -> None:
    with Peer(stream=stream(PICTURES)) as peer:
        first, second, third = pictures(peer, 3)
        assert peer.torn_down.wait(LONG)
    start = b"\0\0\0\1"
    assert first.data == b"".join(start + unit for unit in (SPS, PPS, PICTURES[0]))
    assert [second.data, third.data] == [start + unit for unit in PICTURES[1:]]
    assert [unit.key for unit in (first, second, third)] == [True, False, False]
    assert [unit.ticks for unit in (first, second, third)] == [0, 6000, 12000]
    assert first.codec is Codec.H264
    assert peer.methods == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "TEARDOWN"]


def test_only_the_video_is_set_up_and_over_tcp() -> None:
    with Peer(stream=stream(PICTURES)) as peer:
        pictures(peer, 1)
    (setup,) = [one for one in peer.asked if one.method == "SETUP"]
    assert setup.url == f"rtsp://127.0.0.1{PATH}/trackID=0"
    assert setup.headers["transport"] == "RTP/AVP/TCP;unicast;interleaved=0-1"
    assert not [one for one in peer.asked if "require" in one.headers]


def test_play_and_teardown_take_the_aggregate_address_and_the_session() -> None:
    with Peer(stream=stream(PICTURES)) as peer:
        pictures(peer, 1)
    for method in ("PLAY", "TEARDOWN"):
        assert peer.urls(method) == [f"rtsp://127.0.0.1{PATH}/"]
    assert {one.headers["session"] for one in peer.asked if one.method in {"PLAY", "TEARDOWN"}} == {"42"}


@pytest.mark.parametrize("status", [403, 453, 503])
def test_a_camera_whose_sessions_are_taken_is_busy(status: int) -> None:
    with Peer({"PLAY": [reply(status)]}) as peer, pytest.raises(CameraFaulty, match=f"busy.*{status}.*other apps"):
        pictures(peer, 1)
    assert peer.methods[-1] == "TEARDOWN"


def test_no_stream_there_is_said_to_be_none() -> None:
    with Peer({"DESCRIBE": [reply(404)]}) as peer, pytest.raises(CameraUnsupported, match="no such stream"):
        pictures(peer, 1)


def test_an_address_of_one_s_own_gets_no_password() -> None:
    with Peer({"DESCRIBE": [challenge()]}) as peer, pytest.raises(CameraUnsupported, match="gets no password"):
        pictures(peer, 1)
    assert not peer.logins


def test_a_camera_that_ends_the_stream_ends_the_session() -> None:
    with Peer(stream=stream(PICTURES), hangs_up=True) as peer, pytest.raises(CameraUnreachable, match="ended"):
        pictures(peer, 4)


def test_a_bye_ends_the_session_behind_the_last_picture() -> None:
    bye = interleaved(b"\x81\xcb\0\1\0\0\x12\x34", channel=1)
    with (
        Peer(stream=stream(PICTURES) + bye) as peer,
        Session(peer.address, NoAccount()) as session,
    ):
        units = iter(session)
        assert [next(units).key for _ in range(3)] == [True, False, False]
        with pytest.raises(CameraUnreachable, match="ended the stream"):
            next(units)


def test_nobody_there_is_unreachable() -> None:
    with Peer() as peer:
        address = peer.address
    with pytest.raises(CameraUnreachable), Session(address, NoAccount()):
        pass


def test_pictures_that_come_before_the_answer_to_play_are_not_lost() -> None:
    early = stream(PICTURES[:1])
    late = interleaved(rtp(PICTURES[1], 1001, 6000))
    with Peer({"PLAY": [early + reply(200)]}, stream=late) as peer:
        assert [unit.key for unit in pictures(peer, 2)] == [True, False]


def test_the_camera_s_own_questions_are_answered() -> None:
    asked = b"OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\nANNOUNCE rtsp://x RTSP/1.0\r\nCSeq: 8\r\nContent-Length: 0\r\n\r\n"
    with Peer(stream=asked + stream(PICTURES)) as peer:
        pictures(peer, 1)
        assert peer.ended.wait(LONG)
    assert peer.other.count(b"response") == 2


@pytest.mark.parametrize(
    ("sdp", "complaint"),
    [
        (SDP.replace(b"H264/90000", b"JPEG/90000"), "JPEG.*set the encoding"),
        (SDP[: SDP.index(b"m=video")] + SDP[SDP.index(b"m=audio") :], "no video"),
    ],
)
def test_a_stream_without_usable_video_says_what_to_set(sdp: bytes, complaint: str) -> None:
    with (
        Peer({"DESCRIBE": [reply(200, body=sdp)]}) as peer,
        pytest.raises(CameraUnsupported, match=complaint),
    ):
        pictures(peer, 1)
    assert "SETUP" not in peer.methods


def test_a_description_without_a_base_takes_the_address_asked_for() -> None:
    with Peer({"DESCRIBE": [reply(200, body=SDP)]}, stream=stream(PICTURES)) as peer:
        pictures(peer, 1)
        address: Address = peer.address
    assert peer.urls("PLAY") == [address.url]
    assert peer.urls("SETUP") == [f"{address.url}/trackID=0"]


def test_an_answer_of_udp_is_refused() -> None:
    udp = reply(200, "Session: 42", "Transport: RTP/AVP;unicast;client_port=5000-5001")
    with Peer({"SETUP": [udp]}) as peer, pytest.raises(CameraUnsupported, match="TCP"):
        pictures(peer, 1)
    assert peer.methods[-1] == "TEARDOWN"


def test_no_error_shows_what_a_peer_says_without_escaping_it() -> None:
    with Peer({"DESCRIBE": [b"RTSP/1.0 500 \x1b[31mOops\r\nCSeq: CSEQ\r\n\r\n"]}) as peer:
        error: CameraError | None = None
        with suppress(CameraUnsupported):
            try:
                pictures(peer, 1)
            except CameraFaulty as raised:
                error = raised
    assert error is not None
    assert "\x1b" not in str(error)
