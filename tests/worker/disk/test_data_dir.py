from pathlib import Path

import pytest

from worker.disk.data_dir import DataDirTaken, owned


def test_a_folder_is_made_and_owned(tmp_path: Path) -> None:
    with owned(tmp_path / "new" / "folder") as writable:
        assert writable
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o077 == 0


def test_it_has_one_owner_at_a_time(tmp_path: Path) -> None:
    with owned(tmp_path):
        with pytest.raises(DataDirTaken, match="DATA_DIR: another worker uses"), owned(tmp_path):
            pass
        with owned(tmp_path / "other") as writable:
            assert writable
    with owned(tmp_path) as writable:
        assert writable


def test_a_folder_that_cannot_be_written_is_no_end(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with owned(tmp_path / "file" / "data") as writable:
        assert not writable
