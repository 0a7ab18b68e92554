from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from worker.disk.atomic import TEMPORARY_PREFIX, write_atomically, write_durably


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file"
    write_atomically(path, b"first and long")
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]


def test_of_many_writers_one_wins_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    contents = [bytes([number]) * 100_000 for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda content: write_atomically(path, content), contents))
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        write_atomically(tmp_path / "taken", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_what_must_outlast_a_power_cut_is_on_the_medium_before_it_has_its_name(tmp_path: Path) -> None:
    path = tmp_path / "file"
    in_place: list[tuple[Path, bool]] = []

    def fsync(descriptor: int) -> None:
        in_place.append((Path(f"/proc/self/fd/{descriptor}").readlink(), path.exists()))

    write_durably(path, b"content", fsync)
    (temporary, was_early), (folder, had_its_name) = in_place
    assert (temporary.parent, temporary.name.startswith(TEMPORARY_PREFIX), was_early) == (tmp_path, True, False)
    assert (folder, had_its_name) == (tmp_path, True)
    assert path.read_bytes() == b"content"


def test_a_file_that_could_not_be_synchronised_is_not_there(tmp_path: Path) -> None:
    def fsync(_descriptor: int) -> None:
        raise OSError("the card is worn out")

    with pytest.raises(OSError, match="worn out"):
        write_durably(tmp_path / "file", b"content", fsync)
    assert not list(tmp_path.iterdir())
