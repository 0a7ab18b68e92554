"""What check says of whatever sits at CAMERA_HOST."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera, SnapshotFault
from demo.camera.digest import Account
from tests.camera_simulator.conftest import PASSWORD, USERNAME, photos
from tests.worker.camera import certificates
from tests.worker.camera.hostile import HostileServer, after_a_request
from worker.camera.amcrest import AmcrestCamera
from worker.camera.digest import Credentials
from worker.camera.http import CameraHttp
from worker.camera.lockout import Lockout
from worker.commands.check.cameras import CameraCheck
from worker.commands.check.line import Level, Line
from worker.commands.check.logins import Logins
from worker.settings import CameraSettings

__all__ = ["photos"]


@pytest.fixture
def camera(photos: Path) -> Iterator[SimulatedCamera]:
    with SimulatedCamera(photos=photos, username=USERNAME, password=PASSWORD) as camera:
        yield camera


@contextmanager
def checked(url: str, memory: Path, fingerprint: str | None = None) -> Iterator[list[Line]]:
    settings = CameraSettings.model_validate({"host": url, "username": USERNAME, "password": PASSWORD})
    credentials = Credentials(settings.username, settings.password.get_secret_value())
    lockout = Lockout(memory / "lockout.json", settings.host, credentials)
    camera = AmcrestCamera(CameraHttp(settings.host, credentials, lockout, fingerprint=fingerprint))
    logins = Logins(memory / "limit", lockout)
    check = CameraCheck(
        name="lobby", camera=camera, settings=settings, logins=logins, speaks=True, aloud=False, sound=None
    )
    yield list(check.lines())
    camera.close()


def test_a_camera_that_let_us_in_accepts_the_password(camera: SimulatedCamera, tmp_path: Path) -> None:
    with checked(camera.host, tmp_path) as [welcome, *others]:
        assert "IP2M-841" in welcome.found
        assert "accepts the password" in welcome.found
        assert {line.level for line in [welcome, *others]} == {Level.OK}


def test_who_asks_for_no_login_is_no_camera(camera: SimulatedCamera, tmp_path: Path) -> None:
    camera.state.faults.asks_for_no_login = True
    with checked(camera.host, tmp_path) as [only]:
        assert only.level is Level.FAILED
        assert "asks for no login" in only.found
        assert "CAMERA_HOST" in only.remedy


@pytest.mark.parametrize("status", [b"200 OK", b"404 Not Found"])
def test_a_web_server_is_no_camera(tmp_path: Path, status: bytes) -> None:
    page = b"<!DOCTYPE html>\n<link\ntype=text/css\n>"
    head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(page))
    with HostileServer(after_a_request(head + page)) as server, checked(server.address, tmp_path) as [only]:
        assert only.level is Level.FAILED
        assert "accepts the password" not in only.found
        assert "Amcrest" in only.found


def test_a_web_server_with_a_login_that_is_ours_is_no_camera_either(camera: SimulatedCamera, tmp_path: Path) -> None:
    camera.state.faults.answers_like_a_web_server = True
    with checked(camera.host, tmp_path) as [only]:
        assert only.level is Level.FAILED
        assert "does not answer as an Amcrest camera does" in only.found


def test_a_certificate_that_nobody_vouches_for_is_shown_with_its_fingerprint(photos: Path, tmp_path: Path) -> None:
    certificate = certificates.make(tmp_path)
    with SimulatedCamera(photos=photos, password=PASSWORD, tls=certificate.server()) as camera:
        url = f"https://{camera.host}"
        with checked(url, tmp_path) as [only]:
            assert only.level is Level.FAILED
            assert f"CAMERA_FINGERPRINT={certificate.fingerprint}" in only.found
        with checked(url, tmp_path, certificate.fingerprint) as [welcome, *_]:
            assert "accepts the password" in welcome.found


def test_each_right_that_is_missing_is_named_on_its_line(camera: SimulatedCamera, tmp_path: Path) -> None:
    rights = frozenset({"magicBox.cgi", "snapshot.cgi", "devAudioOutput.cgi", "configManager.cgi"})
    camera.state.logins.account = Account(USERNAME, PASSWORD, rights)
    with checked(camera.host, tmp_path) as [welcome, photo, nod, _]:
        assert (welcome.level, photo.level, nod.level) == (Level.OK, Level.OK, Level.WARNING)
        assert "the right to PTZ" in nod.found


def test_a_photo_that_is_refused_does_not_shut_the_rest(camera: SimulatedCamera, tmp_path: Path) -> None:
    camera.state.faults.snapshot = SnapshotFault.ERROR_401
    with checked(camera.host, tmp_path) as [welcome, photo, nod, speaker]:
        assert [line.level for line in (welcome, photo, nod, speaker)] == [Level.OK, Level.FAILED, Level.OK, Level.OK]
        assert "main stream" in photo.found
