import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker.disk import voice_folder
from worker.disk.atomic import TEMPORARY_PREFIX
from worker.disk.voice_folder import VoiceFolder

LONG_AGO = 1_700_000_000
ASK = """
import sys
from pathlib import Path
from worker.disk.voice_folder import VoiceFolder
with VoiceFolder(Path(sys.argv[1])).alone() as alone:
    print(alone)
"""


@pytest.fixture
def folder(tmp_path: Path) -> VoiceFolder:
    return VoiceFolder(tmp_path)


def names(path: Path) -> set[str]:
    return {file.name for file in path.iterdir()}


def age(path: Path, seconds: int) -> None:
    os.utime(path, (LONG_AGO + seconds, LONG_AGO + seconds))


def test_the_least_recently_used_go_when_there_are_too_many(
    folder: VoiceFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_folder, "MAX_FILES", 10)
    for number in range(10):
        folder.write(f"{number}.alaw", b"sound")
        age(tmp_path / f"{number}.alaw", number)
    folder.note_use("0.alaw")
    folder.write("new.alaw", b"sound")
    assert names(tmp_path) == {*(f"{number}.alaw" for number in (0, *range(3, 10))), "new.alaw"}


def test_and_when_they_are_too_large_altogether_also_those_of_an_earlier_worker(
    folder: VoiceFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_folder, "MAX_BYTES", 1000)
    folder.write("old.mulaw", bytes(600))
    age(tmp_path / "old.mulaw", 0)
    VoiceFolder(tmp_path).write("new.alaw", bytes(600))
    assert names(tmp_path) == {"new.alaw"}


def test_what_a_crash_left_half_written_goes_what_another_worker_is_writing_stays(
    folder: VoiceFolder, tmp_path: Path
) -> None:
    for name in ("left", "now"):
        (tmp_path / f"{TEMPORARY_PREFIX}{name}").touch()
    age(tmp_path / f"{TEMPORARY_PREFIX}left", 0)
    folder.write("new.alaw", b"sound")
    assert names(tmp_path) == {f"{TEMPORARY_PREFIX}now", "new.alaw"}


def test_only_one_worker_at_a_time_is_alone(folder: VoiceFolder, tmp_path: Path) -> None:
    with folder.alone() as alone:
        assert (alone, elsewhere(tmp_path)) == (True, "False")
    assert elsewhere(tmp_path) == "True"


def test_in_a_folder_that_cannot_be_written_everybody_is(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with VoiceFolder(tmp_path / "file" / "voice").alone() as alone:
        assert alone


def elsewhere(path: Path) -> str:
    """What another process is told."""
    command = [sys.executable, "-c", ASK, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
