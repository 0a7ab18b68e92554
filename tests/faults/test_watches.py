"""A watch through what befalls it: one holder at a time, no picture kept, and never without an end."""

import json
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from demo.hall import HallView
from tests.support.account import Item
from tests.support.site import Site
from tests.support.waiting import eventually

LEASE_SECONDS = 4
BUCKET_SECONDS = 10
SHORT = {
    "WATCH": "on",
    "WATCH_SECONDS": "1",
    "WATCH_CALIBRATE_SECONDS": "2",
    "VISIBILITY_SECONDS": str(LEASE_SECONDS),
}


@pytest.fixture
def hall(cloud: str, tmp_path: Path) -> Iterator[Site]:
    with Site(cloud, tmp_path) as site:
        site.camera("lobby").state.photos = HallView(lambda: ())
        yield site


def start_watching(site: Site, minutes: int = 5) -> str:
    return site.send(json.dumps({"command": "StartWatching", "minutes": minutes}))


def stop_watching(site: Site) -> str:
    return site.send("StopWatching")


def watch_of(site: Site) -> Item:
    """The newest watch."""
    return site.account.of("watch/lobby")[-1]


def now_of(site: Site) -> Item:
    [item] = site.account.of("watching/lobby")
    return item


def buckets_of(site: Site) -> list[Item]:
    return site.account.of("audience/lobby")


def wait_for_buckets(site: Site, count: int) -> list[Item]:
    return eventually(lambda: found if len(found := buckets_of(site)) >= count else [])


def wait_for_end(site: Site) -> Item:
    eventually(lambda: site.account.of("watch/lobby") and watch_of(site)["status"] == "ended")
    return watch_of(site)


def seconds_between(earlier: Item, later: Item) -> float:
    """From one bucket's begin to another's."""
    first, second = (datetime.fromisoformat(item["capture_id"]) for item in (earlier, later))
    return (second - first).total_seconds()


def test_a_watch_measures_sections_and_keeps_no_picture_anywhere(hall: Site) -> None:
    hall.start(**SHORT)
    start_watching(hall)
    buckets = wait_for_buckets(hall, 2)
    stop_watching(hall)
    end = wait_for_end(hall)
    sections: dict[str, Any] = buckets[-1]["sections"]
    assert len(sections) == 6
    assert {section["level"] for section in sections.values()} == {"green"}
    assert all(section["faces"] >= 5 and 60 <= section["score"] <= 100 for section in sections.values())
    assert (end["end_reason"], end["calls"] > 0, end["summary"]["faces"] > 20) == ("stopped", True, True)
    assert hall.account.photo_keys() == []
    kept = [path for path in hall.data_dir.rglob("*") if path.is_file()]
    assert not [path for path in kept if b"\xff\xd8\xff" in path.read_bytes()]
    assert "watch" not in now_of(hall)


def test_a_watch_whose_holder_is_killed_goes_on_with_another_worker(hall: Site) -> None:
    first = hall.start(**SHORT)
    start_watching(hall)
    before = wait_for_buckets(hall, 2)
    held = watch_of(hall)
    first.kill()
    hall.start(**SHORT, DATA_DIR=f"{hall.data_dir}-of-the-other")
    after = wait_for_buckets(hall, len(before) + 2)
    stop_watching(hall)
    end = wait_for_end(hall)
    assert {bucket["watch"] for bucket in after} == {held["capture_id"]}
    assert end["attempt"] != held["attempt"]
    assert (end["started_at"], end["ends_at"]) == (held["started_at"], held["ends_at"])
    assert end["calls"] > held["calls"] > 0
    assert end["baseline"] == held["baseline"]
    new = after[len(before) :]
    assert {section["level"] for bucket in new for section in bucket["sections"].values()} == {"green"}
    assert seconds_between(before[-1], new[0]) <= LEASE_SECONDS + 15 + BUCKET_SECONDS


def test_a_holder_that_was_frozen_for_longer_than_its_lease_writes_nothing_more(hall: Site) -> None:
    first = hall.start(**SHORT)
    start_watching(hall)
    wait_for_buckets(hall, 1)
    first.signal(signal.SIGSTOP)
    frozen = watch_of(hall)["attempt"]
    hall.start(**SHORT, DATA_DIR=f"{hall.data_dir}-of-the-other")
    eventually(lambda: watch_of(hall)["attempt"] != frozen)
    first.signal(signal.SIGCONT)
    first.wait_for("another worker goes on with this watch, or will")
    stop_watching(hall)
    assert wait_for_end(hall)["attempt"] != frozen


def test_a_worker_that_is_updated_hands_its_watch_on(hall: Site) -> None:
    first = hall.start(**SHORT)
    start_watching(hall)
    wait_for_buckets(hall, 1)
    assert hall.stop(first) == 0
    assert "attempt" not in now_of(hall)
    hall.start(**SHORT)
    wait_for_buckets(hall, 2)
    stop_watching(hall)
    assert wait_for_end(hall)["end_reason"] == "stopped"


@pytest.mark.parametrize("operation", ["DetectFaces", "UpdateItem"])
def test_a_service_that_is_away_for_a_while_leaves_a_gap_and_the_watch_goes_on(hall: Site, operation: str) -> None:
    hall.start(**SHORT)
    start_watching(hall)
    wait_for_buckets(hall, 1)
    before = hall.proxy.asked[operation]
    outage = hall.proxy.hold(operation)
    eventually(lambda: hall.proxy.asked[operation] > before)
    outage.release()
    count = len(buckets_of(hall))
    wait_for_buckets(hall, count + 2)
    stop_watching(hall)
    assert wait_for_end(hall)["end_reason"] == "stopped"


def test_a_camera_that_is_away_leaves_a_gap_and_the_watch_goes_on(hall: Site) -> None:
    worker = hall.start(**SHORT)
    start_watching(hall)
    wait_for_buckets(hall, 1)
    hall.cameras["lobby"].switch_off()
    worker.wait_for("a frame of the watch is missing; it goes on")
    hall.cameras["lobby"].switch_on()
    worker.wait_for("the audience is seen again")
    wait_for_buckets(hall, 2)
    stop_watching(hall)
    assert wait_for_end(hall)["end_reason"] == "stopped"


def test_a_worker_that_may_not_watch_ends_what_it_finds_running(hall: Site) -> None:
    first = hall.start(**SHORT)
    start_watching(hall)
    eventually(lambda: hall.account.of("watch/lobby") and watch_of(hall)["calls"] > 0)
    first.kill()
    hall.start(VISIBILITY_SECONDS=str(LEASE_SECONDS))
    assert wait_for_end(hall)["end_reason"] == "stopped"
    eventually(lambda: "watch" not in now_of(hall))


def test_a_press_in_a_watch_is_answered_and_its_photo_is_the_only_one_kept(hall: Site) -> None:
    hall.start(**SHORT)
    start_watching(hall)
    wait_for_buckets(hall, 1)
    press = hall.press("lobby")
    eventually(lambda: hall.books.record_of(press).get("status") == "completed")
    stop_watching(hall)
    wait_for_end(hall)
    assert len(hall.account.photo_keys()) == 1


def test_a_watch_ends_with_its_budget(hall: Site) -> None:
    hall.start(**SHORT, WATCH_MAX_DOLLARS="0.005")
    start_watching(hall)
    end = wait_for_end(hall)
    assert (end["end_reason"], end["calls"]) == ("budget", 5)
    assert hall.account.records()[0]["status"] == "completed"
