"""The simulator holds against python-amcrest, a client nobody here wrote.

It tries Basic first, over requests as over httpx, and turns to digest when that is refused.
"""

import asyncio
from pathlib import Path

import pytest
from amcrest import AmcrestCamera, ApiWrapper
from amcrest.exceptions import LoginError

from demo.camera import SimulatedCamera
from tests.camera_simulator.conftest import PASSWORD, USERNAME


def client(camera: SimulatedCamera, password: str = PASSWORD) -> ApiWrapper:
    address, port = camera.host.split(":")
    return AmcrestCamera(address, int(port), USERNAME, password, retries_connection=0).camera


@pytest.fixture
def amcrest(camera: SimulatedCamera) -> ApiWrapper:
    return client(camera)


def test_it_logs_in_with_digest_after_basic_was_refused(camera: SimulatedCamera, amcrest: ApiWrapper) -> None:
    assert amcrest.device_type == "IP2M-841"
    assert amcrest.serial_number == "AMC0SIMULATED0001"
    assert (camera.state.logins.basic_attempts, camera.state.logins.refused) == (1, 0)


def test_it_takes_snapshots(amcrest: ApiWrapper, photos: Path) -> None:
    assert amcrest.snapshot(stream=False) == (photos / "first.jpg").read_bytes()
    assert amcrest.snapshot(channel=1, stream=False) == (photos / "second.jpg").read_bytes()


def test_it_moves_the_camera(camera: SimulatedCamera, amcrest: ApiWrapper) -> None:
    assert amcrest.move_up(start=True, vertical_speed=3)
    assert amcrest.move_up(start=False)
    assert [(move.action, move.code, move.speed) for move in camera.state.ptz_commands] == [
        ("start", "Up", 3),
        ("stop", "Up", 1),
    ]


def test_it_plays_a_sound(camera: SimulatedCamera, amcrest: ApiWrapper, tmp_path: Path) -> None:
    recording = tmp_path / "hello.al"
    recording.write_bytes(b"\xd5\x55" * 400)
    amcrest.play_wav(path_file=str(recording))
    (sound,) = camera.state.sounds
    # It wraps the sound in a form, whatever the Content-Type says.
    assert recording.read_bytes() in sound.audio


def test_it_does_all_this_over_httpx_too(camera: SimulatedCamera, photos: Path) -> None:
    async def visit() -> tuple[bytes, bool]:
        amcrest = client(camera)
        return await amcrest.async_snapshot(), await amcrest.async_ptz_control_command("start", "Down")

    assert asyncio.run(visit()) == ((photos / "first.jpg").read_bytes(), True)
    assert [move.code for move in camera.state.ptz_commands] == ["Down"]


def test_a_wrong_password_does_not_get_it_in(camera: SimulatedCamera) -> None:
    with pytest.raises(LoginError):
        client(camera, "wrong").snapshot(stream=False)
    assert camera.state.snapshots == []


def test_its_own_persistence_locks_it_out(camera: SimulatedCamera) -> None:
    for _ in range(5):
        with pytest.raises(LoginError):
            client(camera, "wrong").snapshot(stream=False)
    with pytest.raises(LoginError):
        client(camera).snapshot(stream=False)
