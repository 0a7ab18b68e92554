"""What a camera tells of itself beside its photos, for `check`."""

import pytest

from demo.camera import PtzFault, SimulatedCamera, SpeakerFault
from demo.camera.lockout import LockoutPolicy
from worker.camera.amcrest import AmcrestCamera, LoginLimit
from worker.domain.errors import CameraUnsupported


def test_a_stop_alone_moves_nothing(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    client.hold_still()
    assert [command.action for command in camera.state.ptz_commands] == ["stop"]


def test_a_camera_that_cannot_turn_cannot_be_stopped_either(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.ptz = PtzFault.ABSENT
    with pytest.raises(CameraUnsupported):
        client.hold_still()


def test_it_tells_its_speakers_and_their_volume(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.volume = 0
    assert (client.speakers(), client.volume()) == (1, 0)
    camera.state.faults.speaker = SpeakerFault.ABSENT
    assert client.speakers() == 0


@pytest.mark.parametrize(
    ("policy", "limit"),
    [
        (LockoutPolicy(), LoginLimit(5, 1800)),
        (LockoutPolicy(attempts=3, seconds=60), LoginLimit(3, 60)),
        (LockoutPolicy(enabled=False), None),
    ],
)
def test_it_tells_after_how_many_wrong_logins_it_locks(
    client: AmcrestCamera, camera: SimulatedCamera, policy: LockoutPolicy, limit: LoginLimit | None
) -> None:
    camera.state.logins.lockout.policy = policy
    assert client.login_limit() == limit
