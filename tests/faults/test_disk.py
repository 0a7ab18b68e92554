"""DATA_DIR is full or cannot be written: the job goes on without it, and says so."""

import resource
from pathlib import Path

from tests.support.site import Site

LARGEST_FILE_BYTES = 4096
"""Less than a photo or a sentence, more than all else."""


def test_a_folder_that_cannot_be_written_costs_nobody_their_sentence(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    worker = site.start(DATA_DIR=str(tmp_path / "file" / "data"))
    worker.wait_for("DATA_DIR cannot be written: photos in work do not survive a crash", level="warning")
    site.press("lobby")
    end = site.books.balance()["lobby"]
    assert (end["status"], end["speech"]) == ("completed", "spoken")
    assert worker.logged("the photo is in memory only: DATA_DIR cannot be written")


def test_a_full_disk_costs_nobody_their_sentence(site: Site) -> None:
    worker = site.start()
    # As if no block were left: whatever does not fit fails in the middle of the write.
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (LARGEST_FILE_BYTES, LARGEST_FILE_BYTES))
    site.press("lobby")
    end = site.books.balance()["lobby"]
    assert (end["status"], end["speech"]) == ("completed", "spoken")
    assert worker.logged("the photo is in memory only: DATA_DIR cannot be written")
    assert not [file for file in (site.data_dir / "spool").rglob("*") if file.is_file()]
