"""A user without a right, or a camera that refuses one function: the others work, and the password is not blamed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from demo.camera import SimulatedCamera, SnapshotFault, SpeakerFault
from demo.camera.digest import Account
from tests.camera_simulator.conftest import PASSWORD, USERNAME
from tests.support.clock import Clock
from tests.worker.camera.conftest import Access
from worker.camera.amcrest import AmcrestCamera
from worker.camera.rights import function_of
from worker.domain.errors import CameraError, CameraUnsupported
from worker.domain.sound import Played

LONG = 20.0
SOUND = bytes(800)


def permit(camera: SimulatedCamera, *rights: str) -> None:
    """Take all rights but these from the worker's user."""
    camera.state.logins.account = Account(USERNAME, PASSWORD, frozenset({"magicBox.cgi", *rights}))


def requests(camera: SimulatedCamera, cgi: str) -> int:
    return sum(cgi in request.target for request in camera.state.requests)


@pytest.mark.parametrize("is_403", [False, True])
def test_a_user_without_the_right_to_turn_it_still_takes_photos(
    client: AmcrestCamera, camera: SimulatedCamera, *, is_403: bool
) -> None:
    camera.state.faults.missing_right_is_403 = is_403
    permit(camera, "snapshot.cgi")
    assert client.snapshot()
    with pytest.raises(CameraUnsupported, match=r"'admin' but does not let it turn it.*user settings.*right to PTZ"):
        client.nod()
    assert client.snapshot()
    assert camera.state.logins.refused == 0


def test_a_user_that_may_not_even_ask_who_the_camera_is_still_takes_photos(
    client: AmcrestCamera, camera: SimulatedCamera
) -> None:
    camera.state.faults.missing_right_is_403 = True
    camera.state.logins.account = Account(USERNAME, PASSWORD, frozenset({"snapshot.cgi"}))
    assert client.snapshot()


def test_neither_nod_nor_voice_side_by_side_shut_the_camera(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    permit(camera, "snapshot.cgi")
    client.snapshot()
    side_by_side = Barrier(2)

    def nod() -> None:
        side_by_side.wait(LONG)
        client.nod()

    def speak() -> Played:
        side_by_side.wait(LONG)
        return client.play(SOUND, "alaw")

    with ThreadPoolExecutor(2) as pool:
        refusals = [pool.submit(nod).exception, pool.submit(speak).exception]
        assert {type(refusal(LONG)) for refusal in refusals} == {CameraUnsupported}
    assert client.snapshot()


def test_what_was_refused_is_not_asked_for_again_for_half_an_hour(
    client: AmcrestCamera, camera: SimulatedCamera, time: Clock
) -> None:
    permit(camera, "snapshot.cgi")
    for _ in range(3):
        with pytest.raises(CameraUnsupported):
            client.hold_still()
    asked = requests(camera, "ptz.cgi")
    time.now += 1799
    with pytest.raises(CameraUnsupported):
        client.hold_still()
    assert requests(camera, "ptz.cgi") == asked
    time.now += 1
    permit(camera, "snapshot.cgi", "ptz.cgi")
    client.hold_still()


def test_a_photo_refused_while_the_stream_is_off_leaves_nod_and_voice(
    client: AmcrestCamera, camera: SimulatedCamera
) -> None:
    camera.state.faults.snapshot = SnapshotFault.ERROR_401
    with pytest.raises(CameraUnsupported, match="main stream is on and CAMERA_CHANNEL"):
        client.snapshot()
    client.nod()
    assert client.play(SOUND, "alaw") is Played.CONFIRMED


def test_a_refusal_that_was_a_slip_is_forgiven(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    client.snapshot()
    camera.state.faults.next_snapshots.append(SnapshotFault.ERROR_401)
    assert client.snapshot()


def test_a_sound_refused_after_it_was_sent_leaves_the_photo(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.speaker = SpeakerFault.ERROR_401
    with pytest.raises(CameraUnsupported, match="right to live view with audio"):
        client.play(SOUND, "alaw")
    assert client.snapshot()


def test_rights_that_are_taken_under_way_do_not_shut_the_camera(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    client.snapshot()
    client.nod()
    permit(camera, "snapshot.cgi")
    with pytest.raises(CameraUnsupported):
        client.nod()
    assert client.snapshot()


def test_a_password_that_was_changed_is_not_taken_for_a_missing_right(access: Access, camera: SimulatedCamera) -> None:
    client = access.client()
    client.snapshot()
    camera.state.logins.change_password("another")
    with pytest.raises(CameraError, match="refused the user name or password"):
        client.nod()
    assert camera.state.logins.refused == 2


@pytest.mark.parametrize(
    ("target", "function"),
    [
        ("/cgi-bin/snapshot.cgi", "/cgi-bin/snapshot.cgi"),
        ("/cgi-bin/snapshot.cgi?channel=2", "/cgi-bin/snapshot.cgi?channel=2"),
        ("/cgi-bin/ptz.cgi?action=start&channel=1&code=Up&arg1=0", "/cgi-bin/ptz.cgi?channel=1"),
        ("/cgi-bin/magicBox.cgi?action=getDeviceType", "/cgi-bin/magicBox.cgi"),
    ],
)
def test_a_function_is_a_path_and_a_channel(target: str, function: str) -> None:
    assert function_of(target) == function
