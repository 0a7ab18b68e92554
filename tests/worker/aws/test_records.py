from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localcloud.server import LocalCloud
from tests.worker.answers import answers
from worker.aws.clients import Clients
from worker.aws.records import Records
from worker.aws.table import Table
from worker.domain.errors import ClaimRefused, CloudRefused, LeaseLost
from worker.domain.faces import read_faces
from worker.domain.press import Press
from worker.domain.record import Attributes, Speech, Status, ended, pressed, seen
from worker.domain.timestamp import iso

NOW = datetime(2026, 11, 22, 18, 44, 30, tzinfo=UTC)
LEASE = timedelta(seconds=30)


@pytest.fixture
def records(clients: Clients, cloud: LocalCloud) -> Records:
    return Records(Table(clients.dynamodb, cloud.resources.table))


@pytest.fixture
def press() -> Press:
    return Press("default", str(uuid4()), NOW - timedelta(seconds=2), source="cli")


def claim(records: Records, press: Press, attempt: str, now: datetime = NOW) -> Attributes:
    return records.claim(press, attempt, now + LEASE, now, pressed(press, "host", timedelta(days=30)))


def stands(records: Records, press: Press) -> Attributes:
    record = records.get(press.camera, press.capture_id)
    assert record is not None
    return record


class TestAClaim:
    def test_of_a_new_press_writes_it_down(self, records: Records, press: Press) -> None:
        assert claim(records, press, "one") == {}
        assert stands(records, press) == {
            "camera": "default",
            "capture_id": press.capture_id,
            "status": "in_progress",
            "pressed_at": "2026-11-22T18:44:28.000Z",
            "source": "cli",
            "worker": "host",
            "attempt": "one",
            "lease_until": "2026-11-22T18:45:00.000Z",
            "expires_at": 1_797_965_068,
        }

    def test_whose_answer_was_lost_recognises_itself(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        assert claim(records, press, "one")["attempt"] == "one"

    def test_is_refused_while_another_s_lease_lives(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        with pytest.raises(ClaimRefused) as refused:
            claim(records, press, "two", NOW + LEASE)
        assert (refused.value.item["attempt"], refused.value.item["lease_until"]) == ("one", iso(NOW + LEASE))
        assert stands(records, press)["attempt"] == "one"

    def test_is_granted_when_another_s_lease_is_over_and_tells_what_that_left(
        self, records: Records, press: Press
    ) -> None:
        claim(records, press, "one")
        records.write(press, "one", {"image_key": press.image_key, "speech": Speech.STARTED})
        earlier = claim(records, press, "two", NOW + LEASE + timedelta(milliseconds=1))
        assert (earlier["attempt"], earlier["image_key"], earlier["speech"]) == ("one", press.image_key, "started")
        assert stands(records, press)["image_key"] == press.image_key

    @pytest.mark.parametrize("status", [status for status in Status if status.terminal])
    def test_of_a_press_that_is_done_is_refused_also_by_its_own_attempt(
        self, records: Records, press: Press, status: Status
    ) -> None:
        claim(records, press, "one")
        records.write(press, "one", ended(status, NOW, {"total": 7}))
        for attempt in ("one", "two"):
            with pytest.raises(ClaimRefused) as refused:
                claim(records, press, attempt, NOW + timedelta(days=1))
            assert refused.value.item["status"] == status

    def test_is_granted_to_one_of_many_at_once(self, records: Records, press: Press) -> None:
        all_at_once = Barrier(8)

        def attempt(name: str) -> bool:
            all_at_once.wait(20)
            try:
                claim(records, press, name)
            except ClaimRefused:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            granted = list(pool.map(attempt, [f"attempt {number}" for number in range(8)]))
        assert sum(granted) == 1


class TestAWrite:
    def test_by_the_holder_sets_and_removes_whatever_the_names(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        reserved = {"status": Status.FAILED, "error": "why", "text": [{"text": "EXIT"}], "source": "alexa"}
        records.write(press, "one", reserved, ["worker", "never_set"])
        record = stands(records, press)
        assert {name: record[name] for name in reserved} == reserved
        assert "worker" not in record

    def test_after_the_lease_was_lost_is_none(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        claim(records, press, "two", NOW + timedelta(minutes=1))
        with pytest.raises(LeaseLost):
            records.write(press, "one", {"said": "You look happy."})
        assert "said" not in stands(records, press)

    def test_to_a_record_that_was_deleted_makes_no_new_one(self, records: Records, press: Press) -> None:
        with pytest.raises(LeaseLost):
            records.write(press, "one", {"said": "You look happy."})
        assert records.get(press.camera, press.capture_id) is None

    def test_reads_back_as_the_numbers_that_were_written(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        values = {
            "top_confidence": 98.7,
            "box": {"left": 1 / 3},
            "count": 3,
            "whole": 98.0,
            "there": True,
            "none": None,
        }
        records.write(press, "one", values)
        record = stands(records, press)
        assert record["top_confidence"] == 98.7
        assert record["box"]["left"] == pytest.approx(1 / 3, abs=1e-11)
        assert (record["count"], record["whole"], record["there"], record["none"]) == (3, 98, True, None)

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(details=answers, keep=st.booleans())
    def test_takes_every_answer_of_rekognition(
        self, records: Records, press: Press, details: list[dict[str, Any]], *, keep: bool
    ) -> None:
        claim(records, press, "one")
        record = seen(read_faces(details, keep_attributes=keep), 50)
        records.write(press, "one", record)
        assert stands(records, press)["face_count"] == len(details)


EXPIRES_AT = 1_800_000_000


class TestAStub:
    def test_says_nothing_of_the_person_and_is_terminal(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        records.write(press, "one", {"said": "You look happy.", "image_key": "key", "image_bucket": "bucket"})
        records.table.client.update_item(
            TableName=records.table.name,
            Key={"camera": {"S": press.camera}, "capture_id": {"S": press.capture_id}},
            UpdateExpression="SET #foreign = :note",
            ExpressionAttributeNames={"#foreign": "somebody's-note"},
            ExpressionAttributeValues={":note": {"S": "That is Ada."}},
        )
        left = records.leave_stub(press, stands(records, press), EXPIRES_AT, NOW + timedelta(minutes=1))
        identity = {"camera": press.camera, "capture_id": press.capture_id}
        stub = {**identity, "status": "forgotten", "expires_at": EXPIRES_AT}
        assert left == stands(records, press) == {**stub, "image_key": "key", "image_bucket": "bucket"}
        records.empty_stub(press, left)
        assert stands(records, press) == stub
        for attempt in ("one", "two"):
            with pytest.raises(ClaimRefused) as refused:
                claim(records, press, attempt, NOW + timedelta(days=1))
            assert refused.value.item["status"] == "forgotten"
            with pytest.raises(LeaseLost):
                records.write(press, attempt, {"said": "You look happy."})

    def test_stands_also_where_no_record_stood(self, records: Records, press: Press) -> None:
        records.leave_stub(press, None, EXPIRES_AT, NOW)
        with pytest.raises(ClaimRefused):
            claim(records, press, "one")

    def test_may_be_left_again_by_a_call_whose_answer_was_lost(self, records: Records, press: Press) -> None:
        records.leave_stub(press, None, EXPIRES_AT, NOW)
        records.leave_stub(press, None, EXPIRES_AT, NOW)
        claim(records, replace(press, press_id="other"), "one")
        earlier = stands(records, replace(press, press_id="other"))
        for _ in range(2):
            records.leave_stub(replace(press, press_id="other"), earlier, EXPIRES_AT, NOW + timedelta(minutes=1))

    def test_is_not_made_of_a_press_that_is_in_work(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        record = stands(records, press)
        with pytest.raises(LeaseLost):
            records.leave_stub(press, record, EXPIRES_AT, NOW + LEASE)
        with pytest.raises(LeaseLost):
            records.leave_stub(press, None, EXPIRES_AT, NOW + LEASE)
        assert stands(records, press) == record

    def test_is_not_made_of_what_another_attempt_has_written_since(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        record = stands(records, press)
        claim(records, press, "two", NOW + timedelta(minutes=1))
        records.write(press, "two", {"status": Status.COMPLETED, "faces": []})
        with pytest.raises(LeaseLost):
            records.leave_stub(press, record, EXPIRES_AT, NOW + timedelta(minutes=2))

    def test_that_is_gone_does_not_come_back_by_being_emptied(self, records: Records, press: Press) -> None:
        records.empty_stub(press, {"status": "forgotten", "image_key": "key"})
        assert records.get(press.camera, press.capture_id) is None


class TestADeletion:
    def test_is_of_the_record_that_the_attempt_was_the_last_to_work_on(self, records: Records, press: Press) -> None:
        claim(records, press, "one")
        with pytest.raises(LeaseLost):
            records.delete(press, "two")
        records.delete(press, "one")
        assert records.get(press.camera, press.capture_id) is None

    @pytest.mark.parametrize("attempt", ["one", None])
    def test_of_what_is_gone_is_a_success(self, records: Records, press: Press, attempt: str | None) -> None:
        records.delete(press, attempt)


def test_the_latest_come_newest_first(records: Records) -> None:
    camera = str(uuid4())
    presses = [Press(camera, f"press-{number}", NOW + timedelta(minutes=number)) for number in range(4)]
    for press in presses:
        claim(records, press, "one")
    latest = records.latest(camera, 3)
    assert [record["capture_id"] for record in latest] == [press.capture_id for press in reversed(presses[1:])]


def test_the_latest_are_as_many_as_were_asked_for_whatever_was_forgotten(records: Records) -> None:
    camera = str(uuid4())
    presses = [Press(camera, f"press-{number}", NOW + timedelta(minutes=number)) for number in range(9)]
    for press in presses:
        claim(records, press, "one")
    for press in presses[3:]:
        records.leave_stub(press, records.get(camera, press.capture_id), EXPIRES_AT, NOW + timedelta(minutes=1))
    kept = [press.capture_id for press in reversed(presses[:3])]
    assert [record["capture_id"] for record in records.latest(camera, 2)] == kept[:2]
    assert [record["capture_id"] for record in records.latest(camera, 20)] == kept


def test_a_table_that_is_not_there_is_refused(clients: Clients, press: Press) -> None:
    with pytest.raises(CloudRefused, match="dynamodb:UpdateItem"):
        claim(Records(Table(clients.dynamodb, "nowhere")), press, "one")
