"""Cameras do not wait for each other, photos do not wait for sentences."""

from pathlib import Path

from demo.camera import ConnectionFault, SimulatedCamera, Sound
from tests.integration.conftest import PASSWORD, PHOTOS
from tests.support.account import Account
from tests.support.worker_process import Host

PRESSES_IN_VAIN = 3
ON_THE_WAY_SECONDS = 0.1
"""A first byte may be as late at the camera."""


def test_a_camera_that_is_down_keeps_no_other_waiting(
    host: Host, account: Account, camera: SimulatedCamera, tmp_path: Path
) -> None:
    with (
        SimulatedCamera(photos=PHOTOS, password=PASSWORD) as dead,
        SimulatedCamera(photos=PHOTOS, password=PASSWORD) as hanging,
    ):
        named = {"dead": dead, "hanging": hanging, "well": camera}
        cameras = tmp_path / "cameras.toml"
        cameras.write_text("".join(_table(name, each) for name, each in named.items()))
        dead.switch_off()
        hanging.state.faults.connection = ConnectionFault.HANGS
        worker = host.start(
            CAMERAS_FILE=str(cameras), CAMERA_HOST="", CAMERA_PASSWORD="", CONCURRENCY="2", SPEECH="off"
        )
        for _ in range(PRESSES_IN_VAIN):
            account.press(camera="dead")
            account.press(camera="hanging")
        worker.wait_for("failed, trying again", PRESSES_IN_VAIN)
        account.press(camera="well")
        [done] = [record for record in account.ended() if record["status"] != "in_progress"]
        assert (done["camera"], done["status"]) == ("well", "completed")
        assert done["timings_ms"]["total"] < 2000
        dead.switch_on()
        records = account.ended(1 + PRESSES_IN_VAIN)
        assert {record["camera"]: record["status"] for record in records} == {
            "dead": "completed",
            "hanging": "in_progress",
            "well": "completed",
        }


def test_four_presses_at_once_are_four_photos_in_a_row_and_then_four_sentences_in_a_row(
    host: Host, account: Account, portrait: Path
) -> None:
    with SimulatedCamera(photos=portrait, password=PASSWORD) as camera:
        camera.state.snapshot_seconds = 0.2
        # Fewer places of work than presses: who waits for the speaker has left theirs.
        host.start(CAMERA_HOST=camera.host, CONCURRENCY="2")
        for _ in range(4):
            account.press()
        records = account.ended(4)
        assert {(record["status"], record["speech"]) for record in records} == {("completed", "spoken")}
        state = camera.state
        assert len(state.snapshots) == len(state.sounds) == 4
        assert state.max_concurrent_snapshots == state.max_concurrent_sounds == 1
        assert state.snapshots[-1].at < state.sounds[1].ended_at
        starts = [_start(sound) for sound in state.sounds]
        ends = [start + sound.seconds for start, sound in zip(starts, state.sounds, strict=True)]
        assert all(next_start > end - ON_THE_WAY_SECONDS for end, next_start in zip(ends[:-1], starts[1:], strict=True))


def _table(name: str, camera: SimulatedCamera) -> str:
    return f'[{name}]\nhost = "{camera.host}"\npassword = "{PASSWORD}"\n'


def _start(sound: Sound) -> float:
    assert sound.first_sound_at is not None
    return sound.first_sound_at
