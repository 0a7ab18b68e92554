"""`forget`: what is known of a press is deleted, nothing else, and it does not come back."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.camera import SimulatedCamera
from tests.support.account import Account, Item
from tests.support.cloud_faults import FAILING, Loss, denied
from tests.support.cloud_proxy import CloudProxy
from tests.support.host import Host
from tests.support.waiting import eventually
from worker.disk.spool import Spool
from worker.domain.press import Press, read_capture_id
from worker.domain.record import MESSAGE_LIFE
from worker.domain.timestamp import iso, parse_iso

LONG_AGO = datetime(2026, 1, 22, 18, 44, 0, 123_000, UTC)
"""No message for it can come any more."""
PRESSED_AT = datetime.now(UTC) - timedelta(minutes=5)
PRESS = Press("default", "6f1c", PRESSED_AT)
PHOTO = b"\xff\xd8\xff\xda\x00\x02x\xff\xd9"


def put(account: Account, press: Press = PRESS, **values: str) -> None:
    """A record and its photo, as a worker leaves them."""
    item = {"camera": press.camera, "capture_id": press.capture_id, "attempt": "a", **values}
    account.dynamodb.put_item(
        TableName=account.resources.table, Item={name: {"S": value} for name, value in item.items()}
    )
    account.s3.put_object(Bucket=account.resources.bucket, Key=press.image_key, Body=PHOTO)


def test_a_press_is_forgotten_and_only_that(host: Host, account: Account) -> None:
    host.start(SPEECH="off")
    account.press()
    account.press()
    first, second = account.ended(2)
    account.wait_until_empty()
    forgotten = host.run("forget", first["capture_id"])
    assert (forgotten.returncode, forgotten.stderr) == (0, "")
    assert [text.split()[:3] for text in forgotten.stdout.splitlines()] == [
        ["deleted", "the", "photo"],
        ["deleted", "the", "record"],
    ]
    stub, kept = account.records()
    assert kept == second
    check_is_stub(stub, first["capture_id"])
    assert account.photo_keys() == [second["image_key"]]
    [shown] = host.run("results", "--json").stdout.splitlines()
    assert json.loads(shown)["capture_id"] == second["capture_id"]

    again = host.run("forget", first["capture_id"])
    assert (again.returncode, again.stdout, "nothing to delete" in again.stderr) == (1, "", True)


def test_the_copy_on_this_host_goes_too(host: Host, data_dir: Path) -> None:
    spool = Spool(data_dir / "spool")
    spool.save(PRESS, PHOTO, PRESSED_AT)
    forgotten = host.run("forget", PRESS.capture_id)
    assert (forgotten.returncode, forgotten.stdout) == (0, "deleted the copy on this host\n")
    assert list(spool.folders()) == []


def test_a_photo_whose_record_has_expired_is_found_by_the_capture_id(host: Host, account: Account) -> None:
    account.s3.put_object(Bucket=account.resources.bucket, Key=PRESS.image_key, Body=PHOTO)
    assert host.run("forget", PRESS.capture_id).returncode == 0
    assert account.photo_keys() == []


def test_a_photo_in_a_former_bucket_is_found_by_its_record(host: Host, account: Account) -> None:
    former = f"{account.resources.bucket}-former"
    account.s3.create_bucket(Bucket=former)
    account.s3.put_object(Bucket=former, Key="elsewhere.jpg", Body=PHOTO)
    put(account, status="completed", image_bucket=former, image_key="elsewhere.jpg")
    assert f"s3://{former}/elsewhere.jpg" in host.run("forget", PRESS.capture_id).stdout
    assert "Contents" not in account.s3.list_objects_v2(Bucket=former)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_clip_goes_with_its_copy_and_its_record(
    host: Host, account: Account, data_dir: Path, *, elsewhere: bool
) -> None:
    spool = Spool(data_dir / "spool")
    spool.begin_clip(PRESS, PRESSED_AT).write_bytes(b"clip")
    bucket, key = account.resources.bucket, "elsewhere.mp4" if elsewhere else PRESS.video_key
    put(account, status="completed", command="RecordVideo", video_bucket=bucket, video_key=key)
    account.s3.put_object(Bucket=bucket, Key=key, Body=b"clip")
    account.s3.delete_object(Bucket=bucket, Key=PRESS.image_key)
    forgotten = host.run("forget", PRESS.capture_id)
    assert forgotten.stdout.splitlines()[:2] == [
        f"deleted the clip s3://{bucket}/{key}",
        "deleted the copy on this host",
    ]
    [stub] = account.records()
    check_is_stub(stub, PRESS.capture_id)
    assert (account.photo_keys(), list(spool.folders())) == ([], [])


def test_of_another_camera_only_when_it_is_named(host: Host, account: Account) -> None:
    lobby = Press("lobby", PRESS.press_id, PRESSED_AT)
    put(account, lobby, status="failed")
    assert host.run("forget", PRESS.capture_id).returncode == 1
    assert host.run("forget", PRESS.capture_id, "--camera", "lobby").returncode == 0
    [stub] = account.records()
    check_is_stub(stub, lobby.capture_id, "lobby")
    assert account.photo_keys() == []


@pytest.mark.parametrize("status", ["completed", "in_progress", "forgotten"])
def test_of_a_press_whose_message_cannot_come_any_more_no_stub_stays(host: Host, account: Account, status: str) -> None:
    old = Press("default", "6f1c", LONG_AGO)
    put(account, old, status=status)
    assert host.run("forget", old.capture_id).returncode == 0
    assert (account.items(), account.photo_keys()) == ([], [])


def test_a_press_in_work_is_left_alone_until_its_lease_is_over(host: Host, account: Account) -> None:
    put(account, status="in_progress", lease_until=iso(datetime.now(UTC) + timedelta(minutes=5)))
    refused = host.run("forget", PRESS.capture_id)
    assert (refused.returncode, "a worker is working on this press" in refused.stderr) == (1, True)
    assert (len(account.items()), account.photo_keys()) == (1, [PRESS.image_key])

    put(account, status="in_progress", lease_until=iso(datetime.now(UTC) - timedelta(minutes=5)))
    assert host.run("forget", PRESS.capture_id).returncode == 0
    [stub] = account.records()
    check_is_stub(stub, PRESS.capture_id)
    assert account.photo_keys() == []


def test_a_press_between_two_attempts_is_not_photographed_again(
    host: Host, account: Account, camera: SimulatedCamera, proxy: CloudProxy
) -> None:
    proxy.befall(FAILING, "DetectFaces")
    worker = host.start(SPEECH="off")
    account.press()
    worker.wait_for("failed, trying again")
    [record] = account.records()
    # An attempt may be under way at this moment; its lease keeps `forget` off.
    eventually(lambda: host.run("forget", record["capture_id"]).returncode == 0)
    proxy.heal()
    account.wait_until_empty()
    assert (len(camera.state.snapshots), account.photo_keys()) == (1, [])
    [stub] = account.records()
    check_is_stub(stub, record["capture_id"])


def test_what_an_error_left_is_forgotten_by_trying_again(host: Host, account: Account, proxy: CloudProxy) -> None:
    put(account, status="completed", image_bucket=account.resources.bucket, image_key=PRESS.image_key, said="Hm.")
    proxy.befall(FAILING, "DeleteObject")
    failed = host.run("forget", PRESS.capture_id)
    assert (failed.returncode, failed.stdout, account.photo_keys()) == (1, "", [PRESS.image_key])
    assert account.records()[0]["status"] == "forgotten"
    proxy.heal()
    assert host.run("forget", PRESS.capture_id).returncode == 0
    [stub] = account.records()
    check_is_stub(stub, PRESS.capture_id)
    assert account.photo_keys() == []


@pytest.mark.parametrize(
    ("pressed_at", "operation"),
    [(PRESSED_AT, "UpdateItem"), (PRESSED_AT, "DeleteObject"), (LONG_AGO, "DeleteItem")],
)
def test_a_deletion_whose_answer_was_lost_is_a_success(
    host: Host, account: Account, proxy: CloudProxy, pressed_at: datetime, operation: str
) -> None:
    press = Press("default", "6f1c", pressed_at)
    put(account, press, status="completed")
    proxy.befall(Loss.OF_ANSWER, operation, times=1)
    forgotten = host.run("forget", press.capture_id)
    assert (forgotten.returncode, forgotten.stderr) == (0, "")
    assert proxy.asked[operation] > 1
    assert account.photo_keys() == []
    assert [record["status"] for record in account.records()] == (["forgotten"] if pressed_at is PRESSED_AT else [])


@pytest.mark.parametrize(
    "arguments", [["yesterday"], ["2026-11-22T18:44:00.123Z#../x"], [PRESS.capture_id, "--camera", "../../etc"]]
)
def test_what_names_no_press_is_bad_usage(host: Host, arguments: list[str]) -> None:
    misused = host.run("forget", *arguments)
    assert (misused.returncode, misused.stdout) == (2, "")


def ask(account: Account, capture_id: str) -> None:
    account.press(json.dumps({"command": "Forget", "capture_id": capture_id}))


def wishes(account: Account) -> list[Item]:
    return [record for record in account.records() if record.get("command") == "Forget"]


def test_over_the_queue_a_press_is_forgotten_with_all_that_it_left(
    host: Host, account: Account, data_dir: Path, camera: SimulatedCamera
) -> None:
    worker = host.start()
    account.press()
    [seen] = account.ended()
    account.wait_until_empty()
    sounds = len(camera.state.sounds)
    spool = Spool(data_dir / "spool")
    spool.save(read_capture_id("default", seen["capture_id"]), PHOTO, PRESSED_AT)

    ask(account, seen["capture_id"])
    eventually(lambda: [wish["status"] for wish in wishes(account)] == ["completed"])
    account.wait_until_empty()
    [stub] = [record for record in account.records() if record["capture_id"] == seen["capture_id"]]
    check_is_stub(stub, seen["capture_id"])
    assert (account.photo_keys(), list(spool.folders())) == ([], [])
    [shown] = host.run("results", "--json").stdout.splitlines()
    told = json.loads(shown)
    assert (told["command"], told["forgets"]) == ("Forget", seen["capture_id"])
    assert not told.keys() & {"said", "speech", "faces", "mood", "image_key", "top_emotion"}
    assert (len(camera.state.snapshots), len(camera.state.sounds)) == (1, sounds)

    # The answer was lost, and somebody presses once more.
    ask(account, seen["capture_id"])
    eventually(lambda: [wish["status"] for wish in wishes(account)] == ["completed"] * 2)
    assert [entry for entry in worker.entries if entry["level"] in {"warning", "error"}] == []


def test_over_the_queue_a_press_in_work_is_forgotten_after_its_lease(host: Host, account: Account) -> None:
    put(account, status="in_progress", lease_until=iso(datetime.now(UTC) + timedelta(minutes=5)))
    worker = host.start(SPEECH="off")
    account.press("Forget", capture_id=PRESS.capture_id)
    worker.wait_for("failed, trying again")
    assert account.photo_keys() == [PRESS.image_key]
    account.end_leases()
    eventually(lambda: [wish["status"] for wish in wishes(account)] == ["completed"])
    assert account.photo_keys() == []


def test_over_the_queue_a_denied_deletion_is_told_with_the_permission_that_is_missing(
    host: Host, account: Account, proxy: CloudProxy
) -> None:
    put(account, status="completed", image_bucket=account.resources.bucket, image_key=PRESS.image_key)
    proxy.befall(denied("s3"), "DeleteObject")
    host.start(SPEECH="off")
    ask(account, PRESS.capture_id)
    eventually(lambda: [wish["status"] for wish in wishes(account)] == ["failed"])
    account.wait_until_empty()
    [wish] = wishes(account)
    assert "give the worker's IAM user or role the permission s3:DeleteObject" in wish["error"]
    assert account.photo_keys() == [PRESS.image_key]
    proxy.heal()
    ask(account, PRESS.capture_id)
    eventually(lambda: sorted(wish["status"] for wish in wishes(account)) == ["completed", "failed"])
    assert account.photo_keys() == []


@pytest.mark.parametrize("capture_id", ["yesterday", "2026-11-22T18:44:00.123Z#../x"])
def test_over_the_queue_what_names_no_press_is_left_to_the_dead_letters(
    host: Host, account: Account, capture_id: str
) -> None:
    worker = host.start(SPEECH="off")
    ask(account, capture_id)
    worker.wait_for("rejected")
    eventually(lambda: len(account.dead_letters()) == 1)
    assert account.items() == []


def check_is_stub(record: Item, capture_id: str, camera: str = "default") -> None:
    """Terminal, nothing about the person, and kept for longer than any message."""
    pressed_at = parse_iso(capture_id.partition("#")[0])
    expires_at = int((pressed_at + MESSAGE_LIFE).timestamp())
    assert record == {"camera": camera, "capture_id": capture_id, "status": "forgotten", "expires_at": expires_at}
