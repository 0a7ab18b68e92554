"""`forget`: what is known of a press is deleted, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.account import Account
from tests.support.worker_process import Host
from worker.disk.spool import Spool
from worker.domain.press import Press
from worker.domain.timestamp import iso

PRESSED_AT = datetime(2026, 11, 22, 18, 44, 0, 123_000, UTC)
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
    assert account.records() == [second]
    assert account.photo_keys() == [second["image_key"]]

    again = host.run("forget", first["capture_id"])
    assert (again.returncode, again.stdout, "nothing to delete" in again.stderr) == (1, "", True)


def test_the_copy_on_this_host_goes_too(host: Host, data_dir: Path) -> None:
    spool = Spool(data_dir / "spool")
    spool.save(PRESS, PHOTO, PRESSED_AT)
    forgotten = host.run("forget", PRESS.capture_id)
    assert (forgotten.returncode, forgotten.stdout) == (0, "deleted the copy of the photo on this host\n")
    assert list(spool.kept()) == []


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


def test_of_another_camera_only_when_it_is_named(host: Host, account: Account) -> None:
    lobby = Press("lobby", PRESS.press_id, PRESSED_AT)
    put(account, lobby, status="failed")
    assert host.run("forget", PRESS.capture_id).returncode == 1
    assert host.run("forget", PRESS.capture_id, "--camera", "lobby").returncode == 0
    assert (account.items(), account.photo_keys()) == ([], [])


def test_a_press_in_work_is_left_alone_until_its_lease_is_over(host: Host, account: Account) -> None:
    put(account, status="in_progress", lease_until=iso(datetime.now(UTC) + timedelta(minutes=5)))
    refused = host.run("forget", PRESS.capture_id)
    assert (refused.returncode, "a worker is working on this press" in refused.stderr) == (1, True)
    assert (len(account.items()), account.photo_keys()) == (1, [PRESS.image_key])

    put(account, status="in_progress", lease_until=iso(datetime.now(UTC) - timedelta(minutes=5)))
    assert host.run("forget", PRESS.capture_id).returncode == 0
    assert (account.items(), account.photo_keys()) == ([], [])


@pytest.mark.parametrize(
    "arguments", [["yesterday"], ["2026-11-22T18:44:00.123Z#../x"], [PRESS.capture_id, "--camera", "../../etc"]]
)
def test_what_names_no_press_is_bad_usage(host: Host, arguments: list[str]) -> None:
    misused = host.run("forget", *arguments)
    assert (misused.returncode, misused.stdout) == (2, "")
