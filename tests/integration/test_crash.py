"""`kill -9` in the middle of a press, and a new worker on the same DATA_DIR."""

from pathlib import Path

from demo.camera import SimulatedCamera, SnapshotTaken, SoundStarted
from tests.integration.conftest import PHOTOS
from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.waiting import eventually
from tests.support.worker_process import Host

LEASE = {"VISIBILITY_SECONDS": "2"}
LONG = "This sentence goes on for quite some time, so that there is enough of it left when the worker has died."


def test_a_worker_killed_after_the_snapshot_leaves_the_press_to_the_next_with_its_photo(
    host: Host, account: Account, camera: SimulatedCamera, proxy: CloudProxy, data_dir: Path
) -> None:
    settings = LEASE | {"AWS_ENDPOINT_URL": proxy.endpoint, "SPEECH": "off"}
    first = host.start(**settings)
    with proxy.holding("DetectFaces") as analysis, proxy.holding("UpdateItem") as claim:
        account.press()
        eventually(lambda: _spooled(data_dir, "photo.jpg") == 1)
        claim.release()
        analysis.wait_until_reached()
        eventually(lambda: _spooled(data_dir, "progress.json") == 1)
        with proxy.holding("UpdateItem"):
            account.press()
            eventually(lambda: _spooled(data_dir, "photo.jpg") == 2)
            first.kill()
    host.start(**settings)
    records = account.ended(2)
    account.wait_until_empty()
    assert [record["status"] for record in records] == ["completed"] * 2
    photos = [account.photo(record["image_key"])[0] for record in records]
    assert photos == [(PHOTOS / taken.photo).read_bytes() for taken in camera.state.snapshots]
    assert len(proxy.calls("PutObject")) == len(proxy.calls("DetectFaces")) == 2
    assert not _spooled(data_dir, "*")


def test_a_worker_killed_while_speaking_leaves_it_open_what_was_heard_and_nothing_is_said_twice(
    host: Host, account: Account, camera: SimulatedCamera, proxy: CloudProxy, tmp_path: Path
) -> None:
    phrases = tmp_path / "phrases.toml"
    phrases.write_text(f'happy = "{LONG}"\n')
    settings = LEASE | {"AWS_ENDPOINT_URL": proxy.endpoint, "PHRASES_FILE": str(phrases)}
    first = host.start(**settings)
    account.press()
    camera.state.journal.wait_for(SoundStarted, 1, 15)
    eventually(lambda: proxy.calls("PutObject"))
    first.kill()
    host.start(**settings)
    [record] = account.ended()
    account.wait_until_empty()
    assert (record["status"], record["said"], record["speech"]) == ("completed", LONG, "unknown")
    assert len(camera.state.journal.of(SoundStarted)) == len(camera.state.journal.of(SnapshotTaken)) == 1
    assert not camera.state.sounds[0].complete
    assert len(proxy.calls("PutObject")) == len(proxy.calls("DetectFaces")) == 1


def _spooled(data_dir: Path, name: str) -> int:
    return len(list((data_dir / "spool" / "default").glob(f"*/{name}")))
