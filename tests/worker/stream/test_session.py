"""One session with a peer that follows a script."""

from collections.abc import Sequence
from contextlib import suppress
from threading import Event

import pytest

from tests.support.clock import Clock
from tests.worker.stream.packets import PPS, SDP, SPS, interleaved, key_unit, rtp, slice_unit, stream
from tests.worker.stream.peer import LONG, PATH, Peer, challenge, reply
from tests.worker.stream.ticking import Ticking
from worker.domain.errors import CameraError, CameraFaulty, CameraUnreachable, CameraUnsupported
from worker.domain.video import AccessUnit, Codec
from worker.stream.account import NoAccount
from worker.stream.address import Address
from worker.stream.session import REPORT_SECONDS, Session
from worker.stream.wire import Over

PICTURES = [key_unit(), slice_unit(), slice_unit(3000)]
REPORT = interleaved(b"\x80\xc8\0\x06\0\0\x12\x34" + bytes(20), channel=1)
"""Of the sender."""


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


@pytest.mark.parametrize("status", [401, 501])
def test_a_peer_that_hangs_up_behind_the_first_question_is_asked_on_another_connection(status: int) -> None:
    with Peer({"OPTIONS": [reply(status, "Connection: close")]}, stream=stream(PICTURES)) as peer:
        assert pictures(peer, 1)[0].key
    assert peer.methods == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "TEARDOWN"]


def test_a_camera_that_ends_the_stream_ends_the_session() -> None:
    with Peer(stream=stream(PICTURES), hangs_up=True) as peer, pytest.raises(CameraUnreachable, match=r"ended|broke"):
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
    assert peer.answers == 2


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


def test_a_camera_that_sends_over_udp_only_is_told_from_a_fault_and_what_to_do() -> None:
    with Peer({"SETUP": [reply(461)]}) as peer, pytest.raises(CameraUnsupported, match=r"over TCP.*CAMERA_STREAM_URL"):
        pictures(peer, 1)


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


def test_the_receiver_s_report_goes_out_at_once_and_every_few_seconds() -> None:
    clock = Clock()
    with Peer(stream=stream(PICTURES)) as peer:
        with Session(peer.address, NoAccount(), monotonic=clock) as session:
            units = iter(session)
            next(units)
            clock.now += REPORT_SECONDS
            next(units)
        assert peer.ended.wait(LONG)
    first, second = peer.reports
    assert (first[:2], first[8:12]) == (b"\x81\xc9", bytes(4))
    assert (second[8:12], second[16:20]) == ((0x1234).to_bytes(4, "big"), (1001).to_bytes(4, "big"))


