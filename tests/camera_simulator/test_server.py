import socket
from pathlib import Path
from threading import enumerate as threads

import pytest
import requests

from demo.camera import ConnectionFault, Faults, SimulatedCamera, SnapshotFault
from demo.program import PATIENCE_SECONDS
from tests.camera_simulator.conftest import PASSWORD, Visitor


def test_nothing_is_left_running(photos: Path) -> None:
    before = set(threads())
    with SimulatedCamera(photos=photos, password=PASSWORD) as camera, Visitor(camera) as idle:
        idle.get("snapshot.cgi")
        camera.state.faults.snapshot = SnapshotFault.HANGS
        with Visitor(camera) as waiting, pytest.raises(requests.ReadTimeout):
            waiting.get("snapshot.cgi", timeout=0.1)
        assert len(threads()) > len(before)
    assert set(threads()) <= before


def test_a_client_that_does_not_read_keeps_nobody_waiting(photos: Path) -> None:
    before = set(threads())
    with SimulatedCamera(photos=photos, password=PASSWORD) as camera, Visitor(camera) as visitor:
        camera.state.faults.snapshot = SnapshotFault.HUGE
        unread = visitor.get("snapshot.cgi", stream=True)
        camera.switch_off()
        unread.close()
    assert set(threads()) <= before


def test_switching_off_cuts_a_long_snapshot_short(photos: Path) -> None:
    camera = SimulatedCamera(photos=photos, password=PASSWORD)
    with camera:
        camera.state.faults = Faults(snapshot=SnapshotFault.DRIPS, drip_seconds=3600)
        with Visitor(camera) as visitor, pytest.raises(requests.RequestException):
            visitor.get("snapshot.cgi", timeout=0.1)
    assert camera.state.off.is_set()


def test_a_camera_without_power_refuses_connections_and_comes_back_at_the_same_address(
    camera: SimulatedCamera, visitor: Visitor
) -> None:
    host = camera.host
    assert visitor.get("snapshot.cgi").ok
    camera.switch_off()
    with pytest.raises(requests.ConnectionError):
        visitor.get("snapshot.cgi")
    camera.switch_on()
    assert camera.host == host
    assert visitor.get("snapshot.cgi").ok


def test_a_request_without_an_answer_is_noted(camera: SimulatedCamera, visitor: Visitor) -> None:
    camera.state.faults.connection = ConnectionFault.RESETS
    with pytest.raises(requests.ConnectionError):
        visitor.get("snapshot.cgi")
    assert [request.status for request in camera.state.requests] == [None]


@pytest.mark.parametrize("noise", [b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"BREW /pot HTTP/1.1\r\n\r\n"])
def test_it_survives_noise(
    camera: SimulatedCamera, visitor: Visitor, noise: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    address, port = camera.host.split(":")
    with socket.create_connection((address, int(port)), timeout=PATIENCE_SECONDS) as line:
        line.sendall(noise)
        assert line.recv(1024)
    assert visitor.get("snapshot.cgi").ok
    assert capfd.readouterr().err == ""
