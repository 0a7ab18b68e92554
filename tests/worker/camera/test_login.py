"""What reaches a camera of logins, as its own count of them shows."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

import pytest

from demo.camera import ConnectionFault, SimulatedCamera, Verdict
from tests.support.clock import Clock
from tests.worker.camera.conftest import Access
from worker.camera.amcrest import AmcrestCamera
from worker.camera.connection import Request
from worker.domain.errors import CameraFaulty, CameraRefused, CameraUnreachable
from worker.domain.sound import Played

LONG = 20.0
PROOF = 1
"""The login that proves the password before anything else is asked."""
QUESTION = Request("GET", "/cgi-bin/magicBox.cgi?action=getDeviceType", 5.0)


def counts(camera: SimulatedCamera) -> tuple[int, int, int, int]:
    """Accepted, challenged, stale, refused."""
    told = camera.state.logins.counts
    return told[Verdict.ACCEPTED], told[Verdict.CHALLENGED], told[Verdict.STALE], camera.state.logins.refused


class TestTheNonce:
    def test_is_used_again_and_costs_one_challenge(self, client: AmcrestCamera, camera: SimulatedCamera) -> None:
        for _ in range(4):
            client.snapshot()
        assert counts(camera) == (PROOF + 4, 1, 0, 0)

    def test_is_shared_by_threads(self, client: AmcrestCamera, camera: SimulatedCamera) -> None:
        client.snapshot()
        all_at_once = Barrier(6)

        def ask() -> str:
            all_at_once.wait(LONG)
            return client.identify().serial

        with ThreadPoolExecutor(6) as pool:
            serials = {answer.result() for answer in [pool.submit(ask) for _ in range(6)]}
        assert serials == {"AMC0SIMULATED0001"}
        _, challenged, stale, refused = counts(camera)
        for _ in range(3):
            client.snapshot()
        assert counts(camera)[1:] == (challenged, stale, 0)
        assert refused == 0

    def test_is_fetched_every_time_from_a_camera_that_wants_it_so(
        self, client: AmcrestCamera, camera: SimulatedCamera
    ) -> None:
        camera.state.faults.nonce_per_request = True
        for _ in range(5):
            client.snapshot()
        assert counts(camera) == (PROOF + 5, PROOF + 4, 1, 0)

    def test_refused_without_a_word_is_fetched_every_time_from_then_on(
        self, client: AmcrestCamera, camera: SimulatedCamera
    ) -> None:
        camera.state.faults.reused_nonce_is_refused = True
        for _ in range(4):
            client.snapshot()
        assert len(camera.state.snapshots) == 4
        assert camera.state.logins.counts[Verdict.SPENT] == 1
        assert camera.state.logins.refused == 0

    def test_refused_without_a_word_shuts_no_camera_on_which_nod_and_voice_run_side_by_side(
        self, access: Access, camera: SimulatedCamera
    ) -> None:
        camera.state.faults.reused_nonce_is_refused = True
        client = access.client()
        for _ in range(3):
            client.snapshot()
            side_by_side = Barrier(2)

            def nod(together: Barrier = side_by_side) -> None:
                together.wait(LONG)
                client.nod()

            def speak(together: Barrier = side_by_side) -> Played:
                together.wait(LONG)
                return client.play(bytes(800), "alaw")

            with ThreadPoolExecutor(2) as pool:
                nodded, spoken = pool.submit(nod), pool.submit(speak)
                assert nodded.exception(LONG) is None
                assert spoken.result(LONG) is Played.CONFIRMED
        assert camera.state.logins.counts[Verdict.SPENT] == 1

    def test_that_grew_old_and_is_refused_without_a_word_opens_no_breaker(
        self, client: AmcrestCamera, camera: SimulatedCamera
    ) -> None:
        for _ in range(3):
            client.snapshot()
        camera.state.faults.reused_nonce_is_refused = True
        client.snapshot()
        client.nod()
        assert camera.state.logins.counts[Verdict.SPENT] == 1

    @pytest.mark.parametrize("is_403", [False, True])
    def test_is_replaced_once_when_it_went_stale(
        self, client: AmcrestCamera, camera: SimulatedCamera, *, is_403: bool
    ) -> None:
        camera.state.faults.stale_nonce_is_403 = is_403
        client.snapshot()
        camera.state.logins.expire_nonces()
        client.snapshot()
        accepted, _, stale, refused = counts(camera)
        assert (accepted, stale, refused) == (PROOF + 2, 1, 0)
        client.snapshot()
        assert counts(camera)[2:] == (1, 0)

    def test_is_new_after_the_camera_was_rebooted(self, client: AmcrestCamera, camera: SimulatedCamera) -> None:
        client.snapshot()
        camera.switch_off()
        with pytest.raises(CameraUnreachable):
            client.snapshot()
        camera.switch_on()
        assert client.snapshot()

    def test_survives_connections_that_end_with_each_answer(
        self, client: AmcrestCamera, camera: SimulatedCamera
    ) -> None:
        camera.state.faults.closes_connections = True
        for _ in range(3):
            client.snapshot()
        assert counts(camera) == (PROOF + 3, 1, 0, 0)


class TestAWrongPassword:
    def test_costs_ten_threads_at_once_two_refusals_at_most(self, access: Access, camera: SimulatedCamera) -> None:
        client, all_at_once = access.client("wrong"), Barrier(10)

        def press() -> bytes:
            all_at_once.wait(LONG)
            return client.snapshot()

        with ThreadPoolExecutor(10) as pool:
            presses = [pool.submit(press) for _ in range(10)]
        assert all(isinstance(press.exception(), CameraRefused) for press in presses)
        assert 1 <= camera.state.logins.refused <= 2

    def test_is_not_tried_again_after_a_restart(self, access: Access, camera: SimulatedCamera) -> None:
        for _ in range(3):
            with pytest.raises(CameraRefused):
                access.client("wrong").snapshot()
        assert camera.state.logins.refused == 1

    def test_mended_is_tried_at_once(self, access: Access) -> None:
        with pytest.raises(CameraRefused):
            access.client("wrong").snapshot()
        assert access.client().snapshot()

    def test_is_tried_again_when_the_lock_out_is_over(
        self, access: Access, camera: SimulatedCamera, time: Clock
    ) -> None:
        client = access.client("of tomorrow")
        with pytest.raises(CameraRefused):
            client.snapshot()
        camera.state.logins.change_password("of tomorrow")
        time.now += 1801
        assert client.snapshot()

    @pytest.mark.parametrize("threads", [1, 2, 4, 8])
    def test_that_was_changed_under_way_costs_two_refusals_at_most(
        self, client: AmcrestCamera, camera: SimulatedCamera, threads: int
    ) -> None:
        client.snapshot()
        camera.state.logins.change_password("another")
        all_at_once = Barrier(threads)

        def ask() -> None:
            all_at_once.wait(LONG)
            for _ in range(5):
                with pytest.raises(CameraRefused):
                    client.identify()

        with ThreadPoolExecutor(threads) as pool:
            for asked in [pool.submit(ask) for _ in range(threads)]:
                asked.result(LONG)
        assert 1 <= camera.state.logins.refused <= 2

    def test_that_was_changed_while_photo_and_sound_are_sent_costs_two_refusals_at_most(
        self, client: AmcrestCamera, camera: SimulatedCamera
    ) -> None:
        client.snapshot()
        client.play(bytes(800), "alaw")
        client.snapshot()
        camera.state.logins.change_password("another")
        with ThreadPoolExecutor(1) as pool:
            beside: list[Future[bytes]] = []
            with pytest.raises(CameraRefused):
                client.play(bytes(800), "alaw", lambda: beside.append(pool.submit(client.snapshot)))
            assert {type(photo.exception(LONG)) for photo in beside} == {CameraRefused}
        for _ in range(3):
            with pytest.raises(CameraRefused):
                client.nod()
        assert 1 <= camera.state.logins.refused <= 2

    def test_is_in_no_error(self, access: Access) -> None:
        with pytest.raises(CameraRefused) as error:
            access.client("swordfish").snapshot()
        assert "swordfish" not in repr(error.value)


class TestTheLogin:
    def test_is_never_basic(self, client: AmcrestCamera, camera: SimulatedCamera) -> None:
        camera.state.faults.basic_only = True
        with pytest.raises(CameraFaulty, match="Basic only"):
            client.snapshot()
        assert camera.state.logins.basic_attempts == 0

    def test_does_not_follow_a_redirect(self, client: AmcrestCamera, camera: SimulatedCamera) -> None:
        camera.state.faults.redirect_to = f"http://{camera.host}/elsewhere"
        with pytest.raises(CameraFaulty, match="redirects"):
            client.snapshot()
        assert [request.status for request in camera.state.requests] == [302]

    def test_leaves_a_camera_that_resets_for_later(self, client: AmcrestCamera, camera: SimulatedCamera) -> None:
        camera.state.faults.connection = ConnectionFault.RESETS
        with pytest.raises(CameraUnreachable):
            client.snapshot()
        camera.state.faults.connection = None
        assert client.snapshot()

    def test_leaves_a_camera_that_hangs_in_time(self, access: Access, camera: SimulatedCamera) -> None:
        channel = access.channel()
        channel.request(QUESTION)
        camera.state.faults.connection = ConnectionFault.HANGS
        with pytest.raises(CameraUnreachable):
            channel.request(Request("GET", QUESTION.target, 0.1))

    def test_tells_the_camera_s_identity(self, client: AmcrestCamera) -> None:
        identity = client.identify()
        assert (identity.device_type, identity.serial, identity.name) == (
            "IP2M-841",
            "AMC0SIMULATED0001",
            "Simulated",
        )
        assert identity.software.startswith("2.800")