@pytest.mark.parametrize(
    ("session", "seconds"), [("42;timeout=20", 8), ("42 ; Timeout=30", 12), ("42", 24), ("42;timeout=900", 25)]
)
def test_the_session_is_kept_alive_before_half_of_its_time_out(session: str, seconds: float) -> None:
    clock = Clock()
    setup = reply(200, f"Session: {session}", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
    with (
        Peer({"SETUP": [setup]}, stream(PICTURES)) as peer,
        Session(peer.address, NoAccount(), monotonic=clock) as opened,
    ):
        units = iter(opened)
        next(units)
        clock.now += seconds - 0.1
        next(units)
        assert "GET_PARAMETER" not in peer.methods
        clock.now += 0.1
        next(units)
    (kept,) = [one for one in peer.asked if one.method == "GET_PARAMETER"]
    assert (kept.url, kept.headers["session"]) == (f"rtsp://127.0.0.1{PATH}/", "42")


@pytest.mark.parametrize("answer", [reply(501), b""], ids=["not known", "not answered"])
def test_a_camera_that_does_not_know_a_keep_alive_gets_another(answer: bytes) -> None:
    second, third = (interleaved(rtp(slice_unit(), 1000 + at, 6000 * at)) for at in (1, 2))
    public = reply(200, "Public: GET_PARAMETER")
    script: dict[str, Sequence[bytes]] = {
        "SETUP": [reply(200, "Session: 42;timeout=5")],
        "GET_PARAMETER": [answer + second],
        "OPTIONS": [public, reply(200) + third],
    }
    clock = Ticking(0.2)
    with (
        Peer(script, stream(PICTURES[:1])) as peer,
        Session(peer.address, NoAccount(), monotonic=clock) as session,
    ):
        units = iter(session)
        for _ in range(3):
            next(units)
            clock.now += 2
    assert peer.methods[4:6] == ["GET_PARAMETER", "OPTIONS"]


def test_a_forgotten_session_is_lost() -> None:
    clock = Clock()
    with (
        Peer({"GET_PARAMETER": [reply(454)]}, stream(PICTURES)) as peer,
        Session(peer.address, NoAccount(), monotonic=clock) as session,
    ):
        units = iter(session)
        next(units)
        clock.now += 26
        with pytest.raises(CameraUnreachable, match="forgotten"):
            list(units)


def test_a_stream_that_falls_silent_is_lost_and_torn_down() -> None:
    with (
        Peer(stream=stream(PICTURES)) as peer,
        pytest.raises(CameraUnreachable, match="nothing for 5 s"),
        Session(peer.address, NoAccount(), monotonic=Ticking(0.5)) as session,
    ):
        list(session)
    assert peer.torn_down.is_set()


def test_a_stream_that_goes_on_with_its_reports_alone_is_lost_as_one_that_falls_silent() -> None:
    with (
        Peer(stream=stream(PICTURES) + REPORT * 500) as peer,
        pytest.raises(CameraUnreachable, match="stopped sending pictures"),
        Session(peer.address, NoAccount(), monotonic=Ticking(0.1)) as session,
    ):
        list(session)
    assert peer.torn_down.is_set()


def test_who_iterates_may_be_held_up_for_longer_than_a_stream_may_be_silent() -> None:
    clock = Clock()
    waiting = REPORT + interleaved(rtp(PICTURES[1], 1001, 6000))
    with (
        Peer(stream=stream(PICTURES[:1]) + waiting) as peer,
        Session(peer.address, NoAccount(), monotonic=clock) as session,
    ):
        units = iter(session)
        assert next(units).key
        clock.now += 20
        assert not next(units).key


def test_a_camera_that_answers_nothing_is_not_waited_for_without_end() -> None:
    with Peer({"OPTIONS": [b""]}) as peer, pytest.raises(CameraUnreachable), _slow(peer):
        pass


def test_a_stream_without_a_whole_picture_says_what_to_set() -> None:
    with (
        Peer(stream=stream([slice_unit()] * 500)) as peer,
        pytest.raises(CameraFaulty, match="key frame"),
        Session(peer.address, NoAccount(), monotonic=Ticking(0.1)) as session,
    ):
        list(session)


def test_a_session_that_nobody_needs_any_more_ends_with_its_teardown() -> None:
    over = Event()
    with Peer(stream=stream(PICTURES)) as peer:
        with Session(peer.address, NoAccount(), over.is_set) as session:
            units = iter(session)
            next(units)
            over.set()
            list(units)
        assert peer.torn_down.wait(LONG)


def test_one_that_is_over_before_it_began_says_so() -> None:
    with Peer() as peer, pytest.raises(Over), Session(peer.address, NoAccount(), lambda: True):
        pass


def test_a_camera_may_choose_its_channels() -> None:
    setup = reply(200, "Session: 42", "Transport: RTP/AVP/TCP;unicast;interleaved=4-5;ssrc=1234")
    sent = interleaved(rtp(key_unit(), 1, 0), channel=0) + interleaved(rtp(key_unit(99), 1, 0), channel=4)
    with Peer({"SETUP": [setup]}, sent) as peer:
        (unit,) = pictures(peer, 1)
    assert unit.data.endswith(key_unit(99))


def _slow(peer: Peer) -> Session:
    return Session(peer.address, NoAccount(), monotonic=Ticking(0.5))
