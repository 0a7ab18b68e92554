"""Records as the real local cloud has them: how they are found, and that nothing is left out in between."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer

from board.aws.captures import Captures
from board.aws.clients import Clients, connect
from board.aws.photos import Photos, RangeNotSatisfiable
from board.aws.table import Table
from board.domain.captures import is_capture, is_shown
from tests.board.fakes import capture_id, record
from tests.support.account import KEYS, Account

_WRITE = TypeSerializer().serialize


@pytest.fixture
def account(cloud: str) -> Account:
    return Account(cloud)


@pytest.fixture
def clients(cloud: str) -> Iterator[Clients]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": cloud}.items():
            environment.setenv(name, value)
        yield connect(boto3.Session(region_name="us-east-1"), actions=False)


@pytest.fixture
def table(clients: Clients, account: Account) -> Table:
    return Table(clients.dynamodb, account.resources.table)


@pytest.fixture
def captures(table: Table) -> Captures:
    return Captures(table, monotonic=lambda: 0.0)


def put(account: Account, minute: int, camera: str = "lobby", **more: Any) -> str:
    item = {**record(minute, camera), "faces": [], "top_confidence": 98, **more}
    account.dynamodb.put_item(TableName=account.resources.table, Item={name: _WRITE(item[name]) for name in item})
    return str(item["capture_id"])


def minutes(records: list[Any]) -> list[int]:
    return [int(item["capture_id"][14:16]) for item in records]


def test_two_cameras_are_one_row_newest_first(captures: Captures, account: Account) -> None:
    for minute in range(6):
        put(account, minute, "lobby" if minute % 2 else "garden")
    assert minutes(captures.newest(["lobby", "garden"], 4)) == [5, 4, 3, 2]


def test_before_is_exclusive_and_need_not_exist(captures: Captures, account: Account) -> None:
    for minute in range(4):
        put(account, minute)
    assert minutes(captures.newest(["lobby"], 10, capture_id(2))) == [1, 0]
    assert minutes(captures.newest(["lobby"], 10, "2026-11-22T18:02:30")) == [2, 1, 0]


def test_what_was_forgotten_takes_no_place_on_a_page(captures: Captures, account: Account) -> None:
    for minute in range(30):
        put(account, minute, status="forgotten" if minute >= 5 else "completed")
    assert minutes(captures.newest(["lobby"], 4)) == [4, 3, 2, 1]


def test_pages_follow_one_another_without_gap_or_repetition(captures: Captures, account: Account) -> None:
    for minute in range(20):
        put(account, minute, "lobby" if minute % 3 else "garden", **({"command": "Say"} if minute % 4 == 0 else {}))
    seen: list[int] = []
    before = None
    while True:
        found = captures.search(["lobby", "garden"], 3, before, is_capture)
        seen += minutes(found.records)
        before = found.older
        if before is None:
            break
    assert seen == [minute for minute in reversed(range(20)) if minute % 4]


def test_a_mood_is_found_in_photos_and_in_moments_of_clips(captures: Captures, account: Account) -> None:
    put(account, 1, mood={"SAD": 1})
    put(account, 2, mood=None, command="RecordVideo", moments=[{"second": 0, "mood": {"SAD": 2}}])
    put(account, 3, mood=None, command="RecordVideo", moments=[{"second": 0, "mood": {"HAPPY": 2}}])
    put(account, 4)
    assert minutes(captures.search(["lobby"], 10, None, is_capture, "SAD").records) == [2, 1]


def test_a_rare_mood_is_looked_for_in_so_many_records_and_then_further_back(table: Table, account: Account) -> None:
    for minute in range(8):
        put(account, minute, mood={"SAD": 1} if minute == 0 else {"HAPPY": 1})
    impatient = Captures(table, monotonic=iter(float(second) for second in range(100)).__next__)
    found = impatient.search(["lobby"], 2, None, is_shown, "SAD")
    assert (found.records, found.older) == ([], capture_id(5))
    assert minutes(Captures(table).search(["lobby"], 5, found.older, is_shown, "SAD").records) == [0]


def test_nothing_is_skipped_where_an_answer_ends_early(captures: Captures, account: Account) -> None:
    """DynamoDB ends an answer at 1 MB: the other camera's older records must not come before what is left out."""
    for minute in range(10, 16):
        put(account, minute, "garden", text=[{"text": "x" * 390_000, "confidence": 1}])
    for minute in range(10):
        put(account, minute)
    assert minutes(captures.newest(["lobby", "garden"], 7)) == [15, 14, 13, 12, 11, 10, 9]


def test_bytes_are_text_as_aws_shows_them(captures: Captures, account: Account) -> None:
    put(account, 1, odd=b"\x00\xff", set={b"one"}, deep={"list": [b"two"]})
    [found] = captures.newest(["lobby"], 1)
    assert (found["odd"], found["set"], found["deep"]) == ("AP8=", ["b25l"], {"list": ["dHdv"]})


def test_the_neighbours_of_a_capture_are_captures(captures: Captures, account: Account) -> None:
    for minute in range(5):
        put(account, minute, **({"command": "Say"} if minute == 3 else {}))
    assert captures.neighbours("lobby", capture_id(2), is_capture) == (capture_id(1), capture_id(4))
    assert captures.neighbours("lobby", capture_id(4), is_capture) == (capture_id(2), None)


class TestAPhoto:
    @pytest.fixture
    def photos(self, clients: Clients, account: Account) -> Photos:
        account.s3.put_object(Bucket=account.resources.bucket, Key="captures/lobby/1.mp4", Body=b"0123456789")
        account.s3.put_object(Bucket=account.resources.bucket, Key="elsewhere/1.mp4", Body=b"secret")
        return Photos(clients.s3, account.resources.bucket)

    def test_comes_whole_or_in_part(self, photos: Photos) -> None:
        whole = photos.open("captures/lobby/1.mp4")
        assert whole is not None
        assert (b"".join(whole.pieces), whole.length, whole.content_range) == (b"0123456789", 10, None)
        part = photos.open("captures/lobby/1.mp4", "bytes=2-4")
        assert part is not None
        assert (b"".join(part.pieces), part.length, part.content_range) == (b"234", 3, "bytes 2-4/10")

    def test_ends_before_what_is_asked_of_it(self, photos: Photos) -> None:
        with pytest.raises(RangeNotSatisfiable):
            photos.open("captures/lobby/1.mp4", "bytes=10-")

    def test_is_absent_where_there_is_none_or_it_lies_elsewhere(self, photos: Photos) -> None:
        assert photos.open("captures/lobby/2.mp4") is None
        assert photos.open("elsewhere/1.mp4") is None
