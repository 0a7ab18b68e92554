"""The worker is stopped or killed at each step of forgetting a press, of which nothing is left in the end."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.steps import CLAIM, END, CloudPoint, End, Step, end_worker
from tests.support.account import Account, Item
from tests.support.site import Site
from worker.domain.press import Press
from worker.domain.record import MESSAGE_LIFE

STUB, EMPTY = '"forgotten"', '"ConditionExpression": "#status = :forgotten"'
OF_THE_OLD: Mapping[str, Step] = {
    "before-the-record-is-deleted": Step(CloudPoint("DeleteItem")),
    "record-deleted-and-not-told": Step(CloudPoint("DeleteItem", answers=True)),
}
"""Of presses whose message cannot come any more, so that they need no stub."""
STEPS: Mapping[str, Step] = {
    "before-the-claim": Step(CloudPoint("UpdateItem", CLAIM)),
    "claimed-and-not-told": Step(CloudPoint("UpdateItem", CLAIM, answers=True)),
    "before-the-record-is-read": Step(CloudPoint("GetItem")),
    "before-the-stub": Step(CloudPoint("UpdateItem", STUB)),
    "stub-left-and-not-told": Step(CloudPoint("UpdateItem", STUB, answers=True)),
    "before-the-photo-is-deleted": Step(CloudPoint("DeleteObject")),
    "photo-deleted-and-not-told": Step(CloudPoint("DeleteObject", answers=True)),
    "before-the-stub-is-emptied": Step(CloudPoint("UpdateItem", EMPTY)),
    "stub-emptied-and-not-told": Step(CloudPoint("UpdateItem", EMPTY, answers=True)),
    "before-the-record-is-completed": Step(CloudPoint("UpdateItem", END)),
    "completed-and-not-told": Step(CloudPoint("UpdateItem", END, answers=True)),
    "before-the-message-is-deleted": Step(CloudPoint("DeleteMessage")),
    "deleted-and-not-told": Step(CloudPoint("DeleteMessage", answers=True)),
    **OF_THE_OLD,
}
NOW = datetime.now(UTC)


def seen(camera: str) -> Press:
    """The press that is to be forgotten."""
    ago = MESSAGE_LIFE + timedelta(days=1) if camera in OF_THE_OLD else timedelta(minutes=5)
    return Press(camera, f"seen-{camera}", NOW - ago)


def keep(account: Account, press: Press) -> None:
    """A record with its photo and a clip, as workers leave them."""
    bucket = account.resources.bucket
    where = {"image_bucket": bucket, "image_key": press.image_key, "video_bucket": bucket, "video_key": press.video_key}
    record = {"camera": press.camera, "capture_id": press.capture_id, "status": "completed", "attempt": "a", **where}
    account.dynamodb.put_item(
        TableName=account.resources.table,
        Item={name: {"S": value} for name, value in {**record, "said": "You look happy."}.items()},
    )
    for key in (press.image_key, press.video_key):
        account.s3.put_object(Bucket=bucket, Key=key, Body=b"seen")


@pytest.fixture(scope="module")
def site(cloud: str, tmp_path_factory: pytest.TempPathFactory, end_of_worker: End) -> Iterator[Site]:
    def forget(site: Site, name: str) -> None:
        site.forget(seen(name).capture_id, name)

    with Site(cloud, tmp_path_factory.mktemp(end_of_worker)) as site:
        for name in STEPS:
            keep(site.account, seen(name))
        end_worker(end_of_worker, site, STEPS, forget)
        yield site


@pytest.mark.parametrize("name", STEPS)
def test_a_press_is_forgotten_and_that_is_recorded_after_the_worker_ended(
    name: str, site: Site, ends: Mapping[str, Item]
) -> None:
    press, end = seen(name), ends[name]
    assert (end["status"], end["command"], end["forgets"]) == ("completed", "Forget", press.capture_id), end
    left = [record for record in site.account.records() if record["capture_id"] == press.capture_id]
    assert [record.keys() for record in left] == (
        [] if name in OF_THE_OLD else [{"camera", "capture_id", "status", "expires_at"}]
    )
    assert site.account.photo_keys() == []
    camera = site.cameras[name].state
    assert (camera.snapshots, camera.ptz_commands, list(camera.sounds)) == ([], [], [])
