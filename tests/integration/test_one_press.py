"""A press from the queue to the speaker, with nothing going wrong."""

import json
import re
from pathlib import Path

from demo.camera import SimulatedCamera, SoundStarted
from demo.program import PATIENCE_SECONDS
from tests.support.account import Account
from tests.support.cloud_proxy import CloudProxy
from tests.support.host import Host
from tests.support.site import ONLY, PASSWORD, PHOTOS, Site

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def test_a_press_becomes_a_photo_a_nod_a_record_and_a_sentence(
    site: Site, host: Host, account: Account, camera: SimulatedCamera, data_dir: Path
) -> None:
    host.start()
    account.press(source="webhook", device="G030PM0123456789", click="SINGLE")
    [record] = account.ended()
    account.wait_until_empty()
    [item] = account.items()

    assert {name: next(iter(value)) for name, value in item.items()} == {
        "camera": "S",
        "capture_id": "S",
        "status": "S",
        "pressed_at": "S",
        "taken_at": "S",
        "completed_at": "S",
        "source": "S",
        "device": "S",
        "click": "S",
        "image_bucket": "S",
        "image_key": "S",
        "faces": "L",
        "face_count": "N",
        "top_emotion": "S",
        "top_confidence": "N",
        "mood": "M",
        "said": "S",
        "speech": "S",
        "worker": "S",
        "attempt": "S",
        "lease_until": "S",
        "timings_ms": "M",
        "expires_at": "N",
    }
    assert (
        record.items()
        >= {
            "camera": "default",
            "status": "completed",
            "source": "webhook",
            "device": "G030PM0123456789",
            "click": "SINGLE",
            "image_bucket": account.resources.bucket,
            "face_count": 1,
            "top_emotion": "HAPPY",
            "mood": {"HAPPY": 1},
            "said": "You look happy.",
            "speech": "spoken",
        }.items()
    )
    for name in ("pressed_at", "taken_at", "completed_at", "lease_until"):
        assert re.fullmatch(MOMENT, record[name])
    assert record["pressed_at"] < record["taken_at"] < record["completed_at"]
    assert re.fullmatch(rf"{record['pressed_at']}#[A-Za-z0-9-]{{1,64}}", record["capture_id"])
    assert record["timings_ms"].keys() == {"queue", "snapshot", "faces", "store", "record", "speech_start", "total"}
    [face] = record["faces"]
    assert face.keys() == {"box", "emotion", "confidence", "emotions"}
    assert face["box"].keys() == {"left", "top", "width", "height"}
    assert (face["emotion"], face["confidence"]) == ("HAPPY", record["top_confidence"])

    [taken] = camera.state.snapshots
    assert account.photo(record["image_key"]) == (site.photo(ONLY, taken.photo), "image/jpeg")
    assert account.photo_keys() == [record["image_key"]]
    assert record["image_key"] == _image_key(record["capture_id"])
    assert [(command.action, command.code) for command in camera.state.ptz_commands] == [
        ("start", "Up"),
        ("stop", "Up"),
        ("start", "Down"),
        ("stop", "Down"),
    ]
    [sound] = camera.state.sounds
    assert sound.encoding == "Audio/G.711A"
    assert sound.audio == account.as_polly_says("You look happy.")
    # A burst is silent on streaming firmware.
    assert sound.ended_at - sound.chunks[0].at > sound.seconds / 2
    assert not list((data_dir / "spool").glob("*/*"))


def test_the_sentence_waits_for_the_faces_but_not_until_the_photo_is_stored(
    host: Host, account: Account, camera: SimulatedCamera, proxy: CloudProxy
) -> None:
    host.start().wait_for("the voice is ready")
    with proxy.holding("PutObject") as store:
        with proxy.holding("DetectFaces") as faces:
            account.press()
            faces.wait_until_reached()
            store.wait_until_reached()
            assert camera.state.journal.of(SoundStarted) == []
        camera.state.journal.wait_for(SoundStarted, 1, PATIENCE_SECONDS)
        assert proxy.calls("PutObject") == []
    assert [record["speech"] for record in account.ended()] == ["spoken"]


def test_every_form_of_the_command_does_the_job(
    host: Host, account: Account, camera: SimulatedCamera, tmp_path: Path
) -> None:
    with SimulatedCamera(photos=PHOTOS, password=PASSWORD) as door:
        secret = tmp_path / "secret"
        secret.write_text(PASSWORD + "\n", encoding="utf-8")
        cameras = tmp_path / "cameras.toml"
        cameras.write_text(
            f'[lobby]\nhost = "{camera.host}"\npassword = "{PASSWORD}"\n\n'
            f'[door]\nhost = "{door.host}"\npassword_file = "{secret}"\nspeaker = false\nnod = false\n'
        )
        host.start(CAMERAS_FILE=str(cameras), CAMERA_HOST="", CAMERA_PASSWORD="", SPEECH="off")
        account.press("TakePicture", press_id="plain")
        account.press(" takepicture\n", press_id="sloppy")
        account.press(json.dumps({"command": "TakePicture", "camera": "door"}), press_id="json")
        account.press("TakePicture", camera="door", press_id="attribute")
        records = account.ended(4)
        account.wait_until_empty()
        assert {record["capture_id"].partition("#")[2]: record["camera"] for record in records} == {
            "plain": "lobby",
            "sloppy": "lobby",
            "json": "door",
            "attribute": "door",
        }
        assert {(record["status"], record["speech"]) for record in records} == {("completed", "off")}
        assert [len(each.state.snapshots) for each in (camera, door)] == [2, 2]
        assert [len(each.state.sounds) for each in (camera, door)] == [0, 0]
        assert not door.state.ptz_commands


def _image_key(capture_id: str) -> str:
    year, month, day, hour, minute, second, milliseconds, press_id = re.split(r"[-T:.]|Z#", capture_id, maxsplit=7)
    return f"captures/default/{year}/{month}/{day}/{hour}{minute}{second}{milliseconds}-{press_id}.jpg"
