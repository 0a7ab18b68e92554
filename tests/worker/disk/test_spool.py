import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.disk.spool import Spool
from worker.domain.clip import Clip, SpooledClip, Video
from worker.domain.errors import CameraFaulty
from worker.domain.photo import Kind, SpooledPhoto, SpoolNote
from worker.domain.press import Press
from worker.domain.timestamp import iso

PRESSED_AT = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
TAKEN_AT = PRESSED_AT + timedelta(seconds=1)
PRESS = Press("lobby", "6f1c", PRESSED_AT, source="cli")
PHOTO, OTHER_PHOTO = b"\xff\xd8photo\xff\xd9", b"\xff\xd8other\xff\xd9"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spool(root: Path) -> Spool:
    return Spool(root)


def whose(spool: Spool) -> list[Press]:
    """The presses whose photos are kept whole."""
    noted = [folder.note.press for folder in spool.folders() if folder.note]
    return [press for press in noted if spool.load(press)]


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_photo_is_kept_with_whose_it_is_and_when_it_was_taken(spool: Spool, root: Path) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    assert Spool(root).load(PRESS) == SpooledPhoto(PRESS, PHOTO, TAKEN_AT, {})
    folder = "lobby/2026-11-22T184400123Z-6f1c"
    assert files(root) == [f"{folder}/photo.jpg", f"{folder}/press.json"]


def test_an_earlier_photo_is_never_replaced(spool: Spool) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    spool.note(PRESS, stored=True)
    spool.save(PRESS, OTHER_PHOTO, TAKEN_AT + timedelta(seconds=9))
    assert spool.load(PRESS) == SpooledPhoto(PRESS, PHOTO, TAKEN_AT, {"stored": True})


def test_of_many_photos_at_once_one_is_kept_whole(spool: Spool, root: Path) -> None:
    photos = [b"\xff\xd8" + bytes([number]) * 50_000 + b"\xff\xd9" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda photo: spool.save(PRESS, photo, TAKEN_AT), photos))
    kept = spool.load(PRESS)
    assert kept is not None
    assert kept.photo in photos
    assert [path.name for path in root.iterdir()] == ["lobby"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("photo.jpg", b""),
        ("photo.jpg", PHOTO[:-2]),
        ("photo.jpg", None),
        ("press.json", b""),
        ("press.json", b"[]"),
        ("press.json", b"{}"),
        ("press.json", b'{"taken_at": 7}'),
        ("press.json", b'{"taken_at": "2026-11-22T18:44:00Z", "pressed_at": "2026-11-22T18:44:00Z", "who": "x"}'),
        ("press.json", b"\xff"),
        ("press.json", None),
    ],
)
def test_what_a_power_cut_left_counts_as_none_and_makes_room(
    spool: Spool, root: Path, file: str, content: bytes | None
) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    (path,) = root.rglob(file)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert (spool.load(PRESS), whose(spool)) == (None, [])
    spool.save(PRESS, OTHER_PHOTO, TAKEN_AT)
    kept = spool.load(PRESS)
    assert kept is not None
    assert kept.photo == OTHER_PHOTO


@pytest.mark.parametrize("content", [b"", b"{", b"[]"])
def test_broken_progress_is_none(spool: Spool, root: Path, content: bytes) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    spool.note(PRESS, stored=True)
    (path,) = root.rglob("progress.json")
    path.write_bytes(content)
    assert spool.load(PRESS) == SpooledPhoto(PRESS, PHOTO, TAKEN_AT, {})


def test_steps_that_finish_at_once_are_all_remembered(spool: Spool) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    steps = [f"step_{number}" for number in range(32)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda step: spool.note(PRESS, **{step: True}), steps))
    kept = spool.load(PRESS)
    assert kept is not None
    assert kept.progress == dict.fromkeys(steps, True)


def test_nothing_is_noted_of_a_photo_that_is_not_kept(spool: Spool, root: Path) -> None:
    spool.note(PRESS, stored=True)
    assert not root.exists()


def test_clearing_removes_one_press_and_only_that(spool: Spool) -> None:
    other = replace(PRESS, press_id="7a2d")
    spool.save(PRESS, PHOTO, TAKEN_AT)
    spool.save(other, OTHER_PHOTO, TAKEN_AT)
    spool.clear(PRESS)
    spool.clear(PRESS)
    assert whose(spool) == [other]


def test_a_photo_half_written_by_a_crash_is_none_and_cleared_at_the_start(spool: Spool, root: Path) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    remains = root / ".tmp-crash"
    remains.mkdir()
    (remains / "photo.jpg").write_bytes(PHOTO)
    assert whose(spool) == [PRESS]
    spool.clear_remains()
    assert [path.name for path in root.iterdir()] == ["lobby"]


