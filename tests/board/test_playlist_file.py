"""BILLBOARD_FILE while the board runs."""

import os
import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from board.playlist_file import PlaylistFile
from tests.support.host import CHECKOUT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT / "demo" / "billboard", tmp_path / "billboard"))


@pytest.fixture
def file(folder: Path) -> PlaylistFile:
    return PlaylistFile(folder / "billboard.toml")


def write(folder: Path, text: str) -> None:
    (folder / "billboard.toml").write_text(text, encoding="utf-8")


ONE = 'default = "calm"\n[moods.calm]\nitems = [{image = "sea.jpg"}]\n'


def test_what_has_not_changed_is_not_read_again(file: PlaylistFile) -> None:
    before = file.playlist
    with capture_logs() as logs:
        file.refresh()
    assert file.playlist is before
    assert logs == []


def test_a_changed_file_is_read_again(file: PlaylistFile, folder: Path) -> None:
    write(folder, ONE)
    with capture_logs() as logs:
        file.refresh()
    assert list(file.playlist.moods) == ["calm"]
    assert [entry["action"] for entry in logs] == ["billboard_read"]


@pytest.mark.parametrize("text", ["default = ", ONE.replace("sea", "none"), ONE.replace("calm", "\\u001b[31m", 1)])
def test_a_file_that_is_broken_keeps_the_last_good_one_and_is_told_once(
    file: PlaylistFile, folder: Path, text: str
) -> None:
    before = file.playlist
    write(folder, text)
    with capture_logs() as logs:
        file.refresh()
        file.refresh()
    assert file.playlist is before
    assert [(entry["action"], entry["log_level"]) for entry in logs] == [("billboard_broken", "error")]
    write(folder, ONE)
    file.refresh()
    assert list(file.playlist.moods) == ["calm"]


def test_a_file_that_is_gone_keeps_the_last_good_one(file: PlaylistFile, folder: Path) -> None:
    before = file.playlist
    (folder / "billboard.toml").unlink()
    file.refresh()
    assert file.playlist is before


def test_an_image_that_comes_after_the_file_that_names_it_is_found(file: PlaylistFile, folder: Path) -> None:
    write(folder, ONE.replace("sea", "new"))
    file.refresh()
    shutil.copy(folder / "sea.jpg", folder / "new.jpg")
    file.refresh()
    assert [item.source for item in file.playlist.items] == ["new.jpg"]


def test_an_image_that_was_replaced_has_another_version(file: PlaylistFile, folder: Path) -> None:
    before = file.playlist.version
    shutil.copy(folder / "hills.jpg", folder / "sea.jpg")
    file.refresh()
    assert file.playlist.version != before


def test_only_what_the_file_names_is_found(file: PlaylistFile, folder: Path) -> None:
    (folder / "other.jpg").write_bytes(b"x")
    assert file.find("sea.jpg") == folder / "sea.jpg"
    assert file.find("other.jpg") is None
    assert file.find("billboard.toml") is None


def test_a_file_that_became_a_link_to_elsewhere_is_not_found(file: PlaylistFile, folder: Path) -> None:
    (folder / "sea.jpg").unlink()
    assert file.find("sea.jpg") is None
    (folder / "sea.jpg").symlink_to(Path(os.__file__))
    assert file.find("sea.jpg") is None
