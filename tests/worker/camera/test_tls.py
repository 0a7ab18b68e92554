"""Each way in which TLS with a camera fails has its own words and its own remedy, and none of them sends anything."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera
from tests.camera_simulator.conftest import PASSWORD, USERNAME
from tests.worker.camera import certificates
from tests.worker.camera.certificates import DAY, ELSEWHERE, Certificate
from worker.camera.amcrest import AmcrestCamera
from worker.camera.digest import Credentials
from worker.camera.http import CameraHttp
from worker.camera.lockout import Lockout
from worker.camera.tls import CA_BUNDLE
from worker.domain.errors import CameraUnreachable, CameraUntrusted


@contextmanager
def secured(photos: Path, context: ssl.SSLContext | None) -> Iterator[SimulatedCamera]:
    with SimulatedCamera(photos=photos, username=USERNAME, password=PASSWORD, tls=context) as camera:
        yield camera


@contextmanager
def visitor(camera: SimulatedCamera, memory: Path, fingerprint: str | None = None) -> Iterator[AmcrestCamera]:
    url, credentials = f"https://{camera.host}", Credentials(USERNAME, PASSWORD)
    lockout = Lockout(memory / "lockout.json", url, credentials)
    client = AmcrestCamera(CameraHttp(url, credentials, lockout, fingerprint=fingerprint))
    yield client
    client.close()


@contextmanager
def met(
    photos: Path, memory: Path, context: ssl.SSLContext | None, fingerprint: str | None = None
) -> Iterator[AmcrestCamera]:
    with secured(photos, context) as camera, visitor(camera, memory, fingerprint) as client:
        yield client


def complaint(photos: Path, tmp_path: Path, context: ssl.SSLContext | None, fingerprint: str | None = None) -> str:
    with secured(photos, context) as camera, visitor(camera, tmp_path, fingerprint) as client:
        with pytest.raises(CameraUntrusted) as error:
            client.snapshot()
        assert camera.state.requests == [] or context is None
    return str(error.value)


@contextmanager
def trusted(monkeypatch: pytest.MonkeyPatch, certificate: Certificate) -> Iterator[None]:
    """As if an authority had signed it."""
    with monkeypatch.context() as patch:
        patch.setenv(CA_BUNDLE, str(certificate.file))
        yield


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certificates.make(tmp_path)


class TestByAuthorities:
    def test_a_certificate_in_the_bundle_is_trusted(
        self, photos: Path, tmp_path: Path, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with trusted(monkeypatch, certificate), met(photos, tmp_path, certificate.server()) as client:
            assert client.snapshot()
            assert client.snapshot()

    def test_one_signed_by_itself_is_not_and_its_fingerprint_is_told(
        self, photos: Path, tmp_path: Path, certificate: Certificate
    ) -> None:
        told = complaint(photos, tmp_path, certificate.server())
        assert "signed by itself" in told
        assert "REQUESTS_CA_BUNDLE" in told
        assert f"CAMERA_FINGERPRINT={certificate.fingerprint}" in told

    def test_one_for_another_name_says_for_which(
        self, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certificate = certificates.make(tmp_path, names=ELSEWHERE)
        with trusted(monkeypatch, certificate):
            told = complaint(photos, tmp_path, certificate.server())
        assert "is for camera.example only: write CAMERA_HOST as the certificate does" in told
        assert certificate.fingerprint in told

    def test_one_for_no_name_is_to_be_made_anew(
        self, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certificate = certificates.make(tmp_path, names=None)
        with trusted(monkeypatch, certificate):
            told = complaint(photos, tmp_path, certificate.server())
        assert "it has no subjectAltName: have the camera make a new one" in told
        assert certificate.fingerprint in told

    @pytest.mark.parametrize(("age", "words"), [(3 * DAY, "has expired"), (-DAY, "is not valid yet")])
    def test_one_out_of_its_time_blames_the_clocks(
        self, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: timedelta, words: str
    ) -> None:
        certificate = certificates.make(tmp_path, age=age)
        with trusted(monkeypatch, certificate):
            told = complaint(photos, tmp_path, certificate.server())
        assert words in told
        assert "clocks" in told

    def test_a_short_key_is_called_weak(self, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        certificate = certificates.make(tmp_path, bits=1024)
        with trusted(monkeypatch, certificate):
            told = complaint(photos, tmp_path, certificate.server())
        assert "too weak" in told
        assert certificate.fingerprint in told

    def test_old_tls_is_called_old(self, photos: Path, tmp_path: Path, certificate: Certificate) -> None:
        told = complaint(photos, tmp_path, certificate.old_server())
        assert "only TLS older than 1.2" in told
        assert certificate.fingerprint in told

    def test_plain_http_is_called_that(self, photos: Path, tmp_path: Path) -> None:
        told = complaint(photos, tmp_path, None)
        assert "does not speak TLS" in told
        assert "http://" in told

    def test_a_bundle_that_cannot_be_read_is_named(
        self, photos: Path, tmp_path: Path, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(CA_BUNDLE, str(tmp_path / "none.pem"))
        with (
            met(photos, tmp_path, certificate.server()) as client,
            pytest.raises(CameraUnreachable, match=r"REQUESTS_CA_BUNDLE names .*none.pem"),
        ):
            client.snapshot()


class TestByFingerprint:
    @pytest.mark.parametrize("written", [str, str.lower, lambda text: text.replace(":", "")])
    def test_the_very_certificate_is_trusted_without_authority_or_name(
        self, photos: Path, tmp_path: Path, written: Callable[[str], str]
    ) -> None:
        certificate = certificates.make(tmp_path, names=ELSEWHERE)
        with met(photos, tmp_path, certificate.server(), written(certificate.fingerprint)) as client:
            assert client.snapshot()

    def test_it_may_have_a_short_key_and_old_tls(self, photos: Path, tmp_path: Path) -> None:
        certificate = certificates.make(tmp_path, names=None, bits=1024, age=3 * DAY)
        with met(photos, tmp_path, certificate.old_server(), certificate.fingerprint) as client:
            assert client.snapshot()

    def test_another_one_is_told_with_a_warning_and_gets_no_login(
        self, photos: Path, tmp_path: Path, certificate: Certificate
    ) -> None:
        told = complaint(photos, tmp_path, certificate.server(), "00" * 32)
        assert "somebody else" in told
        assert "no login was sent" in told
        assert certificate.fingerprint in told
