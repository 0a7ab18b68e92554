from pathlib import Path

import pytest

from worker.camera.amcrest import LoginLimit
from worker.camera.digest import Credentials
from worker.camera.lockout import Lockout
from worker.commands.check.logins import Logins
from worker.domain.errors import CameraRefused


@pytest.fixture
def logins(tmp_path: Path) -> Logins:
    lockout = Lockout(tmp_path / "lobby.json", "http://192.0.2.7", Credentials("admin", "open sesame"))
    return Logins(tmp_path / "lobby.limit", lockout)


def refuse(logins: Logins) -> None:
    with pytest.raises(CameraRefused):
        logins.lockout.refuse()


def test_refusals_use_up_what_the_camera_once_said(logins: Logins) -> None:
    logins.remember(LoginLimit(2, 1800))
    assert logins.left() == 2
    for left in (1, 0, 0):
        refuse(logins)
        assert logins.left() == left


def test_a_camera_that_never_said_or_no_longer_locks_is_not_guessed_at(logins: Logins) -> None:
    assert logins.left() is None
    logins.remember(LoginLimit(5, None))
    logins.remember(None)
    assert logins.left() is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"attempts": 5}', b"\xff"])
def test_a_broken_memory_is_none(logins: Logins, content: bytes) -> None:
    logins.path.write_bytes(content)
    assert logins.left() is None


def test_where_nothing_can_be_written_there_is_only_less_to_say(tmp_path: Path, logins: Logins) -> None:
    (tmp_path / "file").touch()
    Logins(tmp_path / "file" / "limit", logins.lockout).remember(LoginLimit(5, None))
