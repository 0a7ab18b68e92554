"""`python -m board link`: what it says, and its exit codes."""

import re
from pathlib import Path

import pytest

from board.cli import main
from board.links import Links


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of AWS is set."""
    monkeypatch.chdir(tmp_path)
    for name in ("CAMERAS_FILE", "BOARD_HOST", "BOARD_PORT", "TABLE_NAME", "BUCKET_NAME", "BOARD_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CAMERA_NAME", "lobby")


def links(tmp_path: Path) -> Links:
    return Links(tmp_path / "data" / "board")


def test_a_link_is_printed_whole_with_its_end_and_how_to_end_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["link", "monitor", "lobby", "--days", "3"]) == 0
    said = capsys.readouterr()
    [link] = links(tmp_path).all()
    address = re.fullmatch(r"http://127\.0\.0\.1:8080/monitor/lobby\?key=(\S+)\n", said.out)
    assert address
    assert links(tmp_path).by_secret(address[1], link.created_at) == link
    assert (link.expires_at - link.created_at).days == 3
    assert f"{link.expires_at:%Y-%m-%d %H:%M} UTC" in said.err
    assert "another name" in said.err
    assert f"python -m board link revoke {link.id}" in said.err


def test_a_billboard_has_addresses_for_players_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["link", "billboard", "lobby"]) == 0
    paths = [re.sub(r"^http://[^/]+|key=.*$", "", line) for line in capsys.readouterr().out.splitlines()]
    assert paths == ["/billboard/lobby?", "/billboard/lobby/current?", "/billboard/lobby/current.json?"]


@pytest.mark.parametrize(
    ("host", "shown"),
    [("192.168.1.5", "192.168.1.5"), ("fd00::1", r"\[fd00::1\]"), ("0.0.0.0", r"[^/:]+")],  # noqa: S104
)
def test_the_address_is_where_the_board_listens(
    host: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOARD_HOST", host)
    monkeypatch.setenv("BOARD_PORT", "9000")
    assert main(["link", "monitor", "lobby"]) == 0
    assert re.match(rf"http://{shown}:9000/monitor/lobby\?key=", capsys.readouterr().out)


def test_links_are_listed_without_their_secrets_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["link", "list"]) == 0
    assert "There are no links" in capsys.readouterr().out
    main(["link", "monitor", "lobby"])
    secret = capsys.readouterr().out.rpartition("=")[2].strip()
    [link] = links(tmp_path).all()
    main(["link", "list"])
    listed = capsys.readouterr().out
    assert listed.split() == [link.id, "monitor", "lobby", "until", *f"{link.expires_at:%Y-%m-%d %H:%M}".split(), "UTC"]
    assert secret not in listed
    assert main(["link", "revoke", link.id]) == 0
    assert links(tmp_path).all() == ()
    assert main(["link", "revoke", link.id]) == 2
    assert "link list" in capsys.readouterr().err


@pytest.mark.parametrize("days", ["0", "401", "-1", "1.5", "many", "", "¾", "9" * 5000])
def test_days_that_cannot_be_are_told(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["link", "monitor", "lobby", f"--days={days}"])
    assert ended.value.code == 2
    assert "from 1 to 400" in capsys.readouterr().err


def test_a_camera_that_nobody_knows_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["link", "monitor", "garden"]) == 2
    assert "CAMERA_NAME or CAMERAS_FILE has: lobby" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_settings_that_cannot_be_used_are_told_all_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAMERA_NAME", "a b")
    monkeypatch.setenv("BOARD_PORT", "x")
    assert main(["link", "list"]) == 2
    said = capsys.readouterr().err
    assert "CAMERA_NAME" in said
    assert "BOARD_PORT" in said


@pytest.mark.parametrize("given", [["monitor", "lobby"], ["revoke", "x"]])
def test_a_folder_that_cannot_be_written_is_told(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("in the way")
    assert main(["link", *given]) == 1
    assert "Set DATA_DIR" in capsys.readouterr().err


def test_a_damaged_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data" / "board").mkdir(parents=True)
    (tmp_path / "data" / "board" / "links.json").write_text("{")
    assert main(["link", "list"]) == 1
    assert "Move it away" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["link"], ["link", "gallery", "lobby"], ["link", "monitor"], ["lonk"]])
def test_bad_usage_is_bad_usage(given: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
