import pytest

from demo.camera import PtzFault, SimulatedCamera
from tests.support.clock import Clock
from tests.worker.camera.conftest import Access
from worker.camera.amcrest import AmcrestCamera
from worker.domain.errors import CameraFaulty, CameraRefused, CameraUnreachable, CameraUnsupported


def moves(camera: SimulatedCamera) -> list[tuple[str, str]]:
    return [(command.action, command.code) for command in camera.state.ptz_commands]


def test_a_nod_is_up_and_down_each_stopped(client: AmcrestCamera, camera: SimulatedCamera, time: Clock) -> None:
    client.nod()
    assert moves(camera) == [("start", "Up"), ("stop", "Up"), ("start", "Down"), ("stop", "Down")]
    assert time.slept == [0.25, 0.25]
    assert {(command.channel, command.speed) for command in camera.state.ptz_commands} == {(0, 1)}


def test_the_channel_of_a_recorder_is_named(access: Access, camera: SimulatedCamera) -> None:
    access.client(channel_number=2).move("Left", 0.5, speed=8)
    assert {(command.channel, command.speed) for command in camera.state.ptz_commands} == {(2, 8)}


def test_the_stop_is_sent_also_when_the_start_failed(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.ptz = PtzFault.START_FAILS
    with pytest.raises(CameraFaulty, match="status 500"):
        client.move("Up", 0.25)
    assert moves(camera) == [("start", "Up"), ("stop", "Up")]


def test_the_stop_is_sent_also_when_the_wait_is_broken_off(access: Access, camera: SimulatedCamera) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    client = AmcrestCamera(access.channel(), None, interrupted)
    with pytest.raises(KeyboardInterrupt):
        client.move("Up", 0.25)
    assert moves(camera) == [("start", "Up"), ("stop", "Up")]


def test_a_stop_that_failed_is_sent_once_more(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.ptz = PtzFault.STOP_FAILS
    with pytest.raises(CameraFaulty):
        client.move("Up", 0.25)
    assert moves(camera) == [("start", "Up"), ("stop", "Up"), ("stop", "Up")]


def test_a_camera_that_cannot_turn_says_so(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.ptz = PtzFault.ABSENT
    with pytest.raises(CameraUnsupported, match="no PTZ"):
        client.nod()


def test_a_refused_login_is_not_tried_again_for_the_stop(access: Access, camera: SimulatedCamera) -> None:
    with pytest.raises(CameraRefused):
        access.client("wrong").nod()
    assert camera.state.logins.refused == 1


def test_a_camera_that_is_off_is_unreachable(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.switch_off()
    with pytest.raises(CameraUnreachable):
        client.nod()
