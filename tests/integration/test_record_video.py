"""A clip from the queue to the bucket."""

import json
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from demo.camera import SimulatedCamera, SoundStarted
from demo.camera.stream.film import Film
from tests.support.account import Account, Item
from tests.support.host import Host
from tests.support.site import ONLY, Site
from tests.support.waiting import eventually

FILM = Film(size=(320, 240), fps=5, key_frame_distance=5)


@pytest.fixture
def site(cloud: str, tmp_path: Path) -> Iterator[Site]:
    """Its camera has a stream."""
    with Site(cloud, tmp_path) as site:
        site.film = FILM
        site.camera(ONLY, "astronaut.jpg")
        yield site


def record_video(account: Account, **wished: object) -> None:
    account.press(json.dumps({"command": "RecordVideo", **wished}))


def of_command(account: Account, command: str | None) -> Item:
    [record] = [record for record in account.records() if record.get("command") == command]
    return record


def grows(data_dir: Path) -> bool:
    return any(clip.stat().st_size > 5000 for clip in data_dir.glob("spool/*/*/growing.mp4"))


def test_a_clip_is_stored_told_of_saved_and_forgotten(
    host: Host, account: Account, camera: SimulatedCamera, data_dir: Path, tmp_path: Path
) -> None:
    host.start()
    record_video(account, seconds=3)
    [record] = account.ended()
    account.wait_until_empty()
    assert (record["status"], record["video"]) == ("completed", "complete")
    assert float(record["video_seconds"]) == pytest.approx(3, abs=0.5)
    assert [moment["second"] for moment in record["moments"]] == [0, 2]
    assert (record["face_count"], record["top_emotion"]) == (1, "HAPPY")
    assert record["moments"][0] == {"second": 0, "face_count": 1, "mood": {"HAPPY": 1}}
    assert (record["said"], record["speech"]) == ("You look happy.", "spoken")
    assert not {"image_key", "faces", "mood", "error"} & record.keys()
    assert len(camera.state.journal.of(SoundStarted)) == 1
    # The message is deleted first.
    eventually(lambda: not list(data_dir.glob("spool/[!.]*/*")))

    saved = host.run("results", "--clip", record["capture_id"], "--output", str(tmp_path / "clip.mp4"))
    assert saved.returncode == 0, saved.stderr
    assert (tmp_path / "clip.mp4").stat().st_size == record["video_bytes"]
    with av.open(str(tmp_path / "clip.mp4"), "r") as container:
        pictures = len(list(container.decode(video=0)))
    assert pictures / FILM.fps == pytest.approx(float(record["video_seconds"]), abs=0.5)
    assert "complete" in host.run("results").stdout
    mistaken = host.run("results", "--photo", record["capture_id"])
    assert "it left a clip: save it with `results --clip`" in mistaken.stderr

    forgotten = host.run("forget", record["capture_id"])
    assert forgotten.stdout.startswith("deleted the clip s3://")
    assert account.photo_keys() == []


def test_a_photo_is_taken_while_a_clip_is_recorded(host: Host, account: Account, data_dir: Path) -> None:
    worker = host.start(CONCURRENCY="1", DRAIN_SECONDS="30")
    record_video(account, seconds=60)
    eventually(lambda: grows(data_dir))
    account.press()
    eventually(lambda: any(record["status"] == "completed" for record in account.records()))
    assert of_command(account, None)["status"] == "completed"
    assert of_command(account, "RecordVideo")["status"] == "in_progress"

    assert worker.stop() == 0
    clip = of_command(account, "RecordVideo")
    assert (clip["status"], clip["video"], clip["speech"]) == ("completed", "partial", "spoken")
    assert 1 <= clip["video_seconds"] < 60
    assert account.messages() == 0
