from pathlib import Path

import pytest

from demo.inbox import DemoFailed
from demo.output import Output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As an earlier run left it."""
    folder = tmp_path / "demo-output"
    with Output(folder) as output:
        output.new("1-smile.jpg").write_text("an earlier photo", encoding="utf-8")
    return folder


def test_what_an_earlier_run_wrote_is_gone(folder: Path) -> None:
    with Output(folder):
        assert not (folder / "1-smile.jpg").exists()


def test_what_somebody_else_wrote_stays(folder: Path) -> None:
    mine = folder / "2-mine.jpg"
    mine.write_text("mine", encoding="utf-8")
    with Output(folder):
        assert mine.read_text(encoding="utf-8") == "mine"


def test_what_somebody_else_wrote_is_not_overwritten(folder: Path) -> None:
    (folder / "2-mine.jpg").write_text("mine", encoding="utf-8")
    with Output(folder) as output, pytest.raises(DemoFailed, match=r"2-mine\.jpg was not written by the demo"):
        output.new("2-mine.jpg")


def test_nothing_outside_the_folder_is_deleted(folder: Path) -> None:
    outside = folder.parent / "outside.txt"
    outside.touch()
    (folder / ".written-by-the-demo").write_text("../outside.txt\n..\n", encoding="utf-8")
    with Output(folder):
        assert outside.exists()


def test_two_demos_do_not_share_a_folder(folder: Path) -> None:
    with Output(folder), pytest.raises(DemoFailed, match="another demo"), Output(folder):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DemoFailed, match="cannot be used"), Output(tmp_path / "file"):
        pass
