from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from localcloud.server import LocalCloud
from worker.aws.clients import Clients
from worker.aws.table import Table
from worker.aws.watches import Watches
from worker.domain.errors import ClaimRefused, LeaseLost
from worker.domain.press import Press
from worker.domain.record import Attributes
from worker.domain.timestamp import iso
from worker.domain.watch import Standing, Watch, partition

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)


@pytest.fixture
def watches(clients: Clients, cloud: LocalCloud) -> Watches:
    return Watches(Table(clients.dynamodb, cloud.resources.table))


@pytest.fixture
def watch() -> Watch:
    return begun(f"camera-{uuid4()}")


def begun(camera: str, seconds: float = 0) -> Watch:
    at = NOW + timedelta(seconds=seconds)
    return Watch.begun(Press(camera, str(uuid4()), at), at, 60)


def held(watches: Watches, watch: Watch, attempt: str = "one", now: datetime = NOW) -> None:
    watches.hold(watch, attempt, now + LEASE, now)


class TestAWatchBegins:
    def test_where_none_runs_and_is_nobodys_then(self, watches: Watches, watch: Watch) -> None:
        assert watches.begin(watch) is None
        assert watches.standing(watch.camera) == Standing(watch)
        assert watches.standing(watch.camera).is_free(NOW)

    def test_once_however_often_its_press_comes(self, watches: Watches, watch: Watch) -> None:
        watches.begin(watch)
        held(watches, watch)
        assert watches.begin(watch) is None
        assert watches.standing(watch.camera).attempt == "one"

    def test_not_beside_another_one(self, watches: Watches, watch: Watch) -> None:
        watches.begin(watch)
        assert watches.begin(begun(watch.camera, 10)) == Standing(watch)
        assert watches.standing(watch.camera).watch == watch

    @pytest.mark.parametrize("later", [0, 1])
    def test_not_after_a_stop_that_was_pressed_later_or_then(self, watches: Watches, watch: Watch, later: int) -> None:
        watches.stop(watch.camera, watch.pressed_at + timedelta(seconds=later))
        against = watches.begin(watch)
        assert against is not None
        assert against.refuses(watch.pressed_at)
        assert watches.standing(watch.camera).watch is None

    def test_after_a_stop_that_was_pressed_before(self, watches: Watches, watch: Watch) -> None:
        watches.stop(watch.camera, watch.pressed_at - timedelta(milliseconds=1))
        assert watches.begin(watch) is None
        assert not watches.standing(watch.camera).is_stopped


class TestAStop:
    def test_is_seen_by_whoever_holds_the_watch(self, watches: Watches, watch: Watch) -> None:
        watches.begin(watch)
        held(watches, watch)
        assert watches.stop(watch.camera, NOW + timedelta(seconds=5)).watch == watch
        assert watches.renew(watch.camera, "one", NOW + LEASE).is_stopped

    def test_that_comes_late_takes_no_later_one_back(self, watches: Watches, watch: Watch) -> None:
        watches.stop(watch.camera, NOW + timedelta(seconds=5))
        assert watches.stop(watch.camera, NOW).stopped_at == NOW + timedelta(seconds=5)


class TestAHold:
    def test_is_for_one_as_long_as_its_lease_lasts(self, watches: Watches, watch: Watch) -> None:
        watches.begin(watch)
        held(watches, watch, "one")
        with pytest.raises(ClaimRefused):
            held(watches, watch, "two", NOW + LEASE)
        held(watches, watch, "two", NOW + LEASE + timedelta(milliseconds=1))
        with pytest.raises(LeaseLost):
            watches.renew(watch.camera, "one", NOW + 2 * LEASE)

    def test_that_is_given_back_is_free_at_once(self, watches: Watches, watch: Watch) -> None:
        watches.begin(watch)
        held(watches, watch, "one")
        watches.give_back(watch.camera, "one")
        held(watches, watch, "two")

    def test_ends_with_the_watch_and_leaves_the_camera_to_the_next(self, watches: Watches, watch: Watch) -> None:
        watches.begin(watch)
        held(watches, watch)
        watches.leave(watch.camera, "one")
        assert watches.standing(watch.camera) == Standing()
        assert watches.begin(begun(watch.camera, 10)) is None

    def test_that_is_lost_neither_ends_nor_gives_back(self, watches: Watches, watch: Watch) -> None:
        watches.begin(watch)
        held(watches, watch, "two")
        for end in (watches.leave, watches.give_back):
            with pytest.raises(LeaseLost):
                end(watch.camera, "one")


class TestAWatchsItem:
    def test_is_its_holders(self, watches: Watches, watch: Watch) -> None:
        watches.create(watch, {"grid": "3x2", "calls": 0})
        taken = watches.take_up(watch, {"attempt": "one"})
        assert (taken["grid"], taken["status"]) == ("3x2", "running")
        watches.write(watch, "one", {"calls": 7})
        watches.take_up(watch, {"attempt": "two"})
        with pytest.raises(LeaseLost):
            watches.write(watch, "one", {"calls": 8})
        assert (watches.get(watch) or {})["calls"] == 7

    def test_that_is_missing_is_written_by_who_takes_the_watch(self, watches: Watches, watch: Watch) -> None:
        watches.take_up(watch, {"attempt": "one", **watch.span()})
        watches.create(watch, {"attempt": "nobody"})
        item = watches.get(watch) or {}
        assert (item["attempt"], item["started_at"], item["status"]) == ("one", iso(NOW), "running")

    def test_that_has_ended_is_taken_up_by_nobody(self, watches: Watches, watch: Watch) -> None:
        watches.take_up(watch, {"attempt": "one"})
        watches.write(watch, "one", {"status": "ended"})
        with pytest.raises(LeaseLost):
            watches.take_up(watch, {"attempt": "two"})

    def test_is_found_newest_first(self, watches: Watches, watch: Watch) -> None:
        later = begun(watch.camera, 60)
        for one in (later, watch):
            watches.create(one, {})
        assert [item["capture_id"] for item in watches.latest(watch.camera, 5)] == [later.capture_id, watch.capture_id]


class TestABucket:
    def item(self, camera: str, second: int, **more: int) -> Attributes:
        return {"camera": partition(camera), "capture_id": iso(NOW + timedelta(seconds=second)), "frames": 2, **more}

    def test_is_never_overwritten(self, watches: Watches, watch: Watch) -> None:
        assert watches.keep(self.item(watch.camera, 0, faces=20))
        assert not watches.keep(self.item(watch.camera, 0, faces=1))
        (kept,) = watches.buckets(watch.camera, NOW, NOW)
        assert kept["faces"] == 20

    def test_is_found_by_when_it_began_the_oldest_first(self, watches: Watches, watch: Watch) -> None:
        for second in (20, 0, 10, 30):
            watches.keep(self.item(watch.camera, second))
        found = watches.buckets(watch.camera, NOW + timedelta(seconds=10), NOW + timedelta(seconds=20))
        assert [one["capture_id"][17:19] for one in found] == ["10", "20"]
