"""Logins of the stream beside those of the CGI: how many are refused at both ports together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from demo.camera import SimulatedCamera
from tests.camera_simulator.conftest import PASSWORD, USERNAME
from tests.support.clock import Clock
from tests.worker.camera.conftest import Access
from tests.worker.stream.packets import key_unit, slice_unit, stream
from tests.worker.stream.peer import LONG, Asked, Peer, challenge, reply
from worker.camera.amcrest import AmcrestCamera
from worker.camera.http import CameraHttp
from worker.camera.lockout import OPEN_FOR
from worker.camera.logins import Event
from worker.camera.rights import REFUSED_FOR_SECONDS
from worker.domain.errors import CameraFaulty, CameraRefused, CameraUnreachable, CameraUnsupported
from worker.stream.session import Session

DESCRIBED = reply(200, body=b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")
SETUP = reply(200, "Session: 42;timeout=60")
PICTURES = stream([b"\x67\x42\x00\x1e", b"\x68\xce", key_unit(), slice_unit(), slice_unit()])
NEW = "a new password"


@dataclass(frozen=True)
class Told:
    refused: bool
    nonce_count: int


def watch(peer: Peer, http: CameraHttp) -> None:
    """Until the first picture."""
    with Session(peer.address, http.account) as session:
        next(iter(session))


def peer(**script: Sequence[bytes]) -> Peer:
    return Peer({"DESCRIBE": [challenge(), DESCRIBED], "SETUP": [SETUP], **script}, PICTURES)


@pytest.fixture
def http(access: Access) -> CameraHttp:
    return access.channel()


def test_the_nonce_is_used_on_and_the_password_proven_once(http: CameraHttp, camera: SimulatedCamera) -> None:
    with peer() as rtsp:
        watch(rtsp, http)
    counts = [one.headers["authorization"].partition("nc=")[2][:8] for one in rtsp.logins]
    assert [one.method for one in rtsp.logins] == ["DESCRIBE", "SETUP", "PLAY", "TEARDOWN"]
    assert counts == ["00000001", "00000002", "00000003", "00000004"]
    assert camera.state.logins.counts.total() == 2


def test_a_password_that_http_refuses_never_reaches_the_stream(access: Access, camera: SimulatedCamera) -> None:
    with peer() as rtsp:
        for _ in range(2):
            with pytest.raises(CameraRefused):
                watch(rtsp, access.channel("a guess"))
        assert not rtsp.logins
    assert camera.state.logins.refused == 1


def test_while_the_breaker_is_open_the_camera_is_not_even_dialled(access: Access, camera: SimulatedCamera) -> None:
    http = access.channel("a guess")
    with pytest.raises(CameraRefused):
        AmcrestCamera(http).snapshot()
    with peer() as rtsp:
        with pytest.raises(CameraRefused):
            watch(rtsp, http)
        assert not rtsp.asked
    assert camera.state.logins.refused == 1


class TestRefusedAlthoughHttpAccepts:
    def test_a_fresh_login_is_not_tried_again_for_half_an_hour(
        self, http: CameraHttp, camera: SimulatedCamera, time: Clock
    ) -> None:
        with peer(DESCRIBE=[challenge()]) as rtsp:
            for _ in range(3):
                with pytest.raises(CameraUnsupported, match=r"accepts the password.*right to live view.*close other"):
                    watch(rtsp, http)
            assert len(rtsp.logins) == 1
            time.now += REFUSED_FOR_SECONDS
            with pytest.raises(CameraUnsupported):
                watch(rtsp, http)
            assert len(rtsp.logins) == 2
        assert camera.state.logins.refused == 0

    def test_photos_go_on(self, http: CameraHttp, first_photo: bytes) -> None:
        with peer(DESCRIBE=[challenge()]) as rtsp, pytest.raises(CameraUnsupported):
            watch(rtsp, http)
        assert AmcrestCamera(http).snapshot() == first_photo

    def test_a_nonce_used_before_is_tried_once_more_and_that_is_learnt(self, http: CameraHttp) -> None:
        once = {"SETUP": [challenge(), challenge("n2"), SETUP], "PLAY": [challenge("n3"), reply(200)]}
        with peer(**once) as rtsp:
            watch(rtsp, http)
            assert [one.method for one in rtsp.logins] == ["DESCRIBE", "SETUP", "SETUP", "PLAY"]
        with peer(SETUP=[challenge("n4"), SETUP]) as again:
            watch(again, http)
        assert "nc=00000002" not in "".join(one.headers["authorization"] for one in again.logins)

    def test_a_fresh_nonce_that_is_refused_as_well_is_the_last(self, http: CameraHttp) -> None:
        with peer(SETUP=[challenge()]) as rtsp:
            with pytest.raises(CameraUnsupported):
                watch(rtsp, http)
            assert [one.method for one in rtsp.logins] == ["DESCRIBE", "SETUP", "SETUP"]


class TestThePasswordIsChangedUnderWay:
    def test_before_the_stream_logs_in(self, http: CameraHttp, camera: SimulatedCamera) -> None:
        AmcrestCamera(http).snapshot()
        camera.state.logins.change_password(NEW)
        with peer(DESCRIBE=[challenge()]) as rtsp:
            for _ in range(3):
                with pytest.raises(CameraRefused):
                    watch(rtsp, http)
            assert len(rtsp.logins) + camera.state.logins.refused == 2

    def test_before_a_keep_alive(self, http: CameraHttp, camera: SimulatedCamera) -> None:
        clock = Clock()
        with peer(GET_PARAMETER=[challenge()], TEARDOWN=[challenge()]) as rtsp:
            with Session(rtsp.address, http.account, monotonic=clock) as session:
                units = iter(session)
                next(units)
                accepted = len(rtsp.logins)
                camera.state.logins.change_password(NEW)
                clock.now += 26
                with pytest.raises(CameraRefused):
                    list(units)
            assert rtsp.methods[-1] == "TEARDOWN"
            assert len(rtsp.logins) - accepted + camera.state.logins.refused == 2

    def test_before_the_teardown(self, http: CameraHttp, camera: SimulatedCamera) -> None:
        with peer(TEARDOWN=[challenge()]) as rtsp:
            with Session(rtsp.address, http.account) as session:
                next(iter(session))
                accepted = len(rtsp.logins)
                camera.state.logins.change_password(NEW)
            with pytest.raises(CameraRefused):
                AmcrestCamera(http).snapshot()
            assert len(rtsp.logins) - accepted + camera.state.logins.refused == 2

    def test_while_a_photo_waits_for_a_keep_alive(self, http: CameraHttp, camera: SimulatedCamera) -> None:
        client = AmcrestCamera(http)
        client.snapshot()
        camera.state.logins.change_password(NEW)
        with ThreadPoolExecutor(1) as pool:
            photos = []

            def refused(*, fresh: bool) -> Told:
                photos.append((fresh, pool.submit(client.snapshot)))
                return Told(refused=True, nonce_count=7)

            with pytest.raises(CameraRefused):
                http.account.log_in_if_quiet(refused)
            ((fresh, photo),) = photos
            with pytest.raises(CameraRefused):
                photo.result(LONG)
        assert not fresh
        assert camera.state.logins.refused == 1

    def test_and_the_stream_ends_the_connection_instead_of_refusing(
        self, http: CameraHttp, camera: SimulatedCamera
    ) -> None:
        AmcrestCamera(http).snapshot()
        camera.state.logins.change_password(NEW)
        logins = []

        def cut_off(*, fresh: bool) -> Told:
            logins.append(fresh)
            raise CameraUnreachable("gone")

        with pytest.raises(CameraUnreachable):
            http.account.log_in(cut_off)
        for _ in range(3):
            with pytest.raises(CameraRefused):
                http.account.log_in(cut_off)
        assert len(logins) + camera.state.logins.refused == 2


def never(*, fresh: bool) -> Told:
    raise AssertionError(fresh)


def test_a_keep_alive_waits_for_no_one(http: CameraHttp) -> None:
    http._guard.logins.note(Event.PROVED)
    with http._guard.logins.turn("a photo"):
        assert http.account.log_in_if_quiet(never) is None


def test_a_keep_alive_is_not_sent_while_the_breaker_is_open(access: Access, camera: SimulatedCamera) -> None:
    http = access.channel("a guess")
    with pytest.raises(CameraRefused):
        AmcrestCamera(http).snapshot()
    assert http.account.log_in_if_quiet(never) is None
    assert camera.state.logins.refused == 1


def test_where_http_asks_for_no_login_the_first_refusal_opens_the_breaker(
    http: CameraHttp, camera: SimulatedCamera, access: Access
) -> None:
    camera.state.faults.asks_for_no_login = True
    with peer(DESCRIBE=[challenge()]) as rtsp:
        for _ in range(2):
            with pytest.raises(CameraRefused):
                watch(rtsp, http)
        assert len(rtsp.logins) == 1
        access.time.now += OPEN_FOR.total_seconds()
        with pytest.raises(CameraRefused):
            watch(rtsp, http)
        assert len(rtsp.logins) == 2


def test_a_stale_nonce_is_no_refusal(http: CameraHttp, camera: SimulatedCamera) -> None:
    stale = challenge("n2", 'qop="auth", stale=TRUE')
    with peer(SETUP=[stale, SETUP]) as rtsp:
        watch(rtsp, http)
        assert [one.method for one in rtsp.logins[:4]] == ["DESCRIBE", "SETUP", "SETUP", "PLAY"]
    assert camera.state.logins.counts.total() == 2


def test_one_that_calls_every_nonce_stale_is_given_up(http: CameraHttp) -> None:
    with (
        peer(DESCRIBE=[challenge("n", 'qop="auth", stale=true')]) as rtsp,
        pytest.raises(CameraFaulty, match="every nonce stale"),
    ):
        watch(rtsp, http)


def test_the_strongest_challenge_is_answered(http: CameraHttp) -> None:
    offers = reply(
        401,
        'WWW-Authenticate: Basic realm="Login"',
        'WWW-Authenticate: Digest realm="Login", nonce="weak"',
        'WWW-Authenticate: Digest realm="Login", nonce="strong", algorithm=SHA-256',
    )
    with peer(DESCRIBE=[offers, DESCRIBED]) as rtsp:
        watch(rtsp, http)
    login: Asked = rtsp.logins[0]
    assert 'nonce="strong"' in login.headers["authorization"]
    assert "qop" not in login.headers["authorization"]


def test_a_password_is_never_sent_in_the_clear(http: CameraHttp) -> None:
    basic = reply(401, 'WWW-Authenticate: Basic realm="Login"')
    with peer(DESCRIBE=[basic]) as rtsp:
        with pytest.raises(CameraFaulty, match=r"cannot be logged in to safely.*Basic only"):
            watch(rtsp, http)
        assert not rtsp.logins


def test_neither_errors_nor_representations_show_the_password(http: CameraHttp) -> None:
    with peer(DESCRIBE=[challenge()]) as rtsp, pytest.raises(CameraUnsupported) as error:
        watch(rtsp, http)
    shown = f"{error.value!r} {http.account!r} {rtsp.asked!r}"
    assert PASSWORD not in shown
    assert USERNAME in shown
