from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.commands.stored import file_name, write
from worker.domain.errors import CloudUnavailable


def breaks_off() -> Iterator[bytes]:
    yield b"half of it"
    raise CloudUnavailable("s3:GetObject: the connection was lost")


def test_what_breaks_off_in_the_middle_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(CloudUnavailable):
        write(breaks_off(), str(tmp_path / "clip.mp4"))
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        write([b"other"], str(path))
    assert path.read_bytes() == b"mine"


def test_a_file_is_called_by_its_key() -> None:
    key = "captures/lobby/2026/11/22/184400123-6f1c.mp4"
    assert file_name(key) == "lobby-2026-11-22-184400123-6f1c.mp4"
