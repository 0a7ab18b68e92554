"""Every fault is seen from outside, by a client that has logged in properly."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore

import pytest
import requests
from PIL import Image

from demo.camera import (
    ConnectionFault,
    Faults,
    OverlapFault,
    PtzFault,
    Request,
    SimulatedCamera,
    SnapshotFault,
    Sound,
    SpeakerFault,
    Verdict,
)
from demo.camera.digest import Account
from demo.program import PATIENCE_SECONDS
from tests.camera_simulator.conftest import PASSWORD, Visitor
from tests.support.clock import Clock

QUESTION = "magicBox.cgi?action=getDeviceType"
NOD = "ptz.cgi?action={}&channel=0&code=Up&arg1=0&arg2=1&arg3=0"


@pytest.fixture
def first(photos: Path) -> bytes:
    return (photos / "first.jpg").read_bytes()


class TestConnections:
    def test_every_request_is_reset(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.connection = ConnectionFault.RESETS
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            visitor.get("snapshot.cgi")

    def test_every_request_hangs(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.connection = ConnectionFault.HANGS
        with pytest.raises(requests.ReadTimeout):
            visitor.get("snapshot.cgi", timeout=0.1)

    def test_a_redirect_names_the_other_host(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.redirect_to = "http://192.0.2.7:81"
        answer = visitor.get("snapshot.cgi?channel=1")
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            "http://192.0.2.7:81/cgi-bin/snapshot.cgi?channel=1",
        )

    def test_connections_end_with_each_answer(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        assert "Connection" not in visitor.get("snapshot.cgi").headers
        camera.state.faults.closes_connections = True
        assert visitor.get("snapshot.cgi").headers["Connection"] == "close"

    def test_one_assignment_cures_everything(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults = Faults(snapshot=SnapshotFault.ERROR_500, closes_connections=True)
        assert visitor.get("snapshot.cgi").status_code == 500
        camera.state.faults = Faults()
        assert visitor.get("snapshot.cgi").ok


class TestLogins:
    def test_a_stale_nonce_is_told_apart_from_a_wrong_password(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        visitor.get("snapshot.cgi")
        camera.state.logins.expire_nonces()
        answer = visitor.get("snapshot.cgi")
        assert answer.ok
        assert "stale=true" in answer.history[0].headers["WWW-Authenticate"]

    def test_or_it_is_a_403_without_a_challenge(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        visitor.get("snapshot.cgi")
        camera.state.logins.expire_nonces()
        camera.state.faults.stale_nonce_is_403 = True
        answer = visitor.get("snapshot.cgi")
        assert (answer.status_code, "WWW-Authenticate" in answer.headers) == (403, False)
        assert "Authority:check failure." in answer.text

    def test_a_nonce_per_request(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.nonce_per_request = True
        assert [visitor.get("snapshot.cgi").ok for _ in range(3)] == [True] * 3
        assert [request.status for request in camera.state.requests] == [401, 200] * 3

    def test_a_reused_nonce_is_refused_without_a_word(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.reused_nonce_is_refused = True
        answers = [visitor.get("snapshot.cgi") for _ in range(2)]
        assert [answer.ok for answer in answers] == [True, True]
        refusal = answers[1].history[0]
        assert (refusal.status_code, "stale" in refusal.headers["WWW-Authenticate"]) == (401, False)
        assert (camera.state.logins.counts[Verdict.SPENT], camera.state.logins.refused) == (1, 0)

    @pytest.mark.parametrize(("is_403", "status"), [(False, 401), (True, 403)])
    def test_a_user_may_call_only_what_it_has_the_right_to(
        self, camera: SimulatedCamera, *, is_403: bool, status: int
    ) -> None:
        camera.state.faults.missing_right_is_403 = is_403
        camera.state.logins.others.append(Account("viewer", "looks", frozenset({"snapshot.cgi"})))
        with Visitor(camera, "looks", "viewer") as viewer:
            assert viewer.get("snapshot.cgi").ok
            assert viewer.get(NOD.format("start")).status_code == status
        assert camera.state.logins.refused == 0
        with Visitor(camera) as owner:
            assert owner.get(NOD.format("start")).ok

    def test_a_web_server_asks_for_no_login_or_knows_no_cgi(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.asks_for_no_login = True
        assert visitor.get(QUESTION).history == []
        camera.state.faults = Faults(answers_like_a_web_server=True)
        answer = visitor.get(QUESTION)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html")

    def test_a_password_changed_under_way(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        assert visitor.get("snapshot.cgi").ok
        camera.state.logins.change_password("new")
        assert visitor.get("snapshot.cgi").status_code == 401
        with Visitor(camera, "new") as informed:
            assert informed.get("snapshot.cgi").ok

    def test_a_lock_out_refuses_the_right_password(self, camera: SimulatedCamera, clock: Clock) -> None:
        for _ in range(5):
            with Visitor(camera, "wrong") as stranger:
                assert stranger.get("snapshot.cgi").status_code == 401
        with Visitor(camera) as owner:
            assert owner.get("snapshot.cgi").status_code == 401
            clock.now += 1800
            assert owner.get("snapshot.cgi").ok
        assert camera.state.logins.counts[Verdict.REFUSED] >= 5

    def test_basic_is_all_that_is_offered(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.basic_only = True
        answer = visitor.get("snapshot.cgi")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        camera.state.logins.change_password("plain")
        url = f"http://{camera.host}/cgi-bin/snapshot.cgi"
        statuses = [
            visitor.session.get(url, auth=("admin", said), timeout=5).status_code for said in ("plain", "wrong")
        ]
        assert statuses == [200, 401]
        assert camera.state.logins.basic_attempts == 2

    def test_an_unauthenticated_post_is_reset(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.resets_unauthenticated_post = True
        with pytest.raises(requests.ConnectionError):
            visitor.play(b"\xd5" * 800)
        visitor.get(QUESTION)
        assert visitor.play(b"\xd5" * 800).ok


class TestSnapshots:
    def test_500(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.snapshot = SnapshotFault.ERROR_500
        assert visitor.get("snapshot.cgi").status_code == 500

    def test_reset(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.snapshot = SnapshotFault.RESETS
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            visitor.get("snapshot.cgi")

    def test_hang(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.snapshot = SnapshotFault.HANGS
        with pytest.raises(requests.ReadTimeout):
            visitor.get("snapshot.cgi", timeout=0.1)

    @pytest.mark.parametrize(
        ("fault", "content_type", "start"),
        [
            (SnapshotFault.HTML, "text/html", b"<!DOCTYPE html>"),
            (SnapshotFault.ERROR_TEXT, "text/plain;charset=utf-8", b"Error\r\nBad Request!"),
            (SnapshotFault.EMPTY, "image/jpeg", b""),
        ],
    )
    def test_no_picture_at_all_with_status_200(
        self, camera: SimulatedCamera, visitor: Visitor, fault: SnapshotFault, content_type: str, start: bytes
    ) -> None:
        camera.state.faults.snapshot = fault
        answer = visitor.get("snapshot.cgi")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)
        assert answer.content[: len(start) or None] == start

    def test_a_body_shorter_than_its_content_length(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.snapshot = SnapshotFault.SHORT_BODY
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
            visitor.get("snapshot.cgi")

    def test_a_picture_cut_off_in_the_middle(self, camera: SimulatedCamera, visitor: Visitor, first: bytes) -> None:
        camera.state.faults.snapshot = SnapshotFault.TRUNCATED
        jpeg = visitor.get("snapshot.cgi").content
        assert jpeg == first[: len(first) // 2]
        with pytest.raises(OSError, match="truncated"):
            Image.open(io.BytesIO(jpeg)).load()

    def test_stray_bytes_after_the_end(self, camera: SimulatedCamera, visitor: Visitor, first: bytes) -> None:
        camera.state.faults.snapshot = SnapshotFault.TRAILING_BYTES
        jpeg = visitor.get("snapshot.cgi").content
        assert (jpeg[:-8], jpeg[-8:-4]) == (first, b"dhav")

    def test_64_mebibytes(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.snapshot = SnapshotFault.HUGE
        jpeg = visitor.get("snapshot.cgi").content
        assert (len(jpeg), jpeg[:2]) == (64 * 1024 * 1024, b"\xff\xd8")

    def test_a_picture_that_drips(self, camera: SimulatedCamera, visitor: Visitor, clock: Clock, first: bytes) -> None:
        camera.state.faults = Faults(snapshot=SnapshotFault.DRIPS, drip_seconds=30)
        began = clock.now
        assert visitor.get("snapshot.cgi").content == first
        assert clock.now - began == pytest.approx(30)

    def test_a_slow_one(self, camera: SimulatedCamera, visitor: Visitor, clock: Clock) -> None:
        camera.state.snapshot_seconds = 25
        began = clock.now
        assert visitor.get("snapshot.cgi").ok
        assert clock.now - began == 25

    def test_faults_of_the_next_snapshots_only(self, camera: SimulatedCamera, visitor: Visitor, first: bytes) -> None:
        camera.state.faults.next_snapshots.extend([None, SnapshotFault.EMPTY, SnapshotFault.ERROR_500])
        answers = [visitor.get("snapshot.cgi") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 500, 200]
        assert [answer.content for answer in answers[:2]] == [first, b""]
        assert [taken.fault for taken in camera.state.snapshots] == [None, "empty", "error_500", None]


class Shutter:
    """A picture in the taking: it lasts until it is released."""

    def __init__(self) -> None:
        self.pressed = Semaphore(0)
        self.released = Event()

    def __call__(self, _seconds: float) -> None:
        self.pressed.release()
        self.released.wait(PATIENCE_SECONDS)


class TestOverlappingSnapshots:
    @pytest.fixture
    def shutter(self) -> Shutter:
        return Shutter()

    @pytest.fixture
    def camera(self, photos: Path, shutter: Shutter) -> Iterator[SimulatedCamera]:
        with SimulatedCamera(photos=photos, password=PASSWORD, sleep=shutter) as camera:
            yield camera

    @pytest.fixture
    def busy(self, camera: SimulatedCamera, visitor: Visitor, shutter: Shutter) -> Iterator[None]:
        """The camera is taking a picture for somebody else, who gets it."""
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(visitor.get, "snapshot.cgi")
            try:
                assert shutter.pressed.acquire(timeout=PATIENCE_SECONDS)
                assert camera.state.max_concurrent_snapshots == 1
                yield
            finally:
                shutter.released.set()
            assert other.result().ok

    @pytest.mark.usefixtures("busy")
    @pytest.mark.parametrize(("fault", "status"), [(None, 200), (OverlapFault.FAILS, 500)])
    def test_the_later_one_fails_if_told_to(
        self, camera: SimulatedCamera, shutter: Shutter, fault: OverlapFault | None, status: int
    ) -> None:
        camera.state.faults.snapshot_overlap = fault
        with ThreadPoolExecutor(1) as pool, Visitor(camera) as second:
            answer = pool.submit(second.get, "snapshot.cgi")
            assert shutter.pressed.acquire(timeout=PATIENCE_SECONDS)
            shutter.released.set()
            assert answer.result().status_code == status
        assert camera.state.max_concurrent_snapshots == 2

    @pytest.mark.usefixtures("busy")
    def test_the_later_one_stalls_if_told_to(self, camera: SimulatedCamera) -> None:
        camera.state.faults.snapshot_overlap = OverlapFault.STALLS
        with Visitor(camera) as second:
            second.get(QUESTION)
            with pytest.raises(requests.ReadTimeout):
                second.get("snapshot.cgi", timeout=0.1)
        # A challenge each, the answer to the question, and the one that never came.
        camera.state.journal.wait_for(Request, 4, PATIENCE_SECONDS)
        assert camera.state.max_concurrent_snapshots == 2


class TestMovement:
    def test_a_camera_that_cannot_move(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.ptz = PtzFault.ABSENT
        assert visitor.get(NOD.format("start")).status_code == 400
        assert camera.state.ptz_commands == []

    @pytest.mark.parametrize(
        ("fault", "statuses"), [(PtzFault.START_FAILS, [500, 200]), (PtzFault.STOP_FAILS, [200, 500])]
    )
    def test_failing_between_start_and_stop(
        self, camera: SimulatedCamera, visitor: Visitor, fault: PtzFault, statuses: list[int]
    ) -> None:
        camera.state.faults.ptz = fault
        assert [visitor.get(NOD.format(action)).status_code for action in ("start", "stop")] == statuses
        assert [(move.action, move.ok) for move in camera.state.ptz_commands] == [
            ("start", statuses[0] == 200),
            ("stop", statuses[1] == 200),
        ]


class TestSpeaker:
    def test_it_plays_and_never_answers(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.speaker = SpeakerFault.NEVER_ANSWERS
        visitor.get(QUESTION)
        with pytest.raises(requests.ReadTimeout):
            visitor.play(b"\xd5" * 800, timeout=0.1)
        (sound,) = camera.state.journal.wait_for(Sound, 1, PATIENCE_SECONDS)
        assert (sound.audio, sound.complete) == (b"\xd5" * 800, True)

    @pytest.mark.parametrize(
        ("fault", "status", "said"),
        [
            (SpeakerFault.EMPTY_ANSWER, 200, ""),
            (SpeakerFault.ERROR_TEXT, 200, "Error\r\nBad Request!\r\n"),
            (SpeakerFault.ERROR_401, 401, "Error\r\nUnauthorized!\r\n"),
        ],
    )
    def test_it_hears_everything_and_answers_something_else(
        self, camera: SimulatedCamera, visitor: Visitor, fault: SpeakerFault, status: int, said: str
    ) -> None:
        camera.state.faults.speaker = fault
        visitor.get(QUESTION)
        answer = visitor.play(b"\xd5" * 800)
        assert (answer.status_code, answer.text) == (status, said)
        assert all(sound.complete for sound in camera.state.sounds)

    def test_it_resets_midway(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        visitor.get(QUESTION)
        camera.state.faults.speaker = SpeakerFault.RESETS_MIDWAY
        with pytest.raises(requests.ConnectionError):
            visitor.play(b"\xd5" * 4000)
        (sound,) = camera.state.sounds
        assert (len(sound.audio), sound.complete) == (2000, False)

    def test_there_is_none(self, camera: SimulatedCamera, visitor: Visitor) -> None:
        camera.state.faults.speaker = SpeakerFault.ABSENT
        assert visitor.play(b"\xd5" * 800).status_code == 400
        assert visitor.get("devAudioOutput.cgi?action=getCollect").text == "result=0\r\n"
        assert camera.state.sounds == []