def test_a_spool_that_cannot_be_written_says_so_and_reads_as_empty(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    spool = Spool(tmp_path / "file" / "spool")
    with pytest.raises(OSError, match="file"):
        spool.save(PRESS, PHOTO, TAKEN_AT)
    assert (spool.load(PRESS), whose(spool)) == (None, [])
    spool.note(PRESS, stored=True)
    spool.clear(PRESS)
    spool.clear_remains()


def test_everything_in_it_is_listed_with_its_size_and_the_broken_too(spool: Spool, root: Path) -> None:
    other = replace(PRESS, press_id="7a2d")
    spool.save(PRESS, PHOTO, TAKEN_AT)
    spool.note(PRESS, stored=True)
    spool.save(other, OTHER_PHOTO, TAKEN_AT)
    (root / "lobby" / "2026-11-22T184400123Z-7a2d" / "press.json").write_text("{")
    whole, broken = spool.folders()
    assert whole.note == SpoolNote(PRESS, TAKEN_AT, {"stored": True})
    assert (broken.note, broken.size) == (None, len(OTHER_PHOTO) + 1)
    spool.remove(broken)
    spool.remove(broken)
    assert [folder.name for folder in spool.folders()] == ["lobby/2026-11-22T184400123Z-6f1c"]


def test_what_is_synchronised_is_a_photo_with_all_names_that_lead_to_it(root: Path) -> None:
    synchronised: list[str] = []

    def fsync(descriptor: int) -> None:
        synchronised.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    spool = Spool(root, fsync)
    spool.save(PRESS, PHOTO, TAKEN_AT)
    assert synchronised == []
    spool.sync(PRESS)
    folder = root / "lobby" / "2026-11-22T184400123Z-6f1c"
    expected = [folder / "photo.jpg", folder / "press.json", folder, folder.parent, root]
    assert synchronised == [str(path) for path in expected]


def test_nothing_is_synchronised_of_a_photo_that_is_gone_already(spool: Spool) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    spool.clear(PRESS)
    spool.sync(PRESS)


def test_whose_it_is_can_be_read_by_people(spool: Spool, root: Path) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    (path,) = root.rglob("press.json")
    said = json.loads(path.read_text())
    assert (said["camera"], said["press_id"], said["pressed_at"]) == ("lobby", "6f1c", "2026-11-22T18:44:00.123Z")


class TestAClip:
    FOLDER = "lobby/2026-11-22T184400123Z-6f1c"

    def test_grows_in_a_folder_that_says_whose_it_is(self, spool: Spool, root: Path) -> None:
        assert spool.clip(PRESS) is None
        growing = spool.begin_clip(PRESS, TAKEN_AT)
        assert spool.clip(PRESS) is None
        growing.write_bytes(b"grown")
        assert Spool(root).clip(PRESS) == SpooledClip(growing, 5, TAKEN_AT, finished=False, progress={})
        [folder] = spool.folders()
        assert folder.note == SpoolNote(PRESS, TAKEN_AT, {}, Kind.CLIP)
        assert (folder.note.key, spool.load(PRESS)) == (PRESS.video_key, None)
        assert [path.name for path in root.iterdir()] == ["lobby"]

    def test_that_is_empty_is_none_and_makes_room(self, spool: Spool, root: Path) -> None:
        spool.begin_clip(PRESS, TAKEN_AT).touch()
        spool.note(PRESS, moments=[])
        growing = spool.begin_clip(PRESS, TAKEN_AT + timedelta(seconds=9))
        assert files(root) == [f"{self.FOLDER}/press.json"]
        growing.write_bytes(b"grown")
        kept = spool.clip(PRESS)
        assert kept is not None
        assert (kept.asked_at, kept.progress) == (TAKEN_AT + timedelta(seconds=9), {})

    def test_that_is_finished_takes_the_place_of_what_grew(self, spool: Spool, root: Path) -> None:
        spool.begin_clip(PRESS, TAKEN_AT).write_bytes(b"grown")
        finish_clip(spool, lambda grown, into: into.write_bytes(grown.read_bytes() * 2) / 4)
        assert files(root) == [f"{self.FOLDER}/{name}" for name in ("clip.mp4", "press.json", "progress.json")]
        kept = spool.clip(PRESS)
        assert kept is not None
        assert (kept.finished, kept.path.read_bytes(), kept.clip.seconds) == (True, b"growngrown", 2.5)

    @pytest.mark.parametrize("error", [CameraFaulty("empty"), OSError(28, "No space left on device")])
    def test_that_cannot_be_finished_stays_as_it_grew(self, spool: Spool, error: Exception) -> None:
        def fail(_grown: Path, into: Path) -> float:
            into.write_bytes(b"half")
            raise error

        spool.begin_clip(PRESS, TAKEN_AT).write_bytes(b"grown")
        with pytest.raises(type(error)):
            finish_clip(spool, fail)
        kept = spool.clip(PRESS)
        assert kept is not None
        assert (kept.finished, kept.path.read_bytes()) == (False, b"grown")

    def test_began_when_its_first_picture_did_also_while_it_grows(self, spool: Spool) -> None:
        begun = datetime(2026, 11, 22, 18, 44, 3, tzinfo=UTC)
        spool.begin_clip(PRESS, TAKEN_AT).write_bytes(b"grown")
        spool.note(PRESS, begun_at=iso(begun))
        kept = spool.clip(PRESS)
        assert kept is not None
        assert kept.clip == Clip(begun, 5, Video.PARTIAL, None)
        finish_clip(spool, lambda _grown, into: into.write_bytes(b"12345678") * 1.0)
        kept = spool.clip(PRESS)
        assert kept is not None
        assert kept.clip == Clip(begun, 8, Video.PARTIAL, 8.0)

    def test_is_synchronised_cleared_and_deleted_like_a_photo(self, spool: Spool, root: Path) -> None:
        spool.begin_clip(PRESS, TAKEN_AT).write_bytes(b"grown")
        spool.sync(PRESS)
        assert (spool.keeps(PRESS), spool.delete(PRESS), files(root)) == (True, True, [])


def finish_clip(spool: Spool, finish: Callable[[Path, Path], float]) -> None:
    grown = spool.clip(PRESS)
    assert grown is not None
    spool.finish_clip(PRESS, grown, finish)


def test_a_folder_of_an_older_worker_holds_a_photo(spool: Spool) -> None:
    spool.save(PRESS, PHOTO, TAKEN_AT)
    [folder] = spool.folders()
    assert folder.note == SpoolNote(PRESS, TAKEN_AT, {}, Kind.PHOTO)
    assert folder.note.key == PRESS.image_key
