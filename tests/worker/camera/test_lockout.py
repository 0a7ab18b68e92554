import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.clock import NOON
from worker.camera.digest import Credentials
from worker.camera.lockout import OPEN_FOR, Lockout
from worker.domain.errors import CameraRefused

HOST = "http://192.0.2.7"
CREDENTIALS = Credentials("admin", "open sesame")


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lockout" / "lobby.json"


@pytest.fixture
def _refused(path: Path) -> None:
    """A camera that has refused a login at noon."""
    with pytest.raises(CameraRefused):
        Lockout(path, HOST, CREDENTIALS, at(NOON)).refuse()


def test_nothing_is_locked_at_first(path: Path) -> None:
    Lockout(path, HOST, CREDENTIALS, at(NOON)).check()
    assert not path.exists()


def test_a_refusal_opens_the_breaker_and_says_what_to_do(path: Path) -> None:
    lockout = Lockout(path, HOST, CREDENTIALS, at(NOON))
    with pytest.raises(CameraRefused):
        lockout.refuse()
    with pytest.raises(CameraRefused, match=r"before 2026-11-22T12:30:00.000Z.*CAMERA_PASSWORD"):
        lockout.check()


def test_all_refused_logins_that_opened_it_are_counted(path: Path) -> None:
    with pytest.raises(CameraRefused):
        Lockout(path, HOST, CREDENTIALS, at(NOON)).refuse(2)
    assert Lockout(path, HOST, CREDENTIALS, at(NOON)).refusals == 2


@pytest.mark.usefixtures("_refused")
class TestAfterARestart:
    def test_it_is_still_open(self, path: Path) -> None:
        with pytest.raises(CameraRefused, match=r"before 2026-11-22T12:30"):
            Lockout(path, HOST, CREDENTIALS, at(NOON + OPEN_FOR - timedelta(seconds=1))).check()

    def test_until_its_time_is_over(self, path: Path) -> None:
        Lockout(path, HOST, CREDENTIALS, at(NOON + OPEN_FOR)).check()

    @pytest.mark.parametrize(
        ("host", "credentials"),
        [
            ("http://192.0.2.8", CREDENTIALS),
            (HOST, Credentials("viewer", "open sesame")),
            (HOST, Credentials("admin", "open sesame!")),
        ],
    )
    def test_changed_settings_close_it(self, path: Path, host: str, credentials: Credentials) -> None:
        Lockout(path, host, credentials, at(NOON)).check()

    def test_a_clock_that_jumped_back_keeps_it_open_no_longer_than_the_camera_would(self, path: Path) -> None:
        earlier = [NOON - timedelta(days=400)]
        lockout = Lockout(path, HOST, CREDENTIALS, lambda: earlier[0])
        with pytest.raises(CameraRefused):
            lockout.check()
        earlier[0] += OPEN_FOR
        lockout.check()

    def test_a_successful_check_closes_it_for_good(self, path: Path) -> None:
        lockout = Lockout(path, HOST, CREDENTIALS, at(NOON))
        lockout.forget()
        lockout.check()
        Lockout(path, HOST, CREDENTIALS, at(NOON)).check()

    @pytest.mark.parametrize(
        "content", [b"", b"[]", b"{}", b'{"until": "soon", "settings": "x", "salt": "zz"}', b"\xff"]
    )
    def test_a_broken_memory_is_none(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        Lockout(path, HOST, CREDENTIALS, at(NOON)).check()

    def test_the_memory_holds_neither_password_nor_user_name(self, path: Path) -> None:
        memory = json.loads(path.read_text())
        assert memory["until"] == "2026-11-22T12:30:00.000Z"
        assert "sesame" not in path.read_text()
        assert "admin" not in path.read_text()


def test_a_refusal_counts_also_where_it_cannot_be_written_down(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    lockout = Lockout(tmp_path / "file" / "lobby.json", HOST, CREDENTIALS, at(NOON))
    with pytest.raises(CameraRefused):
        lockout.refuse()
    with pytest.raises(CameraRefused):
        lockout.check()


@pytest.mark.usefixtures("_refused")
class TestBesideAnotherProcess:
    def test_one_login_may_be_allowed_here_while_it_stays_open_for_the_others(self, path: Path) -> None:
        lockout = Lockout(path, HOST, CREDENTIALS, at(NOON))
        lockout.allow_one()
        lockout.check()
        with pytest.raises(CameraRefused):
            Lockout(path, HOST, CREDENTIALS, at(NOON)).check()

    def test_a_camera_that_has_let_another_in_is_asked_again(self, path: Path) -> None:
        lockout = Lockout(path, HOST, CREDENTIALS, at(NOON))
        assert lockout.open_until == NOON + OPEN_FOR
        Lockout(path, HOST, CREDENTIALS, at(NOON)).forget()
        lockout.check()

    def test_refusals_are_counted_whatever_the_settings_were_until_it_lets_somebody_in(self, path: Path) -> None:
        lockout = Lockout(path, HOST, Credentials("admin", "a guess"), at(NOON))
        assert lockout.refusals == 1
        with pytest.raises(CameraRefused):
            lockout.refuse()
        assert Lockout(path, HOST, CREDENTIALS, at(NOON)).refusals == 2
        lockout.forget()
        assert Lockout(path, HOST, CREDENTIALS, at(NOON)).refusals == 0


def test_neither_error_nor_representation_shows_the_password(path: Path) -> None:
    lockout = Lockout(path, HOST, CREDENTIALS, at(NOON))
    with pytest.raises(CameraRefused) as error:
        lockout.refuse()
    assert "sesame" not in f"{error.value!r} {lockout!r}"
