import pytest

from demo.camera import SimulatedCamera, SnapshotFault
from tests.worker.camera.conftest import Access
from worker.camera.amcrest import AmcrestCamera
from worker.camera.connection import Request
from worker.domain.errors import CameraFaulty, CameraUnreachable


def targets(camera: SimulatedCamera) -> set[str]:
    return {request.target for request in camera.state.requests if "snapshot" in request.target}


def test_a_snapshot_is_the_camera_s_photo_byte_for_byte(client: AmcrestCamera, first_photo: bytes) -> None:
    assert client.snapshot() == first_photo


def test_the_channel_is_left_out_unless_it_is_set(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    client.snapshot()
    assert targets(camera) == {"/cgi-bin/snapshot.cgi"}


def test_the_channel_of_a_recorder_is_named(access: Access, camera: SimulatedCamera) -> None:
    access.client(channel_number=3).snapshot()
    assert targets(camera) == {"/cgi-bin/snapshot.cgi?channel=3"}


def test_stray_bytes_after_the_end_are_cut_off(
    client: AmcrestCamera, camera: SimulatedCamera, first_photo: bytes
) -> None:
    camera.state.faults.snapshot = SnapshotFault.TRAILING_BYTES
    assert client.snapshot() == first_photo


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (SnapshotFault.ERROR_500, "status 500"),
        (SnapshotFault.HTML, "no photo but"),
        (SnapshotFault.ERROR_TEXT, "no photo but"),
        (SnapshotFault.EMPTY, "empty photo"),
        (SnapshotFault.SHORT_BODY, "broke off in the middle"),
        (SnapshotFault.TRUNCATED, "cut off"),
        (SnapshotFault.HUGE, "more than 20000000 bytes"),
    ],
)
def test_what_is_no_whole_photo_is_refused_and_the_next_one_taken(
    client: AmcrestCamera, camera: SimulatedCamera, fault: SnapshotFault, complaint: str
) -> None:
    camera.state.faults.next_snapshots.append(fault)
    with pytest.raises(CameraFaulty, match=complaint):
        client.snapshot()
    assert client.snapshot()


def test_a_reset_is_no_answer(client: AmcrestCamera, camera: SimulatedCamera) -> None:
    camera.state.faults.snapshot = SnapshotFault.RESETS
    with pytest.raises(CameraUnreachable):
        client.snapshot()
    camera.state.faults.snapshot = None
    assert client.snapshot()


def test_a_camera_that_hangs_is_left_in_time(access: Access, camera: SimulatedCamera) -> None:
    camera.state.faults.snapshot = SnapshotFault.HANGS
    with pytest.raises(CameraUnreachable):
        access.channel().request(Request("GET", "/cgi-bin/snapshot.cgi", 0.1, 1_000_000))


def test_a_camera_that_drips_is_left_when_its_time_is_over(access: Access, camera: SimulatedCamera) -> None:
    camera.state.faults.snapshot = SnapshotFault.DRIPS
    # Each drip comes in time; only all of them together take too long.
    camera.state.sleep = lambda _: access.time.sleep(3)
    with pytest.raises(CameraUnreachable, match="longer than 20 s"):
        access.client().snapshot()
